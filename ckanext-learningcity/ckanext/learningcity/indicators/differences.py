"""What changed from one release of a dataset to another, observation by observation."""

from __future__ import annotations

from typing import Any

import polars as pl

from ckanext.learningcity.tables.model import KEY, SCHEMA

from . import files
from .release import CONTENT, Difference, compare


def between(old: str | None, new: str) -> tuple[pl.DataFrame, Difference]:
    """Return the old table and the difference between two release files.

    :param old: the checksum of a release's Parquet file, None for nothing at all
    :param new: the checksum of the other one's
    """
    before = files.table(old) if old else pl.DataFrame(schema=SCHEMA)
    return before, compare(before, files.table(new))


def records(
    old: pl.DataFrame, difference: Difference, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Return one record a changed observation: removed, changed, then added, each in key order.

    A record has `change`, the key, and `old` and `new` with what is not part of the key; one of
    them is None where the observation was added or removed.
    """
    found: list[dict[str, Any]] = []
    for change, rows in (
        ("removed", difference.removed),
        ("changed", difference.changed),
        ("added", difference.added),
    ):
        part = rows.sort(KEY).slice(max(offset, 0), limit - len(found))
        offset -= rows.height
        before = part.select(KEY).join(old, on=KEY, how="left", maintain_order="left")
        for now, was in zip(part.to_dicts(), before.to_dicts(), strict=True):
            found.append(
                {
                    "change": change,
                    **{name: now[name] for name in KEY},
                    "old": None if change == "added" else {name: was[name] for name in CONTENT},
                    "new": None if change == "removed" else {name: now[name] for name in CONTENT},
                }
            )
    return found
