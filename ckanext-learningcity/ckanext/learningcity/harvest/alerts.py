"""Mail to the people responsible for a source: once after failures, once when it works."""

from __future__ import annotations


def after(job_id: str) -> None:
    """Tell the people responsible what the end of a job means for its source, if anything."""
