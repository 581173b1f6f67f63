"""From the columns of a sheet to the columns of a table of observations, one observation a row."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from ..layout import LETTER, ROW, Column, Layout
from ..mapping import Mapping
from ..report import Issue, Report
from .findings import tell_rows
from .headings import Heading
from .places import joined

_NAMES_OF_A_VALUE = ("OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", "UNIT_MEASURE")
_FIRST_PART = r"[-+]?\d{1,3}"
_SECOND_PART = r"\d{3}(?:\.\d+)?"
_CUT_NUMBER = re.compile(f"{_FIRST_PART},{_SECOND_PART}")


def layout_of(mapping: Mapping, heading: Heading) -> Layout:
    """Return where the columns of a table stand that is read by `mapping`.

    What a cell of values carries beside its number (status, note, unit) is placed in that cell,
    unless it has a column of its own.
    """
    columns = {
        name: Column(letter, heading.text(letter) or letter)
        for letter, name in mapping.columns.items()
        if name
    }
    if mapping.spread:
        said = {name for over in mapping.spread.values() for name in over}
        own = {name for name in _NAMES_OF_A_VALUE if name not in columns}
        spread = {letter: heading.text(letter) or letter for letter in mapping.spread}
        return Layout(columns, spread, frozenset(said | own), mapping.sheet)
    if "OBS_VALUE" in columns:
        columns = {**dict.fromkeys(_NAMES_OF_A_VALUE, columns["OBS_VALUE"]), **columns}
    return Layout(columns, sheet=mapping.sheet)


def renamed(body: pl.DataFrame, mapping: Mapping, heading: Heading) -> pl.DataFrame:
    """Return the rows of a sheet with the SDMX names of `mapping`, and the columns of `spread`."""
    places = [letter for letter, name in mapping.columns.items() if name == "REF_AREA"]
    names = {
        letter: name for letter, name in mapping.columns.items() if name and name != "REF_AREA"
    }
    rows = body.select(ROW, *places, *names, *mapping.spread).rename(names)
    return joined(rows, places, [heading.text(letter) for letter in places]) if places else rows


def one_a_row(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Return `rows` with one observation each, and with what holds for all of them.

    An empty cell of a wide table is no observation.
    """
    if mapping.spread:
        said = sorted({name for over in mapping.spread.values() for name in over})
        parts = [_part(rows, letter, mapping, said) for letter in mapping.spread]
        rows = pl.concat(parts).sort(ROW, maintain_order=True)
    return rows.with_columns(pl.lit(text).alias(name) for name, text in mapping.constants.items())


def _part(rows: pl.DataFrame, letter: str, mapping: Mapping, said: list[str]) -> pl.DataFrame:
    """Return the observations in one of the columns that are spread."""
    over = mapping.spread[letter]
    return (
        rows.with_columns(
            pl.col(letter).alias("OBS_VALUE"),
            pl.lit(letter).alias(LETTER),
            *(pl.lit(over.get(name), pl.String).alias(name) for name in said),
        )
        .drop(list(mapping.spread))
        .drop_nulls("OBS_VALUE")
    )


def even(body: pl.DataFrame, mapping: Mapping, heading: Heading, report: Report) -> pl.DataFrame:
    """Return `body` without the rows that have more cells than the headings, which are reported.

    A number with a comma for thousands, not in quotation marks, is what makes a row of text longer.
    """
    letters = body.columns[1:]
    used = [
        letter
        for letter in letters
        if heading.texts.get(letter) or mapping.columns.get(letter) or letter in mapping.spread
    ]
    width = letters.index(used[-1]) + 1 if used else len(letters)
    values = [at for at, letter in enumerate(letters) if _holds_values(letter, mapping)]
    signs = [pl.col(letter).is_not_null() for letter in letters[width:]]
    signs += _cut_numbers(letters, values, mapping)
    if not signs:
        return body
    uneven = body.filter(pl.any_horizontal(signs))
    if uneven.is_empty():
        return body
    _tell_uneven(uneven, width, values, heading, report)
    return body.filter(~pl.col(ROW).is_in(uneven[ROW].implode()))


def _holds_values(letter: str, mapping: Mapping) -> bool:
    return letter in mapping.spread or mapping.columns.get(letter) == "OBS_VALUE"


def _cut_numbers(letters: list[str], values: list[int], mapping: Mapping) -> list[pl.Expr]:
    """Return whether a note is the second half of a number, where notes follow values."""
    return [
        pl.col(letters[at]).str.contains(f"^{_FIRST_PART}$")
        & pl.col(letters[at + 1]).str.contains(f"^{_SECOND_PART}$")
        for at in values
        if at + 1 < len(letters) and mapping.columns.get(letters[at + 1]) == "COMMENT_OBS"
    ]


def _tell_uneven(
    rows: pl.DataFrame, width: int, values: list[int], heading: Heading, report: Report
) -> None:
    letters = rows.columns[1:]

    def issue(row: tuple[Any, ...]) -> Issue:
        number, *cells = row
        texts = [cell or "" for cell in cells]
        for at in values:
            found = ",".join(texts[at : at + 2])
            if _CUT_NUMBER.fullmatch(found):
                letter = letters[at]
                cell = f"{letter}{number}"
                return Issue("cell_thousands", number, heading.text(letter), found, cell=cell)
        filled = max(at + 1 for at, text in enumerate(texts) if text)
        return Issue("file_shape", number, found=str(filled), expected=str(width))

    tell_rows(rows, "file_shape", issue, report)
