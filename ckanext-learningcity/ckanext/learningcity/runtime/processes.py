"""Starting and stopping processes so that none is ever left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from .accounts import Account
from .errors import Problem

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent dies."""
    if _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        code = ctypes.get_errno()
        raise Problem(
            f"The kernel refused to let the portal watch its processes: {os.strerror(code)}.",
            "Linux 3.4 or newer is needed; in a container, check its seccomp profile.",
        )


def spawn(  # noqa: PLR0913 - keywords, each with a default
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | None = None,
    errors: IO[bytes] | None = None,
    typed: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    keep: Iterable[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; the kernel sends it `death_signal` if we die.

    Without `errors` they go to `output`; `typed` is what it reads from its standard input.
    Call it from the main thread: the kernel counts the death of the starting thread.
    """
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=typed or subprocess.DEVNULL,
        stdout=output,
        stderr=errors or (subprocess.STDOUT if output else None),
        env=None if environment is None else dict(environment),
        start_new_session=True,
        pass_fds=tuple(keep),
        preexec_fn=_before_exec(os.getpid(), death_signal),  # noqa: PLW1509 - there are no threads
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _before_exec(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def send(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def descendants() -> list[psutil.Process]:
    """Every living process below this one, adopted ones included."""
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if _status(process) not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    ]


def _status(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_DEAD


def end_descendants(grace: float) -> None:
    """End everything below this process: PostgreSQL last, by force after `grace` seconds."""
    deadline = time.monotonic() + grace
    servers = [process for process in descendants() if _is_postmaster(process)]
    spared = {pid for server in servers for pid in _family(server)}
    _end(lambda: [p for p in descendants() if p.pid not in spared], signal.SIGTERM, deadline)
    for server in servers:  # its own children follow it
        send(server.pid, signal.SIGINT)
    _await_end(descendants, max(deadline, time.monotonic() + grace / 2))
    for process in descendants():
        send(process.pid, signal.SIGKILL)
    _await_end(descendants, time.monotonic() + grace)


def _end(find: Callable[[], list[psutil.Process]], number: signal.Signals, deadline: float) -> None:
    for process in find():
        send(process.pid, number)
    if not _await_end(find, deadline):
        for process in find():
            send(process.pid, signal.SIGKILL)


def _await_end(find: Callable[[], list[psutil.Process]], deadline: float) -> bool:
    while find():
        reap()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    reap()
    return True


def _is_postmaster(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.name() == "postgres" and process.parent().name() != "postgres"  # pyright: ignore[reportOptionalMemberAccess]
    return False


def _family(process: psutil.Process) -> list[int]:
    try:
        return [process.pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def reap() -> dict[int, int]:
    """Collect every child that ended: process id -> exit code (negative: the signal's number)."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if not pid:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)
