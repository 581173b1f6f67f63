"""The process a person starts and stops: it starts the supervisor and outlives it.

It adopts every process whose parent dies, so that nothing stays behind whatever is killed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from typing import Any

from .home import Home
from .processes import adopt_orphans, end_descendants, reap, send, spawn

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SERVE = "serve"
SET_UP = "set-up"
GRACE = 15.0  # seconds for services to stop by themselves once the supervisor is gone

Show = Callable[[dict[str, Any]], None]


def guard(home: Home, lock: int, show: Show, task: str = SERVE) -> int:
    """Run the portal until it is stopped or fails, or only set it up; return the exit code.

    `show` gets every event of `progress`. `lock` is handed to the supervisor, so that the state
    folder stays taken until the last of the two is gone.
    """
    adopt_orphans()
    signal.pthread_sigmask(signal.SIG_BLOCK, (*STOPPING, signal.SIGCHLD))
    events, writing = os.pipe()
    with (home.log / "supervisor.log").open("ab") as log:
        command = [sys.executable, "-m", f"{__package__}.supervisor", str(writing), task]
        supervisor = spawn(command, output=log, keep=(writing, lock))
    os.close(writing)
    code = _wait(supervisor.pid, _Events(events, show))
    supervisor.returncode = code
    end_descendants(GRACE)
    if code < 0:
        home.status_file.unlink(missing_ok=True)
        show(
            {
                "event": "problem",
                "what": f"The supervisor was ended by {signal.Signals(-code).name}.",
                "remedy": "All services were stopped and nothing stored is lost. Start again.",
            }
        )
    return abs(code)


def _wait(supervisor: int, events: _Events) -> int:
    while True:
        pause = events.pump()
        received = signal.sigtimedwait((*STOPPING, signal.SIGCHLD), pause)
        if received and received.si_signo in STOPPING:
            send(supervisor, signal.SIGTERM)
        ended = reap()
        if supervisor in ended:
            events.pump()
            return ended[supervisor]


class _Events:
    """The reading end of the supervisor's pipe."""

    def __init__(self, descriptor: int, show: Show) -> None:
        self._descriptor: int | None = descriptor
        self._rest = b""
        self._show = show

    def pump(self) -> float:
        """Show what has come; return how many seconds may pass until the next call."""
        while self._descriptor is not None and select.select([self._descriptor], [], [], 0)[0]:
            piece = os.read(self._descriptor, 65536)
            if not piece:
                os.close(self._descriptor)
                self._descriptor = None
                break
            *lines, self._rest = (self._rest + piece).split(b"\n")
            for line in lines:
                self._show(json.loads(line))
        return 60.0 if self._descriptor is None else 0.1
