"""Any table that an office sends, read into observations as text.

content ─▶ grids ─▶ propose ─▶ Mapping ─▶ extract ─▶ rows and layout ─▶ validate.check
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from .files import kinds, text, workbook
from .formulas import WRITTEN, rearm
from .layout import INSTRUCTIONS, LISTS, ROW, Grid, Layout
from .mapping import Mapping, required_names
from .reader.cells import cleaned
from .reader.headings import read_heading
from .reader.numerals import plain_values
from .reader.proposal import proposed
from .reader.rows import observations, tell_above, tell_hidden, tell_multiples
from .reader.wide import even, layout_of, one_a_row, renamed
from .report import Issue, Report

#: A sheet that says so many of indicator, place, period and value may hold observations too.
_ENOUGH_NAMES = 3


@dataclass(frozen=True)
class Reading:
    """What a file holds: `rows` and `layout` are what `validate.check` takes.

    `mapping` is the one that was given or proposed; `grids` are all sheets that are not empty.
    """

    rows: pl.DataFrame
    layout: Layout
    mapping: Mapping
    grids: list[Grid]


def read(content: bytes, report: Report, mapping: Mapping | None = None) -> Reading:
    """Return the observations in a file as text.

    Whatever the bytes are, the result is a reading; what stands in the way is in `report`.

    :param content: the file: text with delimiters, XLSX or ODS, told from its bytes
    :param mapping: what the columns mean; without one it is proposed
    """
    sheets = grids(content, report)
    if report.has_errors or not sheets:
        return Reading(_nothing(), Layout(), mapping or Mapping(), sheets)
    if mapping is None:
        mapping = propose(sheets, report)
    grid = next((sheet for sheet in sheets if sheet.name == mapping.sheet), None)
    if grid is None:
        expected = ", ".join(sheet.name for sheet in sheets)
        report.add([Issue("sheet_missing", found=mapping.sheet, expected=expected)])
        return Reading(_nothing(), Layout(), mapping, sheets)
    own = (INSTRUCTIONS, LISTS) if grid.template else ()
    report.add(
        Issue(_code_of_other(sheet), found=sheet.name, sheet=sheet.name)
        for sheet in sheets
        if sheet is not grid and sheet.name not in own
    )
    rows, layout = extract(grid, mapping, report)
    if not grid.name:  # a file of text may be a download, whose texts were made harmless
        rows = rearm(rows, WRITTEN.intersection(rows.columns))
    return Reading(rows, layout, mapping, sheets)


def grids(content: bytes, report: Report) -> list[Grid]:
    """Return the sheets of a file that are not empty, as text; a file of text has one, named "".

    Faults of the whole file go to `report`, and then there are no sheets.
    """
    kind = kinds.refused(content)
    if kinds.is_encrypted(content):
        report.add([Issue("file_encrypted")])
    elif kind:
        report.add([Issue("file_kind", found=kind, expected=kinds.READ)])
    elif kinds.is_zip(content):
        return workbook.grids(content, report)
    else:
        grid = text.grid(content, report)
        return [grid] if grid else []
    return []


def propose(sheets: list[Grid], report: Report | None = None) -> Mapping:
    """Return how the sheet that looks most like a table of observations may be read.

    What is unsure about it goes to `report`.

    :param sheets: at least one sheet, as `grids` returns them
    """
    if len(sheets) == 1:
        return proposed(sheets[0], report)
    best = max(sheets, key=_likeness)
    return proposed(best, report)


def extract(grid: Grid, mapping: Mapping, report: Report) -> tuple[pl.DataFrame, Layout]:
    """Return the observations of one sheet as text, by SDMX name, and where they stood.

    Rows with a fault are reported and left out; so is what is no observation: titles, notes, totals
    over places, repeated headings.
    """
    heading = read_heading(grid, mapping.first, mapping.last)
    layout = layout_of(mapping, heading)
    letters = {*filter(mapping.columns.get, mapping.columns), *mapping.spread}
    absent = sorted(letters - set(grid.cells.columns))
    for name in (*absent, *(name for name in required_names() if name not in mapping.names)):
        row = mapping.last or None
        report.add([Issue("column_missing", row, name, None, name, sheet=grid.name or None)])
    if absent or set(required_names()) - mapping.names:
        return _nothing(), layout
    tell_above(grid, mapping, report)
    tell_hidden(grid, mapping, report)
    tell_multiples(grid, mapping, heading, report)
    body, footnotes = observations(grid, mapping, heading, report)
    body = even(body, mapping, heading, report) if not grid.name else body
    rows = cleaned(renamed(body, mapping, heading), layout, report)
    rows = plain_values(one_a_row(rows, mapping), layout, footnotes, report)
    if rows.is_empty() and not report.has_errors:
        report.add([Issue("file_empty")])
    return rows, layout


def _code_of_other(grid: Grid) -> str:
    """Return what is to say of a sheet that was not read."""
    if _is_hidden(grid):
        return "sheet_hidden"
    given = set(required_names()) & proposed(grid).names
    return "sheet_other_table" if len(given) >= _ENOUGH_NAMES else "sheet_skipped"


def _likeness(grid: Grid) -> tuple[bool, int, bool, int]:
    """Return how much a sheet looks like a table of observations, to be compared."""
    mapping = proposed(grid)
    given = len(set(required_names()) & mapping.names)
    return not _is_hidden(grid), given, grid.name.casefold() == "data", min(grid.cells.height, 100)


def _is_hidden(grid: Grid) -> bool:
    return len(grid.hidden) == grid.cells.height


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: pl.Int64})
