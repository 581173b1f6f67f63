"""The key of an observation as one whole number, so that a million rows are compared in no time.

Numbers follow the code lists in the order of their text: sorting by them is sorting by `model.KEY`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from .. import codelists
from ..model import DIMENSIONS, KEY

#: The column that carries the number.
NUMBER = "_key"

#: Names of the key from the right; the period counts single steps.
_PARTS = tuple(reversed(KEY))
_PERIODS = 60_000  # more than `period_rank` ever gives
_STEPS = {"M": 0, "Q": 12, "S": 16}


@cache
def ranks(name: str) -> Mapping[str, int]:
    """Return the rank of each code that the column `name` of the key may hold."""
    lists = {
        "INDICATOR": codelists.indicators,
        "REF_AREA": codelists.areas,
        "PERIOD_TYPE": codelists.period_types,
    }
    codes = codelists.breakdowns()[name]["codes"] if name in DIMENSIONS else lists[name]()
    return {code: rank for rank, code in enumerate(sorted(codes))}


@cache
def stride(name: str) -> int:
    """Return the difference between the keys of two neighbouring codes of the column `name`."""
    step = 1
    for part in _PARTS[: _PARTS.index(name)]:
        step *= _PERIODS if part == "TIME_PERIOD" else len(ranks(part))
    return step


def period_rank(time_period: str) -> int:
    """Return the rank of a period: its year, then the year itself, months, quarters and halves."""
    year, _, part = time_period.partition("-")
    if not part:
        return int(year) * 20
    kind, number = (part[0], part[1:]) if part[0] in _STEPS else ("M", part)
    return int(year) * 20 + _STEPS[kind] + int(number)


def number(constant: Mapping[str, str] | None = None) -> pl.Expr:
    """Return the key of a row as a number; null where a part of it is not a known code.

    :param constant: the code of each column of the key that is the same in all rows
    """
    known = constant or {}
    whole = pl.lit(sum(ranks(name)[code] * stride(name) for name, code in known.items()), pl.Int64)
    for name in KEY:
        if name == "TIME_PERIOD" or name in known:
            continue
        rank = pl.col(name).replace_strict(ranks(name), default=None, return_dtype=pl.Int64)
        whole += rank * stride(name)
    return whole


def numbered(table: pl.DataFrame) -> pl.DataFrame:
    """Return `table`, which has the columns of `model.KEY`, with `NUMBER`."""
    periods = {period: period_rank(period) for period in table["TIME_PERIOD"].unique().drop_nulls()}
    rank = pl.col("TIME_PERIOD").replace_strict(periods, default=None, return_dtype=pl.Int64)
    return table.with_columns((number() + rank).alias(NUMBER))


def series() -> pl.Expr:
    """Return what the keys of one series have in common: all but the period, and its length."""
    step = pl.col(NUMBER) % _PERIODS % 20
    length = (step > 0).cast(pl.Int64) + (step > _STEPS["Q"]) + (step > _STEPS["S"])
    return pl.col(NUMBER) // _PERIODS * 4 + length
