"""Wholes and their parts: the sets of codes that make up a total, and what a table has of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

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
    """A code and those that make it up without overlap, in one column of the key.

    `across` is the same in a second column: the parts are then the combinations of both.
    """

    column: str
    code: str
    parts: tuple[str, ...]
    across: Whole | None = None

    @property
    def size(self) -> int:
        """The number of parts."""
        return len(self.parts) * (self.across.size if self.across else 1)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the key in which a part differs from the whole."""
        return (self.column, *(self.across.columns if self.across else ()))

    def may_be_in(self, codes: Mapping[str, Set[str]]) -> bool:
        """Return whether a table with these codes by column can hold the whole and parts of it."""
        held = codes.get(self.column, frozenset())
        own = self.code in held and not held.isdisjoint(self.parts)
        return own and (self.across is None or self.across.may_be_in(codes))

    def names(self, language: str) -> str:
        """Return what the parts are called, for people."""
        if self.column == "REF_AREA":
            return {"en": "the 77 provinces", "th": "77 จังหวัด"}[language]
        crossed = f" × {self.across.names(language)}" if self.across else ""
        return ", ".join(self.parts) + crossed

    def has_part(self) -> pl.Expr:
        """Return whether a row is one of the parts."""
        own = pl.col(self.column).is_in(self.parts)
        return own & self.across.has_part() if self.across else own

    def is_whole(self) -> pl.Expr:
        """Return whether a row is the whole."""
        own = pl.col(self.column) == self.code
        return own & self.across.is_whole() if self.across else own

    def step(self) -> pl.Expr:
        """Return how far the key of a part is from that of its whole."""
        rank = ranks(self.column)
        steps = {code: (rank[self.code] - rank[code]) * stride(self.column) for code in self.parts}
        own = pl.col(self.column).replace_strict(steps, return_dtype=pl.Int64)
        return own + self.across.step() if self.across else own


@cache
def wholes() -> tuple[Whole, ...]:
    """Return the country with its provinces, the `partitions` of breakdowns, and pairs of these."""
    found = [
        Whole(dimension, TOTAL, tuple(parts))
        for dimension, entry in codelists.breakdowns().items()
        for parts in entry.get("partitions", [])
    ]
    areas = codelists.areas().values()
    provinces = tuple(area["id"] for area in areas if area["level"] == "province")
    country = next(area["id"] for area in areas if area["level"] == "country")
    pairs = [
        replace(one, across=other)
        for one, other in combinations(found, 2)
        if one.column != other.column
    ]
    return (Whole("REF_AREA", country, provinces), *found, *pairs)


def given(table: Table) -> Iterator[tuple[Whole, pl.DataFrame]]:
    """Yield each whole of which the table has parts, with a row for each total in the table.

    The row is that of the total with `_sum`, `_least` and `_most` of the parts that have values,
    their number `_values`, the number of parts withheld `_withheld` and the key of the first of
    them, `_withheld_key`. A total without parts is not among them, nor, across two breakdowns, one
    that either of them alone makes up.
    """
    columns = {whole.column for whole in wholes()} - table.constant.keys()
    held = table.frame.select(*_QUOTED, *columns).drop_nulls(NUMBER)
    codes = {name: frozenset(held[name].unique()) for name in columns}
    made_up: list[pl.Series] = []
    for whole in wholes():
        if not whole.may_be_in(codes):
            continue
        parts = held.filter(whole.has_part()).select(
            pl.col(NUMBER).alias(PART), VALUE, "OBS_STATUS", *whole.columns
        )
        totals = held.filter(whole.is_whole())
        if whole.across and made_up:
            totals = totals.filter(~pl.col(NUMBER).is_in(pl.concat(made_up).implode()))
        if parts.is_empty() or totals.is_empty():
            continue
        summed = parts.group_by((pl.col(PART) + whole.step()).alias(NUMBER)).agg(
            pl.col(VALUE).sum().alias("_sum"),
            pl.col(VALUE).min().alias("_least"),
            pl.col(VALUE).max().alias("_most"),
            pl.col(VALUE).count().alias("_values"),
            (pl.col("OBS_STATUS") == "Q").sum().alias("_withheld"),
            pl.col(PART).filter(pl.col("OBS_STATUS") == "Q").first().alias("_withheld_key"),
        )
        found = totals.join(summed, on=NUMBER, how="inner")
        if not whole.across:
            whole_count = pl.col("_values") + pl.col("_withheld")
            made_up.append(found.filter(whole_count == whole.size)[NUMBER])
        yield whole, found
