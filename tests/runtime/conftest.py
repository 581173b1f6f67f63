"""A portal of real processes in a folder of its own, without the demonstration content."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from processes.machine import Machine

from ckanext.learningcity.runtime import scratch
from ckanext.learningcity.runtime.home import Home
from ckanext.learningcity.runtime.ports import free_port


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
    machine.failures = {item["name"]: item["failures"] for item in machine.status()["services"]}
    return machine


@pytest.fixture
def machine(started_machine) -> Machine:
    """The running portal; started again where the test before has ended it."""
    if not started_machine.answers():
        started_machine.up()
    return started_machine


@pytest.fixture
def kill(machine, eventually) -> Callable[..., None]:
    """Kill the process of a service, and wait until the supervisor has started another.

    To find the process takes a second; `moment` is called between that and the kill.
    """

    def strike(service: str, moment: Callable[[], None] = lambda: None) -> None:
        before = eventually(lambda: machine.pid(service))  # it may be starting
        moment()
        with suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(before, signal.SIGKILL)

        def another() -> bool:
            found = {item["name"]: item["pid"] for item in machine.status()["services"]}
            return found.get(service) not in (None, before)

        eventually(another, 120)

    return strike


@pytest.fixture
def quick_tick(machine, kill) -> None:
    """Let the scheduler look every few seconds for what a killed process left."""
    option = "ckanext.learningcity.harvest.tick = 5\n"
    text = machine.home.ini.read_text()
    if option not in text:
        machine.home.ini.write_text(text + option)
        kill("worker")  # comes back with the new option


@pytest.fixture(scope="session")
def scratch_servers() -> Iterator[scratch.Servers]:
    """A server that somebody else runs, whose user may create nothing."""
    with scratch.servers("small") as servers:
        yield servers
