"""Wholes and their parts: the sets of codes that make up a total, and what a table has of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import polars as pl

from .. import codelists
from ..layout import LETTER, ROW
from ..model import TOTAL
from .keys import NUMBER, ranks, stride
from .table import VALUE, Table

PART = "_part"

#: What the rules and their findings need of a total.
_QUOTED = (ROW, LETTER, NUMBER, VALUE, "INDICATOR", "UNIT_MEASURE", "OBS_VALUE", "OBS_STATUS")


@dataclass(frozen=True)
class Whole:
    """A code and those that make it up without overlap, in one column of the key."""

    column: str
    code: str
    parts: tuple[str, ...]

    def names(self, language: str) -> str:
        """Return what the parts are called, for people."""
        if self.column == "REF_AREA":
            return {"en": "the 77 provinces", "th": "77 จังหวัด"}[language]
        return ", ".join(self.parts)


@cache
def wholes() -> tuple[Whole, ...]:
    """Return the sets of `partitions` in the breakdowns, and the country with its provinces."""
    found = [
        Whole(dimension, TOTAL, tuple(parts))
        for dimension, entry in codelists.breakdowns().items()
        for parts in entry.get("partitions", [])
    ]
    areas = codelists.areas().values()
    provinces = tuple(area["id"] for area in areas if area["level"] == "province")
    country = next(area["id"] for area in areas if area["level"] == "country")
    return (*found, Whole("REF_AREA", country, provinces))


def given(table: Table) -> Iterator[tuple[Whole, pl.DataFrame]]:
    """Yield each whole of which the table has parts, with a row for each total in the table.

    The row is that of the total with `_sum`, `_least` and `_most` of the parts that have values,
    their number `_values`, the number of parts withheld `_withheld` and the key of the first of
    them, `_withheld_key`. A total without parts is not among them.
    """
    columns = {whole.column for whole in wholes()} - table.constant.keys()
    held = table.frame.select(*_QUOTED, *columns).drop_nulls(NUMBER)
    for whole in wholes():
        if whole.column in table.constant:
            continue
        parts = held.filter(pl.col(whole.column).is_in(whole.parts)).select(
            pl.col(NUMBER).alias(PART), VALUE, "OBS_STATUS", whole.column
        )
        totals = held.filter(pl.col(whole.column) == whole.code)
        if parts.is_empty() or totals.is_empty():
            continue
        rank = ranks(whole.column)
        steps = {
            code: (rank[whole.code] - rank[code]) * stride(whole.column) for code in whole.parts
        }
        step = pl.col(whole.column).replace_strict(steps, return_dtype=pl.Int64)
        summed = parts.group_by((pl.col(PART) + step).alias(NUMBER)).agg(
            pl.col(VALUE).sum().alias("_sum"),
            pl.col(VALUE).min().alias("_least"),
            pl.col(VALUE).max().alias("_most"),
            pl.col(VALUE).count().alias("_values"),
            (pl.col("OBS_STATUS") == "Q").sum().alias("_withheld"),
            pl.col(PART).filter(pl.col("OBS_STATUS") == "Q").first().alias("_withheld_key"),
        )
        yield whole, totals.join(summed, on=NUMBER, how="inner")
