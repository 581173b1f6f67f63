"""The image and the compose file, as far as they can be checked without a Docker engine."""

from __future__ import annotations

import re
import shlex
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from ckanext.learningcity.runtime.cli import main
from ckanext.learningcity.runtime.settings import Settings

TOP = Path(__file__).parents[2]
DOCKER = TOP / "docker"
COMPOSE = (DOCKER / "compose.yaml").read_text()
PINNED = re.compile(r"[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*")
# ${NAME}, ${NAME:-default}, ${NAME:?message}; $$ is a dollar sign for the container.
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(:(?P<kind>[-?])(?P<text>[^}]*))?\}")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE)["services"]


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """The variables of .env.example with their values."""
    lines = (DOCKER / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest), continued lines joined."""
    text = re.sub(r"(?m)^#.*\n", "", (DOCKER / "Dockerfile").read_text()).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line]


def ours(services: dict[str, Any]) -> dict[str, Any]:
    return {name: service for name, service in services.items() if "build" in service}


def copied(instructions: list[tuple[str, str]]) -> list[str]:
    """What the Dockerfile takes from the top folder."""
    copies = [shlex.split(rest) for name, rest in instructions if name == "COPY"]
    return [source for words in copies if "--from=build" not in words for source in words[:-1]]


def test_every_service_has_a_pinned_image_or_a_dockerfile(services):
    for name, service in services.items():
        if "build" in service:
            context = DOCKER / service["build"]["context"]
            assert (context / service["build"]["dockerfile"]).is_file(), name
        else:
            assert PINNED.fullmatch(service["image"]), name


def test_images_of_the_dockerfile_are_pinned(instructions):
    images = {rest.split()[0] for name, rest in instructions if name == "FROM"}
    assert len(images) == 1, "what one image installs, the other must be able to run"
    assert PINNED.fullmatch(images.pop())


def test_compose_and_example_name_the_same_variables(example):
    assert {found["name"] for found in VARIABLE.finditer(COMPOSE)} == set(example)


def test_every_default_is_the_one_of_the_example(example):
    for found in VARIABLE.finditer(COMPOSE):
        expected = "" if found["kind"] == "?" else found["text"]
        assert example[found["name"]] == expected, found["name"]


def test_no_secret_has_a_default(example):
    secrets = [name for name in example if "PASSWORD" in name]
    assert len(secrets) == 3
    for found in VARIABLE.finditer(COMPOSE):
        if found["name"] in secrets:
            assert found["kind"] == "?", found["name"]
    assert not [name for name in secrets if example[name]]


def test_only_the_web_server_is_published_and_on_loopback(services):
    published = {name: item["ports"] for name, item in services.items() if "ports" in item}
    assert list(published) == ["web"]
    (port,) = published["web"]
    assert VARIABLE.sub(lambda found: found["text"], port) == "127.0.0.1:5000:5000"


def test_databases_are_reached_by_the_portal_alone(services):
    content = yaml.safe_load(COMPOSE)
    assert content["networks"]["storage"]["internal"] is True
    for name in ("postgres", "valkey"):
        assert services[name]["networks"] == ["storage"]


def test_every_mounted_thing_exists(services):
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    for name, service in services.items():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            exists = (DOCKER / source).is_file() if source.startswith(".") else source in volumes
            assert exists, f"{name}: {source}"


def test_processes_start_after_the_same_set_up_as_make_up(services):
    assert services["set-up"]["command"] == ["learningcity", "set-up"]
    for name, service in ours(services).items():
        waits = service["depends_on"]
        assert waits["postgres"]["condition"] == "service_healthy"
        assert waits["valkey"]["condition"] == "service_healthy"
        if name != "set-up":
            assert waits["set-up"]["condition"] == "service_completed_successfully"


def test_commands_are_those_of_the_command_line(services, instructions):
    written = [service["command"] for service in ours(services).values()]
    written += [yaml.safe_load(rest) for name, rest in instructions if name == "CMD"]
    for command in written:
        assert command[0] == "learningcity"
        assert command[1] in main.commands
        parameters = main.commands[command[1]].params
        arguments = [item for item in parameters if isinstance(item, click.Argument)]
        for word, argument in zip(command[2:], arguments, strict=True):
            assert word in argument.type.choices


def test_every_process_of_the_portal_is_a_service(services):
    (parameter,) = main.commands["run"].params
    running = {item["command"][2] for item in ours(services).values() if len(item["command"]) > 2}
    assert running == set(parameter.type.choices)


def test_settings_are_understood_by_the_runtime(services):
    values = {
        name: VARIABLE.sub(
            lambda found: "https://data.example.org" if "URL" in found["name"] else "0a1b2c", value
        )
        for name, value in services["web"]["environment"].items()
    }
    read = Settings.read(values)
    assert read.database_url == "postgresql://ckan:0a1b2c@postgres:5432/ckan"
    assert read.redis_url == "redis://:0a1b2c@valkey:6379/0"


def test_dockerfile_copies_what_exists_and_is_not_ignored(instructions):
    lines = (TOP / ".dockerignore").read_text().splitlines()
    admitted = [line[1:] for line in lines if line.startswith("!")]
    sources = copied(instructions)
    assert sorted(sources) == sorted(admitted)
    for source in sources:
        assert (TOP / source).exists(), source


def test_image_holds_everything_the_installation_reads(instructions):
    """`setup.py` names the rooms, the Makefile's target names its sources."""
    makefile = (TOP / "Makefile").read_text()
    sources = re.search(r"(?m)^SOURCES := (.*)$", makefile)[1].split()
    rooms = [
        room.split("/")[0]
        for room in re.findall(r'": "([\w/-]+)",', (TOP / "setup.py").read_text())
    ]
    assert len(rooms) == 3
    assert {*sources, *rooms, "Makefile", "seed-data"} <= set(copied(instructions))


def test_image_runs_as_an_unprivileged_user(instructions):
    users = [rest for name, rest in instructions if name == "USER"]
    assert users == ["1000"]
    assert [name for name, _ in instructions if name in ("USER", "CMD")] == ["USER", "CMD"]


def test_image_has_no_secret_and_a_health_check(instructions):
    assert [name for name, _ in instructions].count("HEALTHCHECK") == 1
    for name, rest in instructions:
        if name in ("ENV", "ARG"):
            assert not re.search(r"PASSWORD|SECRET|TOKEN|_URL", rest)


def test_no_state_and_no_password_can_enter_the_image():
    lines = (TOP / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    admitted = [line[1:] for line in patterns if line.startswith("!")]
    for private in (".env", "docker/.env", ".learningcity", ".git", ".venv"):
        assert not any(fnmatch(private, pattern) for pattern in admitted)


def test_valkey_script_is_valid_and_shows_no_password(services):
    shell, _, script = services["valkey"]["command"]
    checked = subprocess.run([shell, "-n"], input=script, text=True, check=False)
    assert checked.returncode == 0
    assert "VALKEY_PASSWORD" not in script.split("exec")[1]


def test_no_python_lives_here():
    assert not list(DOCKER.rglob("*.py"))
