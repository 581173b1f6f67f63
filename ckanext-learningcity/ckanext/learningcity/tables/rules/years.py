"""The rules of periods: readable, begun, and one kind of year and one era where people compare."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from .. import codelists
from ..layout import LETTER, ROW
from ..periods import BUDDHIST_YEARS, PeriodError, parse_period
from .codes import demand, resolve
from .keys import period_rank
from .table import Table

YEAR = {
    "en": "พ.ศ. 2400–2700 or ค.ศ. 1900–2100, such as 2567, 2024, 2024-Q1 or ปีงบประมาณ 2567",
    "th": "พ.ศ. 2400–2700 หรือ ค.ศ. 1900–2100 เช่น 2567, 2024, 2024-Q1 หรือ ปีงบประมาณ 2567",
}

#: The rank of a row's period (`keys.period_rank`).
RANK = "_rank"

_READ = {
    "TIME_PERIOD": pl.String,
    "PERIOD_TYPE": pl.String,
    "_period": pl.String,
    "_type": pl.String,
    "_start": pl.Date,
    "_end": pl.Date,
    "_original": pl.String,
    RANK: pl.Int64,
}


def read(table: Table) -> None:
    """Read the periods, each distinct pair of text and kind of year once."""
    resolve(table, "PERIOD_TYPE")
    demand(table, "TIME_PERIOD", YEAR)
    pairs = table.frame.select("TIME_PERIOD", "PERIOD_TYPE").unique().drop_nulls("TIME_PERIOD")
    known: list[tuple[object, ...]] = []
    faulty: dict[str, list[str]] = {}
    for text, kind in pairs.iter_rows():
        try:
            read = parse_period(text, kind or "calendar")
        except PeriodError as error:
            faulty.setdefault(error.code, []).append(text)
            continue
        rank = period_rank(read.time_period)
        limits = (read.start, read.end)
        known.append((text, kind, read.time_period, read.period_type, *limits, read.original, rank))
    for code, texts in faulty.items():
        wrong = table.frame.filter(pl.col("TIME_PERIOD").is_in(texts))
        table.find(wrong, code, "TIME_PERIOD", YEAR)
    table.frame = table.frame.join(
        pl.DataFrame(known, schema=_READ, orient="row"),
        on=["TIME_PERIOD", "PERIOD_TYPE"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).with_columns(
        TIME_PERIOD="_period",
        PERIOD_TYPE="_type",
        PERIOD_START="_start",
        PERIOD_END="_end",
        TIME_PERIOD_ORIGINAL="_original",
    )
    table.frame = table.frame.drop("_period", "_type", "_start", "_end", "_original")


def judge(table: Table, today: date) -> None:
    """Report periods to come, and kinds of year or eras that are mixed."""
    _future(table, today)
    _kinds(table)
    _eras(table)


def _future(table: Table, today: date) -> None:
    """A period that has not begun has no value yet, unless it is a forecast."""
    ahead = (pl.col("PERIOD_START") > today) & (pl.col("OBS_STATUS") != "F")
    year = today.year
    expected = {
        "en": f"a period that has begun in {year} or before, or the status F (forecast)",
        "th": f"ช่วงเวลาที่เริ่มแล้วในปี พ.ศ. {year + 543} หรือก่อนหน้า หรือสถานะ F (ค่าพยากรณ์)",
    }
    quoted = "TIME_PERIOD_ORIGINAL"
    table.find(table.frame.filter(ahead), "period_future", "TIME_PERIOD", expected, quoted)


def _kinds(table: Table) -> None:
    """One indicator of one place in two kinds of year is mostly a year that lost its word."""
    if table.frame["PERIOD_TYPE"].drop_nulls().n_unique() < 2:
        return
    place = ("INDICATOR", "REF_AREA")
    kinds = (
        table.frame.drop_nulls([*place, "PERIOD_TYPE"])
        .group_by(*place, "PERIOD_TYPE")
        .agg(pl.len().alias("_count"), pl.col(ROW).min())
        .sort("_count", ROW, "PERIOD_TYPE", descending=[True, False, False])
        .with_columns(_usual=pl.col("PERIOD_TYPE").first().over(place))
        .filter(pl.col("PERIOD_TYPE") != pl.col("_usual"))
    )
    first = table.frame.join(kinds, on=[*place, "PERIOD_TYPE", ROW], how="inner")
    names = codelists.period_types()
    table.find(
        first.sort(ROW, LETTER).unique([*place, "PERIOD_TYPE"], keep="first", maintain_order=True),
        "period_types_mixed",
        "TIME_PERIOD",
        lambda row: names[row["_usual"]]["name"],
        "TIME_PERIOD_ORIGINAL",
    )


def _eras(table: Table) -> None:
    """Both eras in one column are read right, but a person may have meant otherwise."""
    written = table.frame["TIME_PERIOD_ORIGINAL"].drop_nulls().unique()
    buddhist = [text for text in written if _is_buddhist(text)]
    if not buddhist or len(buddhist) == len(written):
        return
    era = table.frame.filter(pl.col("TIME_PERIOD_ORIGINAL").is_not_null()).with_columns(
        _era=pl.col("TIME_PERIOD_ORIGINAL").is_in(buddhist)
    )
    usual = bool(era["_era"].sum() * 2 >= era.height)
    first = era.filter(pl.col("_era") != usual).bottom_k(1, by=ROW)
    expected = {"en": "พ.ศ." if usual else "ค.ศ.", "th": "พ.ศ." if usual else "ค.ศ."}
    table.find(first, "period_eras_mixed", "TIME_PERIOD", expected, "TIME_PERIOD_ORIGINAL")


def _is_buddhist(text: str) -> bool:
    year = re.search(r"\d{4}", text)
    return bool(year) and int(year[0]) in BUDDHIST_YEARS
