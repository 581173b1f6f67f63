"""Which rows the template of a place has: what is published, and what its publisher may fill in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from . import codelists, spellings
from .model import DIMENSIONS, KEY, TOTAL
from .periods import BUDDHIST_OFFSET, BUDDHIST_YEARS, PeriodError, parse_period

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<kind>[QS]?)(?P<number>\d{1,2}))?")
_PARTS_OF_A_YEAR = {"Q": 4, "S": 2, "": 12}
_SERIES = tuple(name for name in KEY if name != "TIME_PERIOD")
_CODES = ("INDICATOR", "PERIOD_TYPE", *DIMENSIONS)
_WRITTEN = ("OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", "EVIDENCE")


@dataclass(frozen=True)
class Row:
    """A row of the template: its cells by SDMX name, and whether it waits for a value.

    Places and periods are as their publisher wrote them, so that a value that nobody touched does
    not change.
    """

    cells: Mapping[str, Any]
    open: bool
    area: str

    @property
    def indicator(self) -> str:
        """The code of its indicator."""
        return self.cells["INDICATOR"]


def rows(table: pl.DataFrame, area: str, today: date) -> list[Row]:
    """Return all rows of the template of `area`, those of one indicator together.

    Each series of the place and of what lies in it ends with its next period, if that has begun.
    The indicators that the place does not report follow, with the last year that is over.

    :param table: the dataset's current observations, with `model.SCHEMA`; they are all kept
    """
    found: list[Row] = []
    own = {area, *places_within(area)}
    totals_first = [pl.col(name) != TOTAL for name in DIMENSIONS]
    ordered = table.sort("INDICATOR", "REF_AREA", *totals_first, *_SERIES, "TIME_PERIOD")
    for _, series in ordered.group_by(_SERIES, maintain_order=True):
        observations = series.to_dicts()
        found += map(_published, observations)
        if observations[-1]["REF_AREA"] in own:
            found += _following(observations, today)
    found += _unreported(table, area, today)
    return sorted(found, key=_order(table))


def places_within(area: str) -> list[str]:
    """Return the codes of the places that lie in `area`, at any depth."""
    return [
        code
        for code in codelists.areas()
        if area in (parent["id"] for parent in codelists.area_ancestors(code))
    ]


def _order(table: pl.DataFrame) -> Callable[[Row], tuple[bool, int]]:
    """Return the order of rows: indicators with values first, each as in the code list."""
    rank = {code: at for at, code in enumerate(codelists.indicators())}
    held = set(table["INDICATOR"])
    return lambda row: (row.indicator not in held, rank.get(row.indicator, len(rank)))


def _published(observation: Mapping[str, Any]) -> Row:
    area = observation["REF_AREA"]
    cells = {name: observation[name] for name in (*_CODES, *_WRITTEN)}
    cells["REF_AREA"] = _as_written(observation)
    cells["TIME_PERIOD"] = _period_as_written(observation)
    return Row(cells, open=False, area=area)


def _as_written(observation: Mapping[str, Any]) -> str:
    """Return the place as its source wrote it, where that still says the same."""
    written, area = observation["REF_AREA_ORIGINAL"] or "", observation["REF_AREA"]
    known = codelists.area_names().get(codelists.fold(written), ())
    return written if known == (area,) else area


def _period_as_written(observation: Mapping[str, Any]) -> str:
    written, period = observation["TIME_PERIOD_ORIGINAL"] or "", observation["TIME_PERIOD"]
    return written if _is_period(written, observation["PERIOD_TYPE"], period) else period


def _is_period(written: str, kind: str, period: str) -> bool:
    try:
        read = parse_period(written, kind)
    except PeriodError:
        return False
    return (read.time_period, read.period_type) == (period, kind)


def _following(observations: list[dict[str, Any]], today: date) -> Iterator[Row]:
    """Yield the row of the period after the last of a series, unless that has not begun."""
    last = max(observations, key=lambda observation: observation["PERIOD_END"])
    period, kind = _next(last["TIME_PERIOD"]), last["PERIOD_TYPE"]
    try:
        begun = parse_period(period, kind).start <= today
    except PeriodError:  # after the last year that can be written
        return
    if begun:
        cells: dict[str, Any] = {name: last[name] for name in _CODES}
        cells["REF_AREA"] = _as_written(last)
        cells["TIME_PERIOD"] = _like(_period_as_written(last), period, kind)
        yield Row(cells, open=True, area=last["REF_AREA"])


def _next(period: str) -> str:
    """Return the period after one of `model.SCHEMA`: 2025 after 2024, 2025-Q1 after 2024-Q4."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return ""
    year, kind, number = int(match["year"]), match["kind"], match["number"]
    if number is None:
        return str(year + 1)
    over, at = divmod(int(number), _PARTS_OF_A_YEAR[kind])
    return f"{year + over}-{kind}{at + 1:0{len(number)}}"


def _like(written: str, period: str, kind: str) -> str:
    """Return `period` in the words and the era of another one: `ปีงบประมาณ 2568` for 2025."""
    plain = spellings.digits(written)
    match = _PERIOD.search(plain)
    if match is None:
        return period
    text = plain.replace(match[0], _in_era(period, buddhist=int(match["year"]) in BUDDHIST_YEARS))
    return text if _is_period(text, kind, period) else period


def _in_era(period: str, *, buddhist: bool) -> str:
    return f"{int(period[:4]) + BUDDHIST_OFFSET * buddhist}{period[4:]}"


def _unreported(table: pl.DataFrame, area: str, today: date) -> Iterator[Row]:
    """Yield a row for each indicator of the framework that the place does not report."""
    reported = set(table.filter(pl.col("REF_AREA") == area)["INDICATOR"])
    kinds = Counter(table["PERIOD_TYPE"].to_list())
    kind = kinds.most_common(1)[0][0] if kinds else "calendar"
    year = next(
        year
        for year in range(today.year, today.year - 3, -1)
        if parse_period(str(year), kind).end < today
    )
    written = table["TIME_PERIOD_ORIGINAL"].drop_nulls().to_list()
    gregorian = sum(not _is_buddhist(text) for text in written)
    period = _in_era(str(year), buddhist=gregorian * 2 <= len(written))
    for indicator in codelists.reported_indicators():
        if indicator not in reported:
            cells = {
                "INDICATOR": indicator,
                "REF_AREA": area,
                "PERIOD_TYPE": kind,
                "TIME_PERIOD": period,
                **dict.fromkeys(DIMENSIONS, TOTAL),
            }
            yield Row(cells, open=True, area=area)


def _is_buddhist(text: str) -> bool:
    match = _PERIOD.search(spellings.digits(text))
    return match is not None and int(match["year"]) in BUDDHIST_YEARS
