"""What people write into cells of labels and periods, made plain before the check looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import polars as pl

from .. import spellings
from ..codelists import fold
from ..layout import ROW, Layout
from ..report import Report
from .findings import tell_cells

_ERROR = re.compile(
    r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|CALC!|SPILL!|GETTING_DATA|ERROR!)|Err:\d+"
)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TEXT = {"en": "a text", "th": "ข้อความ"}
_YEAR_ENDS = ((1, 1), (12, 31), (10, 1), (9, 30))
_MONTH_ENDS = (1, 28, 29, 30, 31)


def cleaned(rows: pl.DataFrame, layout: Layout, report: Report) -> pl.DataFrame:
    """Return `rows` with plain labels and periods.

    Rows in which a label shows an error or a formula without a result are reported and left out.

    :param rows: text columns by SDMX name, and `ROW`
    """
    indicators, units = spellings.indicators(), spellings.units()
    rows = _replaced(rows, "INDICATOR", lambda text: spellings.first_of(text, indicators))
    rows = _replaced(rows, "UNIT_MEASURE", lambda text: units.get(fold(text)))
    rows = _replaced(rows, "REF_AREA", _without_numbering)
    if "TIME_PERIOD" in rows.columns:
        rows = rows.with_columns(TIME_PERIOD=_periods(rows["TIME_PERIOD"]))
    faulty: list[int] = []
    for name in sorted({"INDICATOR", "REF_AREA", "TIME_PERIOD"}.intersection(rows.columns)):
        codes = {text: code for text in rows[name].drop_nulls().unique() if (code := fault(text))}
        bad = rows.filter(pl.col(name).is_in(list(codes)))
        tell_cells(bad, name, layout, codes, _TEXT, report)
        faulty += bad[ROW].to_list()
    return rows.filter(~pl.col(ROW).is_in(faulty)) if faulty else rows


def fault(text: str) -> str | None:
    """Return the code of the finding where a cell shows an error or a formula without a result."""
    if _ERROR.fullmatch(text):
        return "cell_error"
    return "cell_formula" if text.startswith("=") else None


def _without_numbering(text: str) -> str | None:
    """Return the name of a known place in `1. จังหวัดพะเยา`."""
    if spellings.is_place(text):
        return None
    return next(filter(spellings.is_place, spellings.candidates(text)), None)


def _replaced(rows: pl.DataFrame, name: str, meant: Callable[[str], str | None]) -> pl.DataFrame:
    """Return `rows` with each distinct text of a column replaced by what it means, if anything."""
    if name not in rows.columns:
        return rows
    distinct = rows[name].drop_nulls().unique()
    known = {text: said for text in distinct if (said := meant(text)) not in (None, text)}
    return rows.with_columns(pl.col(name).replace(known)) if known else rows


def _periods(column: pl.Series) -> pl.Series:
    """Return the periods with dates as what they stand for.

    A column whose dates are all the same end of a year means years; all ends of months, months.
    Another date is no period, and the check says so.
    """
    distinct = column.drop_nulls().unique()
    dates = {text: moment for text in distinct if (moment := _date(text))}
    ends = {(moment.month, moment.day) for moment in dates.values()}
    if len(ends) == 1 and ends.issubset(_YEAR_ENDS):
        return column.replace({text: f"{moment.year:04}" for text, moment in dates.items()})
    if dates and all(day in _MONTH_ENDS for _, day in ends):
        return column.replace(
            {text: f"{moment.year:04}-{moment.month:02}" for text, moment in dates.items()}
        )
    return column


def _date(text: str) -> date | None:
    """Return the day of `2024-12-31` or, as Thais write it, `31/12/2567`."""
    written = _DAY.fullmatch(text)
    parts = written.groups()[::-1] if written else text.split("-")
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        return None
