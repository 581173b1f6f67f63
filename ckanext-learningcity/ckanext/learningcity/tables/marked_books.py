"""The workbook that findings are marked in: the uploaded one, or a new one of its cells.

openpyxl keeps formats, formulas and merged cells, but it takes a workbook at its word: one that
would cost more than an office's table does is not opened by it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

import openpyxl
import polars as pl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from .files import archive
from .files.sheet import ends, local
from .layout import ROW, Grid
from .report import Report

#: What openpyxl is given to open: unpacked bytes, cells, and characters of shared formulas, each of
#: which it translates for every cell that shares it.
MOST_BYTES = 16 * 1024**2
MOST_CELLS = 200_000
MOST_SHARED = 5_000_000

#: Of a larger table, a new workbook has these first rows and those with findings.
FIRST_ROWS = 60

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_SPANNING = ("mergeCell", "hyperlink", "table")
_UNFIT_FOR_A_NAME = re.compile(r"[\\/*?:\[\]]")


@dataclass(frozen=True)
class Book:
    """A workbook with its sheets by the name that the reader gave them.

    `shortened` says that it lacks rows of a very large table.
    """

    workbook: Workbook
    sheets: Mapping[str, Worksheet]
    shortened: bool = False


def uploaded(content: bytes) -> Book | None:
    """Return the workbook in `content` as it is, None where it is no XLSX or costs too much.

    openpyxl has no exception of its own: a workbook that it cannot load raises whatever its parts
    lead to.
    """
    if not _is_affordable(content):
        return None
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return Book(workbook, {sheet.title: sheet for sheet in workbook.worksheets})


def rebuilt(grids: Iterable[Grid], rows: Mapping[str, Collection[int]]) -> Book:
    """Return a new workbook with the cells of `grids` as text.

    :param rows: the rows of each sheet that must not be missing
    """
    grids = list(grids)
    large = sum(grid.cells.height * grid.cells.width for grid in grids) > MOST_CELLS
    workbook, left, sheets = Workbook(), MOST_CELLS, {}
    workbook.remove(workbook.worksheets[0])
    for grid in grids:
        title = _UNFIT_FOR_A_NAME.sub("_", grid.name)[:31] or "data"
        sheets[grid.name] = sheet = workbook.create_sheet(title)
        cells = grid.cells.filter(pl.col(ROW) <= LAST_ROW)
        if large:
            needed = pl.col(ROW).is_in(list(rows.get(grid.name, ())))
            cells = cells.filter((pl.col(ROW) <= FIRST_ROWS) | needed)
        left -= _write(sheet, cells, left)
    return Book(workbook, sheets, large)


def put(cell: Cell, text: str) -> None:
    """Write `text` into a cell as text, also where it begins as a formula does."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"


def _write(sheet: Worksheet, cells: pl.DataFrame, most: int) -> int:
    """Write at most so many cells, and return how many they were."""
    written = 0
    for number, *texts in cells.iter_rows():
        for column, text in enumerate(texts[:LAST_COLUMN], start=1):
            if text is not None and written < most:
                put(sheet.cell(number, column), text)  # type: ignore[arg-type]
                written += 1
    return written


def _is_affordable(content: bytes) -> bool:
    """Return whether `content` is an XLSX that openpyxl opens at the cost of an office's table.

    All parts are looked at: which of them are sheets is for the file to say. What is no XML cannot
    be opened as a sheet either.
    """
    opened = archive.opened(content, Report())
    if opened is None or opened.kind != "XLSX":
        return False
    cells = shared = 0
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(info.file_size for info in parts.infolist()) > MOST_BYTES:
            return False
        for name in parts.namelist():
            try:
                found = _cost(parts.read(name))
            except ParseError:
                continue
            cells, shared = cells + found[0], shared + found[1]
    return cells <= MOST_CELLS and shared <= MOST_SHARED


def _cost(part: bytes) -> tuple[int, int]:
    """Return the cells that a part makes, and the characters of formulas that are translated."""
    cells = sharing = longest = 0
    for name, element in ends(part, "c", "f", "row", *_SPANNING):
        if name == "f" and element.get("t") == "shared":
            sharing, longest = sharing + 1, max(longest, len(element.text or ""))
        elif name in _SPANNING and (area := element.get("ref")):
            size = CellRange(area).size
            cells += size["rows"] * size["columns"]
        elif name == "row":
            cells += sum(local(child.tag) == "c" for child in element)
            element.clear()
    return cells, sharing * longest
