"""Small tables as downloads: text that a spreadsheet would run stays text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from flask import Response

from ckanext.learningcity.indicators.files import BYTE_ORDER_MARK
from ckanext.learningcity.tables.formulas import disarm


def csv_file(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], name: str) -> Response:
    """Return rows as a CSV file called `name` with the given columns; None is an empty cell."""
    names = list(columns)
    cells = {column: [] for column in names}
    for row in rows:
        for column in names:
            value = row.get(column)
            cells[column].append(None if value is None else str(value))
    table = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String))
    text = disarm(table, names).write_csv(line_terminator="\r\n")
    return _file(BYTE_ORDER_MARK + text.encode(), "text/csv", name)


def json_file(content: Any, name: str) -> Response:
    """Return what an action gives as a JSON file called `name`."""
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    return _file(text.encode(), "application/json", name)


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
