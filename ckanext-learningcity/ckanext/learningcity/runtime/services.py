"""Running services: start, watch, restart, stop. One instance per supervisor process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import psutil

from .accounts import Account
from .errors import Problem, StopRequested
from .processes import reap, send, spawn

WATCHED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LONGEST_PAUSE = 30.0  # seconds between two starts of a service that keeps failing
STEADY = 60.0  # seconds after which a service counts as healthy again
LEFTOVER_GRACE = 10.0  # seconds
LOG_CAP = 10 * 1024 * 1024  # bytes; then a log file moves to "<name>.log.1"
TAIL = 15  # lines of a log shown with a problem


@dataclass
class Service:
    """A program to keep running."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0  # seconds to stop by itself
    ready: Callable[[], bool] | None = None
    facts: dict[str, str] = field(default_factory=dict)  # shown by `status`: version, address

    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    since: float = field(default=0.0, init=False)
    next_start: float = field(default=0.0, init=False)
    failures: int = field(default=0, init=False)
    last_exit: int | None = field(default=None, init=False)

    def describe(self) -> dict[str, Any]:
        """What `learningcity status` shows."""
        return {
            "name": self.name,
            "state": "running" if self.process else "restarting",
            "pid": self.process.pid if self.process else None,
            "since": datetime.fromtimestamp(self.since, timezone.utc).isoformat(timespec="seconds"),
            "failures": self.failures,
            "last_exit": self.last_exit,
            **self.facts,
        }


class Services:
    """The services of one portal, in the order in which they start; they stop in reverse.

    Signals are not handled but awaited, so nothing here runs at a surprising moment. A request to
    stop raises `StopRequested` out of whatever waits.
    """

    def __init__(self, log: Path, changed: Callable[[], None]) -> None:
        self._log = log
        self._changed = changed
        self._task: int | None = None  # the process that `run` waits for
        self._task_exit = 0
        self._leftovers: dict[int, float] = {}  # process id -> when it was first seen
        self.all: list[Service] = []
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)

    def start(self, service: Service, patience: float = 0.0) -> None:
        """Start a service and wait until it is ready; a `Problem` carries the end of its log."""
        self.all.append(service)
        self._launch(service)
        deadline = time.monotonic() + patience
        while service.ready and not service.ready():
            if not service.process:
                raise self._failure(service.name, f"ended with code {service.last_exit}")
            if time.monotonic() > deadline:
                raise self._failure(service.name, f"did not answer within {patience:.0f} seconds")
            self.wait(0.1)

    def run(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], typed: str
    ) -> str:
        """Run a program to its end, watching the services; return what it printed."""
        with TemporaryFile() as printed, TemporaryFile() as keys, self._open_log(name) as errors:
            keys.write(typed.encode())
            keys.seek(0)
            process = spawn(
                command, output=printed, errors=errors, typed=keys, environment=environment
            )
            self._task = process.pid
            while self._task:
                self.wait(0.2)
            process.returncode = self._task_exit
            printed.seek(0)
            text = printed.read().decode(errors="replace")
        if process.returncode:
            raise self._failure(name, f"ended with code {process.returncode}", text)
        return text

    def watch(self) -> None:
        """Keep everything running until somebody asks to stop."""
        while True:
            self.wait(1.0)
            self._restart_due()
            self._rotate_logs()

    def wait(self, seconds: float) -> None:
        """Wait for a signal and act on it."""
        received = signal.sigtimedwait(WATCHED, seconds)
        if received and received.si_signo != signal.SIGCHLD:
            raise StopRequested
        for pid, code in reap().items():
            self._ended(pid, code)

    def stop(self) -> None:
        """Stop all, the last started first, so that nothing loses what it leans on."""
        for service in reversed(self.all):
            if service.process:
                send(service.process.pid, service.stop_signal)
                self._await_end(service)
        self._changed()

    def _await_end(self, service: Service) -> None:
        deadline = time.monotonic() + service.grace
        while service.process:
            signal.sigtimedwait(WATCHED, 0.1)
            for pid, code in reap().items():
                self._ended(pid, code)
            if service.process and time.monotonic() > deadline:
                send(service.process.pid, signal.SIGKILL)

    def _launch(self, service: Service) -> None:
        with self._open_log(service.name) as log:
            service.process = spawn(
                service.command,
                output=log,
                environment=service.environment,
                account=service.account,
                death_signal=service.stop_signal,
            )
        service.since = time.time()
        self._changed()

    def _ended(self, pid: int, code: int) -> None:
        if pid == self._task:
            self._task, self._task_exit = None, code
        for service in self.all:
            if service.process and service.process.pid == pid:
                service.process.returncode = code  # reaped here, so Popen cannot learn it
                service.process = None
                service.last_exit = code
                self._schedule(service)
                self._changed()

    def _schedule(self, service: Service) -> None:
        ran = time.time() - service.since
        service.failures = 1 if ran > STEADY else service.failures + 1
        service.since = time.time()
        pause = min(2.0 ** (service.failures - 1), LONGEST_PAUSE)
        service.next_start = time.monotonic() + pause

    def _restart_due(self) -> None:
        down = [service for service in self.all if not service.process]
        if down and self._end_leftovers():
            return  # they may still hold a port or shared memory
        for service in down:
            if time.monotonic() >= service.next_start:
                self._launch(service)

    def _end_leftovers(self) -> bool:
        """End what a killed service left behind; this process adopted it. True while some live."""
        known = {service.process.pid for service in self.all if service.process}
        left = [child for child in psutil.Process().children() if child.pid not in known]
        now = time.monotonic()
        for child in left:
            waited = now - self._leftovers.setdefault(child.pid, now)
            send(child.pid, signal.SIGKILL if waited > LEFTOVER_GRACE else signal.SIGTERM)
        return bool(left)

    def _open_log(self, name: str) -> IO[bytes]:
        return (self._log / f"{name}.log").open("ab")

    def _rotate_logs(self) -> None:
        for log in self._log.glob("*.log"):
            if log.stat().st_size > LOG_CAP:  # the service keeps its descriptor: copy, then empty
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)

    def _failure(self, name: str, what: str, printed: str = "") -> Problem:
        log = self._log / f"{name}.log"
        lines = [*log.read_text(errors="replace").splitlines(), *printed.splitlines()]
        tail = "\n".join(f"  | {line}" for line in lines[-TAIL:])
        return Problem(f"{name} {what}:\n{tail}", f"The whole log is {log}.")
