"""What a check may know beside the table: who publishes, what was published before, the date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

import polars as pl

BANGKOK = timezone(timedelta(hours=7))


def today() -> date:
    """Return the date in Thailand."""
    return datetime.now(BANGKOK).date()


@dataclass(frozen=True)
class Circumstances:
    """What the rules that look beyond the table need; each field may be left out.

    `areas` are the codes of the places that the publisher may report on, None for all of them.
    `previous` is the dataset's current release, a table with `model.SCHEMA`. Counts of persons
    under `small_count` may not be published; 0 asks for no protection. `today` is the day on which
    the table is judged.
    """

    areas: frozenset[str] | None = None
    previous: pl.DataFrame | None = None
    small_count: int = 0
    today: date = field(default_factory=today)
