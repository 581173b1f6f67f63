"""From what was written in a cell to the code of a code list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import polars as pl

from .. import codelists
from ..model import DIMENSIONS
from ..report import Text
from . import suggest
from .table import Table

A_CODE = {"en": "a code or a name", "th": "รหัสหรือชื่อ"}

#: Where a code list has the ids of a column, and the finding where it has not.
_LISTS: Mapping[str, tuple[Callable[[], Mapping[str, codelists.Entry]], str]] = {
    "INDICATOR": (codelists.indicators, "indicator_unknown"),
    "PERIOD_TYPE": (codelists.period_types, "code_unknown"),
    "UNIT_MEASURE": (codelists.units, "unit_unknown"),
    "OBS_STATUS": (codelists.statuses, "code_unknown"),
}


def resolve(table: Table, column: str, default: str | None = None) -> None:
    """Replace what was written in `column` by its code, and an empty cell by `default`.

    Each distinct text is looked up once. What is no code is reported and becomes null.
    """
    entries, unknown = _entries(column), _LISTS.get(column, (None, "code_unknown"))[1]
    spellings = _spellings(column)
    written = table.frame[column].drop_nulls().unique()
    codes = {text: spellings.get(codelists.fold(text), ()) for text in written}
    faulty = [text for text, found in codes.items() if not found]
    if faulty:
        table.find(
            table.frame.filter(pl.col(column).is_in(faulty)),
            unknown,
            column,
            lambda row: suggest.expected_of(row[column], spellings, entries),
        )
    good = {text: found[0] for text, found in codes.items() if found}
    code = pl.col(column).replace_strict(good, default=None, return_dtype=pl.String)
    table.frame = table.frame.with_columns(code.fill_null(pl.lit(default)).alias(column))


def resolve_places(table: Table) -> None:
    """Replace the names of places by their codes; a name of several places is not guessed."""
    names = codelists.area_names()
    written = table.frame["REF_AREA"].drop_nulls().unique()
    codes = {text: names.get(codelists.fold(text), ()) for text in written}
    several = {
        text: meant
        for text, found in codes.items()
        if len(meant := found or suggest.bare_places(text)) > 1
    }
    unknown = [text for text, found in codes.items() if not found and text not in several]
    table.find(
        table.frame.filter(pl.col("REF_AREA").is_in(list(several))),
        "area_ambiguous",
        "REF_AREA",
        lambda row: suggest.places(several[row["REF_AREA"]]),
    )
    table.find(
        table.frame.filter(pl.col("REF_AREA").is_in(unknown)),
        "area_unknown",
        "REF_AREA",
        lambda row: suggest.places_meant(row["REF_AREA"]),
    )
    good = {text: found[0] for text, found in codes.items() if len(found) == 1}
    code = pl.col("REF_AREA").replace_strict(good, default=None, return_dtype=pl.String)
    table.frame = table.frame.with_columns(REF_AREA_ORIGINAL="REF_AREA", REF_AREA=code)


def demand(table: Table, column: str, expected: Text = A_CODE) -> None:
    """Report the empty cells of `column`."""
    table.find(table.frame.filter(pl.col(column).is_null()), "value_missing", column, expected)


def _entries(column: str) -> Mapping[str, codelists.Entry]:
    if column in DIMENSIONS:
        return codelists.breakdowns()[column]["codes"]
    return _LISTS[column][0]()


@cache
def _spellings(column: str) -> Mapping[str, tuple[str, ...]]:
    """Return the folded ids and names of a column's code list, with the ids that they mean."""
    meanings: dict[str, dict[str, None]] = {}
    for code, entry in _entries(column).items():
        names = entry["name"].values() if "name" in entry else (entry["en"], entry["th"])
        for name in (code, *names, *entry.get("aliases", [])):
            meanings.setdefault(codelists.fold(str(name)), {})[code] = None
    return {spelling: tuple(codes) for spelling, codes in meanings.items()}
