"""A portal of real processes in a folder of its own, without the demonstration content."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg2
import pytest

from ckanext.learningcity.runtime import scratch
from ckanext.learningcity.runtime.home import Home
from ckanext.learningcity.runtime.ports import free_port
from ckanext.learningcity.runtime.settings import Settings
from ckanext.learningcity.runtime.storage import current_databases

COMMAND = Path(sys.executable).with_name("learningcity")


@dataclass
class Machine:
    """The `learningcity` command with one state folder and one port."""

    home: Home
    port: int
    extra: dict[str, str]
    greeting: str = ""  # what the first start printed

    @property
    def variables(self) -> dict[str, str]:
        return {
            "LEARNINGCITY_HOME": str(self.home.path),
            "LEARNINGCITY_PORT": str(self.port),
            **self.extra,
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *words],
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def popen(self, *words: str) -> subprocess.Popen[bytes]:
        """Run in the foreground, as a person does."""
        log = (self.home.log / "foreground.log").open("wb")
        with log:
            return subprocess.Popen(
                [COMMAND, *words], env={**os.environ, **self.variables}, stdout=log, stderr=log
            )

    def up(self) -> str:
        done = self.run("up", "--detach")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("status", "--json").stdout)

    def pid(self, service: str) -> int:
        return next(item["pid"] for item in self.status()["services"] if item["name"] == service)

    def answers(self) -> dict[str, Any] | None:
        """What `status_show` says, over HTTP; None when nobody answers."""
        try:
            url = f"http://127.0.0.1:{self.port}/api/3/action/status_show"
            with urlopen(url, timeout=10) as reply:
                return json.load(reply)["result"]
        except (URLError, OSError):
            return None

    def database(self) -> str:
        return current_databases(self.home, Settings.read(self.variables)).main

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self.database())) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def processes(self) -> list[psutil.Process]:
        """Every process that was started for this folder, wherever it hangs in the tree.

        PostgreSQL overwrites its environment but works inside its data folder.
        """
        mine = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                home = str(self.home.path)
                inside = Path(process.cwd()).is_relative_to(home)
                if inside or process.environ().get("LEARNINGCITY_HOME") == home:
                    mine.append(process)
        return mine


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    """Poll until a condition is true, and return what it gave."""

    def poll(condition: Callable[[], Any], seconds: float = 60) -> Any:
        deadline = time.monotonic() + seconds
        while not (result := condition()):
            assert time.monotonic() < deadline, f"still not so after {seconds} s"
            time.sleep(0.1)
        return result

    return poll


@pytest.fixture(scope="session")
def new_machine() -> Iterator[Callable[..., Machine]]:
    """Makes state folders of portals that nothing has started yet."""
    made: list[Machine] = []

    def make(**extra: str) -> Machine:
        folder = Path(tempfile.mkdtemp(prefix="learningcity-"))
        folder.chmod(0o711)
        made.append(Machine(Home(folder / "state"), free_port(), extra))
        return made[-1]

    yield make
    for machine in made:
        if machine.home.path.exists():
            machine.run("down")
        shutil.rmtree(machine.home.path.parent)


@pytest.fixture(scope="session")
def started_machine(new_machine) -> Machine:
    machine = new_machine()
    machine.home.prepare()
    machine.home.remember(seeded=True)  # the demonstration content has tests of its own
    machine.greeting = machine.up()
    return machine


@pytest.fixture
def machine(started_machine) -> Machine:
    """The running portal; started again where the test before has ended it."""
    if not started_machine.answers():
        started_machine.up()
    return started_machine


@pytest.fixture(scope="session")
def scratch_servers() -> Iterator[scratch.Servers]:
    """A server that somebody else runs, whose user may create nothing."""
    with scratch.servers("small") as servers:
        yield servers
