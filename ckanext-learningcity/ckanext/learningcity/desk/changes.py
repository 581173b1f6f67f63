"""What a submission would change, kept so that a page of it needs neither the file nor a check."""

from __future__ import annotations

import io
from typing import Any

import polars as pl

from ckanext.learningcity.indicators import differences
from ckanext.learningcity.indicators.release import Difference
from ckanext.learningcity.tables.model import KEY

_PART = "PART"  # a column: which of `_PARTS` a row belongs to
_PARTS = ("removed", "changed", "added", "before")  # `before`: what is changed, as it was


def packed(old: pl.DataFrame, difference: Difference) -> bytes:
    """Return a difference to `old` as Parquet that `records` reads."""
    before = old.join(difference.changed.select(KEY), on=KEY, how="semi", nulls_equal=True)
    tables = (difference.removed, difference.changed, difference.added, before)
    marked = [
        table.with_columns(pl.lit(part).alias(_PART))
        for part, table in zip(_PARTS, tables, strict=True)
    ]
    buffer = io.BytesIO()
    pl.concat(marked).write_parquet(buffer)
    return buffer.getvalue()


def records(content: bytes, limit: int, offset: int) -> list[dict[str, Any]]:
    """Return a page of records as `differences.records` does."""
    table = pl.read_parquet(io.BytesIO(content))
    parts = {part: table.filter(pl.col(_PART) == part).drop(_PART) for part in _PARTS}
    before = parts.pop("before")
    old = pl.concat([before, parts["removed"]])
    return differences.records(old, Difference(**parts), limit, offset)
