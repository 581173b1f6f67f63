"""What the runtime says when it cannot go on."""

from __future__ import annotations


class Problem(Exception):  # noqa: N818 - it is shown to people, who have problems rather than errors
    """A condition that a person must resolve: what happened, and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n{self.remedy}"


class StopRequested(Exception):  # noqa: N818 - a request, not a failure
    """Somebody asked the portal to stop while it was busy."""
