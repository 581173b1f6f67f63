"""Where the table stands in a file: its sheet, its heading, its last row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.learningcity.tables.layout import ROW, Grid
from ckanext.learningcity.tables.mapping import Mapping
from ckanext.learningcity.tables.reader.headings import Heading, is_number
from ckanext.learningcity.tables.reader.wide import even
from ckanext.learningcity.tables.report import Report

_LOOKED_AT = 50  # rows in which a heading may begin
_FULL = 0.6  # of a usual row's cells, a heading fills as many
_FILLED = 0.5  # a column without a heading is one if more of its rows have text
_REST = r"^\d{3}(?:\.\d+)?$"  # what a comma for thousands leaves of a number
_NARROW = 3  # in fewer columns, a row with one cell is data

_Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """A table as found: `headings` as written, and `body` with one column of text for each.

    `above` and `below` count the rows with text that are no part of it: titles, notes, sources.
    `rows` and `letters` say where the body stood, as a spreadsheet numbers and names it.
    """

    sheet: str
    headings: tuple[str, ...]
    body: pl.DataFrame
    above: int
    below: int
    rows: tuple[int, ...]
    letters: tuple[str, ...]


def find(grids: Sequence[Grid], report: Report) -> Table | None:
    """Return the table of the sheet with the most cells, None where no sheet has rows of data.

    Rows that are longer than their table, as a comma for thousands makes them, go to `report`.
    """
    shown = [grid for grid in grids if len(grid.hidden) < grid.cells.height]
    best = max(shown, key=lambda grid: grid.cells.height * grid.cells.width, default=None)
    return _table(best, report) if best else None


def _table(grid: Grid, report: Report) -> Table | None:
    cells = grid.cells.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    head: list[_Row] = list(cells.head(_LOOKED_AT).drop(ROW).iter_rows())
    first, last = _heading(cells, head)
    body = cells.slice(last + 1)
    below = _notes(body)
    body = body.head(body.height - below)
    if body.is_empty():
        return None
    texts = _texts(cells.columns[1:], head, first, last)
    named = [letter for letter in cells.columns[1:] if texts[letter] or _is_column(body[letter])]
    if not grid.name:
        heading = Heading(
            first + 1, last + 1, {letter: (texts[letter] or letter,) for letter in named}
        )
        body = even(body, Mapping(spread={letter: {} for letter in named}), heading, report)
    kept = [letter for letter in cells.columns[1:] if letter in named or body[letter].count()]
    headings = tuple(texts[letter] or letter for letter in kept)
    places = tuple(body[ROW].to_list()), tuple(kept)
    return Table(grid.name, headings, body.select(kept), first, below, *places)


def _is_column(values: pl.Series) -> bool:
    """Whether a column without a heading is one, and not what some rows have too much."""
    known = values.drop_nulls()
    return known.len() > _FILLED * values.len() and not known.str.contains(_REST).all()


def _heading(cells: pl.DataFrame, head: Sequence[_Row]) -> tuple[int, int]:
    """Return the first and last row of the heading.

    It begins with the first row that fills nearly as many cells as a usual one; a title over the
    whole width is one text, however many cells it has been copied to. It goes on where a cell
    reaches over two rows.
    """
    filled = cells.select(pl.sum_horizontal(pl.exclude(ROW).is_not_null().cast(pl.Int32)))
    usual = filled.to_series().median()
    enough = max(1.0, _FULL * (usual if isinstance(usual, float) else 1))
    first = next((at for at, row in enumerate(head) if len(_distinct(row)) >= enough), 0)
    while first and _reaches(head[first - 1], head[first]):
        first -= 1
    last = first
    while last + 1 < len(head) and _reaches(head[last], head[last + 1]):
        last += 1
    return first, last


def _distinct(row: _Row) -> set[str]:
    return {text for text in row if text is not None}


def _reaches(above: _Row, below: _Row) -> bool:
    """Whether a heading of `above` stands in `below` too, beside others: cells were merged."""
    pairs = [(over, under) for over, under in zip(above, below, strict=True) if under is not None]
    same = any(over == under for over, under in pairs)
    other = any(over != under for over, under in pairs)
    plain = not any(is_number(text) for text in (*_distinct(above), *_distinct(below)))
    return same and other and plain and len(_distinct(above)) > 1


def _texts(letters: Sequence[str], head: Sequence[_Row], first: int, last: int) -> dict[str, str]:
    """Return the heading of each column, empty for none.

    Where a file of text has the heading over two rows, the upper one holds what the lower lacks.
    """
    texts = {}
    for at, letter in enumerate(letters):
        own = [text for row in head[first : last + 1] if (text := row[at])]
        over = [text for row in head[:first] if (text := row[at]) and len(_distinct(row)) > 1]
        joined = " ".join(dict.fromkeys(own)) or (over[-1] if over else "")
        texts[letter] = re.sub(r"\s+", " ", joined).strip()
    return texts


def _notes(body: pl.DataFrame) -> int:
    """Return how many rows at the end hold one text in the first column: notes and sources."""
    letters = body.columns[1:]
    if len(letters) < _NARROW or body.is_empty():
        return 0
    alone = pl.col(letters[0]).is_not_null() & pl.all_horizontal(pl.col(letters[1:]).is_null())
    data = body.select(~alone).to_series().arg_true()
    return body.height - 1 - int(data[-1]) if data.len() else 0
