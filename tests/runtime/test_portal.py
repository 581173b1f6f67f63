"""One portal of real processes: start, use, kill in every way, stop, back up and restore."""

from __future__ import annotations

import os
import signal
import stat
import threading
from contextlib import closing

import psycopg2
import pytest

KEPT_RUNNING = ["postgres", "valkey", "web", "worker", "harvest-gather", "harvest-fetch"]


class Writer:
    """Inserts numbers, one per transaction, and counts what the database acknowledged."""

    def __init__(self, machine):
        self.acknowledged = -1
        machine.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        machine.execute("TRUNCATE kept")
        self._connection = psycopg2.connect(machine.database())
        self._thread = threading.Thread(target=self._insert, daemon=True)
        self._thread.start()

    def _insert(self):
        self._connection.autocommit = True
        with closing(self._connection), self._connection.cursor() as cursor:
            for number in range(10_000_000):
                try:
                    cursor.execute("INSERT INTO kept VALUES (%s)", (number,))
                except psycopg2.Error:
                    return
                self.acknowledged = number

    def join(self):
        self._thread.join(60)


def test_first_start_tells_address_login_and_how_to_stop(started_machine):
    shown = started_machine.greeting
    assert f"http://127.0.0.1:{started_machine.port}" in shown
    assert "admin" in shown
    assert started_machine.home.secrets()["administrator"] in shown
    assert "make down" in shown
    assert "Database tables" in shown


def test_portal_answers(machine):
    assert machine.answers()


def test_no_service_failed_while_the_portal_started(started_machine):
    assert started_machine.failures
    assert not any(started_machine.failures.values())


def test_second_up_finds_the_first(machine):
    before = machine.status()["guardian"]
    again = machine.run("up")
    assert again.returncode == 0
    assert f"already runs at http://127.0.0.1:{machine.port}" in again.stdout
    assert machine.status()["guardian"] == before


def test_status_names_every_service(machine):
    services = {item["name"]: item for item in machine.status()["services"]}
    assert [name for name in services if name in KEPT_RUNNING] == KEPT_RUNNING
    assert all(services[name]["state"] == "running" for name in KEPT_RUNNING)
    assert services["postgres"]["version"].startswith(
        str(machine.home.state()["postgres"]["major"])
    )
    shown = machine.run("status").stdout
    assert all(name in shown for name in KEPT_RUNNING)


def test_ckan_command_line_runs_on_this_portal(machine):
    listed = machine.run("ckan", "user", "list")
    assert "name=admin" in listed.stdout, listed.stderr


def test_secrets_are_for_the_owner_only(machine):
    for name in ("secrets.json", "generated.ini", "ckan.ini", "state.json", "valkey/valkey.conf"):
        mode = (machine.home.path / name).stat().st_mode
        assert not mode & (stat.S_IRWXG | stat.S_IRWXO), name


def test_servers_ask_for_a_password(machine):
    port = machine.home.state()["postgres"]["port"]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgresql://postgres:guess@127.0.0.1:{port}/ckan")


def test_operators_own_options_survive_a_start_and_win(machine):
    with machine.home.ini.open("a") as file:
        file.write("ckan.site_title = A title of the operator\n")
    machine.run("down")
    machine.up()
    assert machine.answers()["site_title"] == "A title of the operator"


@pytest.mark.parametrize("service", ["postgres", "web"])
def test_killed_service_comes_back(machine, eventually, service):
    killed = machine.pid(service)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: machine.pid(service) not in (killed, None))
    eventually(machine.answers)


@pytest.mark.parametrize("killed", [["supervisor"], ["guardian"], ["supervisor", "guardian"]])
def test_kill_leaves_no_orphan_and_loses_no_data(machine, eventually, killed):
    writer = Writer(machine)
    eventually(lambda: writer.acknowledged > 20)
    status = machine.status()
    for role in killed:
        os.kill(status[role], signal.SIGKILL)
    eventually(lambda: not machine.processes())
    writer.join()
    machine.up()
    ((found,),) = machine.execute("SELECT count(*) FROM kept")
    assert found > writer.acknowledged


def test_backup_of_the_running_portal_restores_elsewhere(machine, new_machine, tmp_path):
    machine.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
    ((rows,),) = machine.execute("SELECT count(*) FROM kept")
    (machine.home.files / "ขอนแก่น").mkdir(exist_ok=True)
    (machine.home.files / "ขอนแก่น" / "data.csv").write_text("ปี,ค่า\n2569,1\n")
    file = tmp_path / "portal.tar"
    made = machine.run("backup", str(file))
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    other = new_machine()
    restored = other.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert not other.processes()
    copy = other.home.files / "ขอนแก่น" / "data.csv"
    assert copy.read_text() == "ปี,ค่า\n2569,1\n"
    assert "Database tables" not in other.up()
    assert other.answers()
    assert other.execute("SELECT count(*) FROM kept") == [(rows,)]
    assert other.home.secrets() == machine.home.secrets()

    again = other.run("restore", str(file))
    assert again.returncode == 1
    assert "not empty" in again.stderr
    assert other.run("down").returncode == 0


def test_interrupting_the_foreground_stops_in_order(machine, eventually):
    machine.run("down")
    process = machine.popen("up")
    eventually(machine.answers)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not machine.processes()
    log = (machine.home.log / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def test_down_ends_every_process(machine):
    assert machine.processes()
    assert machine.run("down").stdout == "Stopped.\n"
    assert not machine.processes()
    assert machine.run("down").stdout == "Nothing runs.\n"
    assert machine.run("status").returncode == 3
