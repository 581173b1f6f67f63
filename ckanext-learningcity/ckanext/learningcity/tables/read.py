"""Read a file of observations into a table of text, one row a line, nothing guessed."""

from __future__ import annotations

import io

import polars as pl

from .codelists import breakdowns, columns, derived_columns, fold
from .layout import ROW, Column, Layout, letters
from .report import Issue, Report


def read_csv(content: bytes, report: Report) -> tuple[pl.DataFrame, Layout]:
    """Return the rows of a CSV in the long format, as text, and where its columns stood.

    The frame has `ROW` and the SDMX names of the columns that were recognised. Faults go to
    `report`; a fault of the whole file leaves the frame empty.

    :param content: the file, UTF-8 with or without byte order mark
    """
    empty = pl.DataFrame(schema={ROW: pl.Int64})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.add([Issue("file_encoding")])
        return empty, Layout()
    if not text.strip():
        report.add([Issue("file_empty")])
        return empty, Layout()
    try:
        frame = pl.read_csv(
            io.StringIO(text), infer_schema=False, has_header=False, truncate_ragged_lines=False
        )
    except pl.exceptions.PolarsError as error:
        report.add([Issue("file_shape", found=str(error).splitlines()[0])])
        return empty, Layout()
    headings = [(heading or "").strip() for heading in frame.row(0)]
    names = _recognise(headings, report)
    body = frame.slice(1).with_row_index(ROW, offset=2).with_columns(pl.col(ROW).cast(pl.Int64))
    kept = {frame.columns[position]: name for position, name in names.items()}
    body = body.select(ROW, *kept).rename(kept)
    body = body.with_columns(pl.col(name).str.strip_chars() for name in kept.values())
    body = body.with_columns(
        pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)).alias(name)
        for name in kept.values()
    )
    body = body.filter(~pl.all_horizontal(pl.exclude(ROW).is_null())) if kept else body.clear()
    if body.is_empty():
        report.add([Issue("file_empty")])
    columns_ = {name: Column(letters(at), headings[at]) for at, name in names.items()}
    return body, Layout(columns_)


def _recognise(headings: list[str], report: Report) -> dict[int, str]:
    """Return the SDMX name of each recognised heading, by position."""
    known = _headings()
    ignored = {fold(name) for name in derived_columns()}
    found: dict[int, str] = {}
    for position, heading in enumerate(headings):
        name = known.get(fold(heading))
        if name is None and fold(heading) not in ignored and heading:
            expected = ", ".join(known_names())
            report.add([Issue("column_unknown", 1, heading, heading, expected)])
        elif name in found.values():
            report.add([Issue("column_repeated", 1, heading, heading, name)])
        elif name:
            found[position] = name
    missing = [
        entry["id"]
        for entry in columns().values()
        if entry["required"] and entry["id"] not in found.values()
    ]
    report.add(Issue("column_missing", 1, name, None, name) for name in missing)
    return found


def known_names() -> tuple[str, ...]:
    """Return the SDMX names of all columns that a publisher may give."""
    return (*columns(), *breakdowns())


def _headings() -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in columns().values():
        for heading in (entry["id"], *entry["name"].values(), *entry["aliases"]):
            known[fold(heading)] = entry["id"]
    for dimension, entry in breakdowns().items():
        for heading in (dimension, *entry["name"].values()):
            known[fold(heading)] = dimension
    return known
