"""The awards' clock: the one place that says what time it is, for deadlines and for the trail."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """Return the moment on the server."""
    return datetime.now(timezone.utc)
