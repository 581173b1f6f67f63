"""What goes wrong before a portal runs: each message says what happened and what to do."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from ckanext.learningcity.runtime import home as home_module
from ckanext.learningcity.runtime.databases import run_script
from ckanext.learningcity.runtime.errors import Problem
from ckanext.learningcity.runtime.home import Home
from ckanext.learningcity.runtime.portal import check_port
from ckanext.learningcity.runtime.settings import Settings
from ckanext.learningcity.runtime.storage import open_storage


def settings(home, **variables: str) -> Settings:
    return Settings.read({"LEARNINGCITY_HOME": str(home), **variables})


@pytest.fixture
def home(tmp_path_factory) -> Home:
    folder = tmp_path_factory.mktemp("home")
    for parent in (folder, *folder.parents):
        if parent.name.startswith("pytest-"):
            parent.chmod(0o711)  # the account that runs PostgreSQL walks through
    made = Home(folder / "state")
    made.prepare()
    return made


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LEARNINGCITY_PORT", "http", "a number from 1 to 65535"),
        ("LEARNINGCITY_PORT", "65536", "a number from 1 to 65535"),
        ("LEARNINGCITY_DATABASE_URL", "mysql://a:b@localhost/ckan", "postgresql://"),
        ("LEARNINGCITY_DATABASE_URL", "postgresql://localhost/ckan", "no user"),
        ("LEARNINGCITY_DATABASE_URL", "postgresql://a:b@localhost", "no database"),
        ("LEARNINGCITY_REDIS_URL", "localhost:6379", "redis://"),
        ("LEARNINGCITY_SOLR_URL", "localhost", "http://"),
    ],
)
def test_wrong_variable_is_named_with_what_is_accepted(tmp_path, variable, value, said):
    with pytest.raises(Problem) as problem:
        settings(tmp_path, **{variable: value})
    assert variable in problem.value.what
    assert said in str(problem.value)


def test_passwords_in_addresses_are_not_repeated(tmp_path):
    with pytest.raises(Problem) as problem:
        settings(tmp_path, LEARNINGCITY_DATABASE_URL="mysql://a:secret@localhost/ckan")
    assert "secret" not in str(problem.value)


def test_taken_port_names_its_holder_and_another_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Problem) as problem:
            check_port(settings(tmp_path, LEARNINGCITY_PORT=str(port)))
    assert f"Port {port} is taken by" in problem.value.what
    assert "pytest" in problem.value.what or "python" in problem.value.what
    assert f"LEARNINGCITY_PORT={port + 1}" in problem.value.remedy


def test_taken_port_ends_up_with_an_explanation(new_machine):
    machine = new_machine()
    with socket.create_server(("127.0.0.1", machine.port)):
        done = machine.run("up")
    assert done.returncode == 1
    assert f"Port {machine.port} is taken" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert not machine.processes()


def test_full_disk(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=10**8)
    monkeypatch.setattr(home_module.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(Problem, match=r"Only 0\.1 GB are free") as problem:
        Home(tmp_path / "state").prepare()
    assert "LEARNINGCITY_HOME" in problem.value.remedy


def test_home_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="cannot be used") as problem:
        Home(tmp_path / "file" / "state").prepare()
    assert "LEARNINGCITY_HOME" in problem.value.remedy


def test_damaged_state_file_is_said_so(home):
    home.state_file.write_text('{"format": 1, "postg')
    with pytest.raises(Problem, match="damaged"):
        home.prepare()


def test_folder_of_a_newer_release(home):
    home.remember()
    home.write_json(home.state_file, {"format": 99})
    with pytest.raises(Problem, match="format 99"):
        home.prepare()


def test_interrupted_restore_is_not_used(home):
    home.remember(restoring=True)
    with pytest.raises(Problem, match="interrupted") as problem:
        home.prepare()
    assert str(home.path) in problem.value.remedy


def test_interrupted_first_set_up_is_done_again(home):
    open_storage(home, settings(home.path))
    (home.postgres / "PG_VERSION").unlink()
    home.remember(postgres={"making": True})
    storage = open_storage(home, settings(home.path))
    assert storage.postgres.initialised
    assert home.state()["postgres"]["major"] == storage.postgres.binary.major


def test_database_that_lost_its_description_is_never_removed(home):
    precious = home.postgres / "precious"
    precious.touch()
    with pytest.raises(Problem, match="does not say what made them") as problem:
        open_storage(home, settings(home.path))
    assert str(home.path) in problem.value.remedy
    assert precious.exists()


def test_database_of_another_major_version_is_not_opened(home):
    open_storage(home, settings(home.path))
    home.remember(postgres={**home.state()["postgres"], "major": 11})
    with pytest.raises(Problem, match="made by PostgreSQL 11") as problem:
        open_storage(home, settings(home.path))
    assert "postgresql-11" in problem.value.remedy


def test_own_database_and_a_given_one_are_not_mixed(home, scratch_servers):
    open_storage(home, settings(home.path))
    given = {"LEARNINGCITY_DATABASE_URL": scratch_servers.databases.main}
    with pytest.raises(Problem, match="a database of its own"):
        open_storage(home, settings(home.path, **given))


def test_given_database_is_remembered(home, scratch_servers):
    given = {
        "LEARNINGCITY_DATABASE_URL": scratch_servers.databases.main,
        "LEARNINGCITY_REDIS_URL": scratch_servers.redis,
    }
    storage = open_storage(home, settings(home.path, **given))
    assert (storage.postgres, storage.valkey) == (None, None)
    with pytest.raises(Problem, match="not set now"):
        open_storage(home, settings(home.path))


def test_given_database_without_rights_tells_the_sql_to_run(home, scratch_servers):
    main = scratch_servers.databases.main
    run_script(scratch_servers.superuser, "CREATE DATABASE tiny OWNER ckan_owner")
    given = {
        "LEARNINGCITY_DATABASE_URL": main.replace("/small", "/tiny"),
        "LEARNINGCITY_REDIS_URL": scratch_servers.redis,
    }
    storage = open_storage(home, settings(home.path, **given))
    with pytest.raises(Problem, match="may not create") as problem:
        storage.create_databases()
    for statement in problem.value.remedy.splitlines()[1:]:
        run_script(scratch_servers.superuser, statement)
    storage.create_databases()


@pytest.mark.parametrize(
    ("wrong", "said"), [("wrong", "password authentication failed"), (None, "refused")]
)
def test_given_database_that_refuses(home, scratch_servers, wrong, said):
    url = scratch_servers.databases.main
    user, place = url.split("@")
    url = f"{user.rsplit(':', 1)[0]}:{wrong}@{place}" if wrong else "postgresql://a:b@127.0.0.1:9/c"
    with pytest.raises(Problem, match=said) as problem:
        open_storage(home, settings(home.path, LEARNINGCITY_DATABASE_URL=url))
    assert "LEARNINGCITY_DATABASE_URL" in problem.value.remedy


def test_given_redis_that_does_not_answer(home):
    with pytest.raises(Problem, match="LEARNINGCITY_REDIS_URL"):
        open_storage(home, settings(home.path, LEARNINGCITY_REDIS_URL="redis://127.0.0.1:9/0"))


def test_backup_without_a_portal(new_machine, tmp_path):
    done = new_machine().run("backup", str(tmp_path / "file.tar"))
    assert done.returncode == 1
    assert "There is no portal" in done.stderr
    assert not (tmp_path / "file.tar").exists()


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\0" * 10240])
def test_restore_of_something_else(new_machine, tmp_path, content):
    file = tmp_path / "file.tar"
    file.write_bytes(content)
    machine = new_machine()
    done = machine.run("restore", str(file))
    assert done.returncode == 1
    assert "backup of a portal" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path(machine.home.path).exists()


def test_status_of_nothing(new_machine):
    machine = new_machine()
    assert machine.run("status").returncode == 3
    assert json.loads(machine.run("status", "--json").stdout) is None
