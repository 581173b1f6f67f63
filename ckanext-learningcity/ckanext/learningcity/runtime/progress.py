"""What the supervisor tells the terminal: one JSON object per line through a pipe."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .errors import Problem

STEP_BEGINS = "begins"
STEP_DONE = "done"
READY = "ready"
PROBLEM = "problem"


class Progress:
    """The writing end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a piece of work, and its time when it is done."""
        start = time.monotonic()
        self._tell(STEP_BEGINS, title=title)
        yield
        self._tell(STEP_DONE, title=title, seconds=round(time.monotonic() - start, 1))

    def ready(self) -> None:
        """The portal answers; there is nothing more to tell."""
        self._tell(READY)
        self.close()

    def problem(self, problem: Problem) -> None:
        """The portal cannot start."""
        self._tell(PROBLEM, what=problem.what, remedy=problem.remedy)
        self.close()

    def close(self) -> None:
        """Let the reader see the end."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _tell(self, event: str, **facts: Any) -> None:
        if self._descriptor is None:
            return
        try:
            os.write(self._descriptor, json.dumps({"event": event, **facts}).encode() + b"\n")
        except BrokenPipeError:  # nobody looks any more
            self.close()
