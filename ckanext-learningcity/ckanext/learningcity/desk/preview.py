"""The first rows of a sheet, as its publisher sees them in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ckanext.learningcity.tables.layout import ROW, Grid

#: Enough to recognise a table by.
MOST_ROWS = 15
MOST_COLUMNS = 60

_ABOVE = 4  # rows shown above the headings


def preview(
    grids: list[Grid], mapping: Mapping[str, Any] | None, sheet: str | None
) -> dict[str, Any]:
    """Return `sheets` (names), `sheet`, its `letters` and `rows` (`row`, `cells`, `hidden`).

    :param mapping: the mapping in force; its sheet and heading rows are shown
    :param sheet: another sheet
    :raises KeyError: there is no such sheet
    """
    by_name = {grid.name: grid for grid in grids}
    if not by_name:
        return {"sheets": [], "sheet": "", "letters": [], "rows": []}
    own = mapping["sheet"] if mapping and mapping["sheet"] in by_name else next(iter(by_name))
    grid = by_name[own if sheet is None else sheet]
    first = mapping["first"] if mapping and grid.name == own else 1
    letters = [name for name in grid.cells.columns if name != ROW][:MOST_COLUMNS]
    rows = grid.cells.filter(pl.col(ROW) >= first - _ABOVE).head(MOST_ROWS)
    return {
        "sheets": list(by_name),
        "sheet": grid.name,
        "letters": letters,
        "rows": [
            {"row": number, "hidden": number in grid.hidden, "cells": list(cells)}
            for number, *cells in rows.select(ROW, *letters).iter_rows()
        ],
    }
