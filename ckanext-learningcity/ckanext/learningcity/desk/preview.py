"""The first rows of a sheet, as its publisher sees them in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ckanext.learningcity.tables.layout import ROW, Grid

#: Enough to recognise a table by.
MOST_ROWS = 15
MOST_COLUMNS = 60

_ABOVE = 4  # rows shown above the headings
_LONGEST = 200  # characters of a cell


def sheets(grids: Sequence[Grid], mapping: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return each sheet as JSON: `sheet` (its name), `letters` and `rows`.

    :param mapping: the mapping in force; the heading rows of its sheet are shown
    """
    own = mapping and mapping["sheet"]
    return [_sheet(grid, mapping["first"] if mapping and grid.name == own else 1) for grid in grids]


def preview(
    kept: Sequence[Mapping[str, Any]], mapping: Mapping[str, Any] | None, sheet: str | None
) -> dict[str, Any]:
    """Return `sheets` (names), `sheet`, its `letters` and `rows` (`row`, `cells`, `hidden`).

    :param kept: as `sheets` returned it
    :param mapping: the mapping in force; its sheet is shown
    :param sheet: another sheet
    :raises KeyError: there is no such sheet
    """
    by_name = {each["sheet"]: each for each in kept}
    if not by_name:
        return {"sheets": [], "sheet": "", "letters": [], "rows": []}
    own = mapping["sheet"] if mapping and mapping["sheet"] in by_name else next(iter(by_name))
    return {"sheets": list(by_name), **by_name[own if sheet is None else sheet]}


def _sheet(grid: Grid, first: int) -> dict[str, Any]:
    letters = [name for name in grid.cells.columns if name != ROW][:MOST_COLUMNS]
    shown = grid.cells.filter(pl.col(ROW) >= first - _ABOVE).head(MOST_ROWS)
    rows = shown.select(ROW, *(_shown(name) for name in letters))
    return {
        "sheet": grid.name,
        "letters": letters,
        "rows": [
            {"row": number, "hidden": number in grid.hidden, "cells": list(cells)}
            for number, *cells in rows.iter_rows()
        ],
    }


def _shown(name: str) -> pl.Expr:
    """Return a column's cells, short, and without what PostgreSQL does not take in a text."""
    return pl.col(name).str.replace_all("\0", "", literal=True).str.slice(0, _LONGEST)
