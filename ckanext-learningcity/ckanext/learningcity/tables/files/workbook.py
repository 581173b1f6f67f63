"""Workbooks: the sheets of an XLSX or ODS as their reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import ParseError

import polars as pl
from defusedxml.common import DefusedXmlException

from ..layout import FINDINGS, ROW, Grid, letters
from ..report import Issue, Report
from . import ods, xlsx
from .archive import opened
from .sheet import MOST_CELLS, Sheet, TooLargeError

_READERS: dict[str, Callable[[Mapping[str, bytes]], list[Sheet]]] = {
    "XLSX": xlsx.sheets,
    "ODS": ods.sheets,
}


def grids(content: bytes, report: Report) -> list[Grid]:
    """Return the sheets that are not empty; faults of the whole file go to `report`.

    Merged cells all carry their text, and a hidden sheet has all of its rows hidden.
    """
    archive = opened(content, report)
    if archive is None:
        return []
    try:
        sheets = _READERS[archive.kind](archive.parts)
    except TooLargeError as error:
        report.add([Issue("file_too_large", found=str(error), expected=f"{MOST_CELLS:,}")])
    except DefusedXmlException as error:
        report.add([Issue("file_unsafe", found=f"XML {type(error).__name__}")])
    except (ParseError, LookupError, ValueError) as error:
        report.add([Issue("file_damaged", found=f"{archive.kind}: {error}"[:100])])
    else:
        filled = [sheet for sheet in sheets if sheet.lines and sheet.name != FINDINGS]
        if not filled:
            report.add([Issue("file_empty")])
        return [_grid(sheet) for sheet in filled]
    return []


def _grid(sheet: Sheet) -> Grid:
    lines = sheet.filled()
    schema = {letters(at): pl.String for at in range(sheet.width)}
    cells = pl.DataFrame(lines, schema=schema, orient="row").with_row_index(ROW, offset=1)
    hidden = sheet.hidden if sheet.visible else range(len(lines))
    return Grid(
        sheet.name,
        cells.with_columns(pl.col(ROW).cast(pl.Int64)),
        frozenset(row + 1 for row in hidden if row < len(lines)),
        sheet.template,
        frozenset(letters(at) for at in sheet.hidden_columns if at < sheet.width),
    )
