"""Starting, finding and stopping the portal of a state folder."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import click
import psutil

from .errors import Problem
from .guardian import SET_UP, guard
from .home import Home
from .processes import send
from .progress import PROBLEM, READY
from .settings import Settings
from .terminal import Terminal


def start(settings: Settings, *, detach: bool) -> int:
    """Bring the portal up; return the exit code. It stays until stopped, unless `detach`."""
    home = Home(settings.home)
    home.prepare()
    lock = home.lock()
    if lock is None:
        address = (running(home) or {}).get("address", settings.site_url)
        click.echo(f"The portal already runs at {address}.")
        return 0
    terminal = Terminal(home, settings, "make down" if detach else "Ctrl-C, or make down")
    if detach:
        return _start_detached(home, lock, terminal)
    return guard(home, lock, terminal.show)


def set_up(settings: Settings) -> int:
    """Do what `start` does before CKAN's own processes; return the exit code."""
    home = Home(settings.home)
    home.prepare()
    lock = home.lock()
    if lock is None:
        raise Problem(f"A portal runs in {home.path}.", "Stop it first: `learningcity down`.")
    return guard(home, lock, Terminal(home, settings, "").show, SET_UP)


def _start_detached(home: Home, lock: int, terminal: Terminal) -> int:
    """Fork a guardian without a terminal; show its events until the portal answers or fails."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        os._exit(_daemon(home, lock, writing))
    os.close(writing)
    os.close(lock)
    code = 1
    with os.fdopen(reading) as events:
        for line in events:
            event = json.loads(line)
            terminal.show(event)
            if event["event"] in (READY, PROBLEM):
                code = int(event["event"] == PROBLEM)
                break
    return code


def _daemon(home: Home, lock: int, writing: int) -> int:
    os.setsid()
    sys.stdout.flush()
    with (home.log / "guardian.log").open("ab") as log, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)

    def relay(event: dict[str, Any]) -> None:
        line = json.dumps(event).encode() + b"\n"
        try:
            os.write(writing, line)
        except BrokenPipeError:  # whoever started us has gone
            os.write(2, line)

    return guard(home, lock, relay)


def running(home: Home) -> dict[str, Any] | None:
    """The supervisor's description of what runs: address, process ids, services; None: nothing."""
    if not home.in_use() or not home.status_file.exists():
        return None
    return json.loads(home.status_file.read_text())


def stop(home: Home, patience: float) -> bool:
    """Stop the portal and wait; False if none ran. A `Problem` says what still runs."""
    if not home.in_use():
        return False
    deadline = time.monotonic() + patience
    asked: set[int] = set()
    while home.in_use():
        found = running(home) or {}
        for role in ("guardian", "supervisor"):
            pid = found.get(role)
            if pid and _is_ours(pid):
                if pid not in asked:
                    send(pid, signal.SIGTERM)
                    asked.add(pid)
                break  # the guardian sees to the supervisor
        if time.monotonic() > deadline:
            raise Problem(
                f"The portal in {home.path} did not stop within {patience:.0f} seconds.",
                f"See {home.log}; `learningcity status` shows what still runs.",
            )
        time.sleep(0.1)
    return True


def _is_ours(pid: int) -> bool:
    """Whether the process is a portal's: after a crash its number may be somebody else's."""
    try:
        return any("learningcity" in word for word in psutil.Process(pid).cmdline())
    except psutil.Error:
        return False
