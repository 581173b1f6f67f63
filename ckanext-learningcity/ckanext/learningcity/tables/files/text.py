"""Text files: which delimiter, which cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import polars as pl

from ..layout import ROW, Grid, letters
from ..report import Issue, Report
from ..spellings import BLANKS
from .encoding import decoded

DELIMITERS = (",", ";", "\t", "|")

#: A file of text wider than this is no table of observations.
MOST_COLUMNS = 1000

#: A file that would take more cells than this, empty ones counted, is refused before it does.
MOST_CELLS = 100_000_000

#: Characters that are cut row by row where polars gives up; it takes some seconds.
MOST_PATIENCE = 32 * 1024**2

_SAMPLE_ROWS = 300
_SAMPLE = 1024**2
_CONTROLS = bytes([*range(9), *range(0x0E, 0x1A), *range(0x1B, 0x20), 0x7F])
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=([,;\t|:^~])\"?[ \t]*\n", re.IGNORECASE)


def grid(content: bytes, report: Report) -> Grid | None:
    """Return the cells of a file of text, or None with the fault in `report`."""
    text = decoded(content, report)
    if text is None:
        return None
    text = text.rstrip("\x1a")  # how DOS ended a file
    control = _control(text)
    if control:
        row = text.count("\n", 0, text.index(control)) + 1
        report.add([Issue("file_binary", row, found=f"U+{ord(control):04X}")])
        return None
    if not text.strip(BLANKS):
        report.add([Issue("file_empty")])
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    named = _SEPARATOR_LINE.match(text)
    delimiter = named[1] if named else _delimiter(text)
    text = text[named.end() :] if named else text
    cells = _split(text, delimiter, report)
    return None if cells is None else Grid("", cells)


def _control(text: str) -> str | None:
    """Return the first control character that no text has."""
    raw = text.encode()
    # Looking for each of them in turn is done where there is one; this is done for every file.
    if len(raw.translate(None, _CONTROLS)) == len(raw):
        return None
    return next(character for character in text if character in _CONTROLS.decode())


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first rows evenly into several columns.

    Evenness comes first: a note full of semicolons makes one row wide, not the table.
    """

    def evenness(delimiter: str) -> float:
        widths = Counter(_first_widths(text, delimiter))
        several = {width: rows for width, rows in widths.items() if width > 1}
        if not several:
            return 0
        width, rows = max(several.items(), key=lambda item: (item[1], item[0]))
        return rows / widths.total() * (1 - 1 / width)

    return max(DELIMITERS, key=evenness)


def _split(text: str, delimiter: str, report: Report) -> pl.DataFrame | None:
    """Return the cells, as wide as the widest row."""
    if text.count('"') % 2:
        report.add([Issue("file_quotes", _last_row(text, delimiter))])
        return None
    # Few files have a row wider than their first ones; only they pay for looking at every line.
    for widest in (_first_widest, _widest):
        width = widest(text, delimiter)
        if not _is_bearable(text, width, report):
            return None
        if width <= MOST_COLUMNS:
            with suppress(pl.exceptions.PolarsError):
                return _normal(_fast(text, delimiter, width))
    return _patiently(text, delimiter, report)


def _is_bearable(text: str, width: int, report: Report) -> bool:
    """Return whether a table of `width` columns fits into memory, empty cells counted."""
    cells = (text.count("\n") + 1) * min(width, MOST_COLUMNS)
    if cells > MOST_CELLS:
        report.add([Issue("file_too_large", found=f"{cells:,}", expected=f"{MOST_CELLS:,}")])
    return cells <= MOST_CELLS


def _fast(text: str, delimiter: str, width: int) -> pl.DataFrame:
    # polars takes the width of a file from its first line, so one of the right width goes before.
    source = io.BytesIO(f"{delimiter * (width - 1)}\n{text}".encode())
    return pl.read_csv(
        source, separator=delimiter, has_header=False, infer_schema=False, schema=_schema(width)
    ).slice(1)


def _patiently(text: str, delimiter: str, report: Report) -> pl.DataFrame | None:
    """Return the cells of text with quotation marks inside texts, which polars does not take."""
    rows: list[list[str]] = []
    fault: Issue | None = None
    if len(text) > MOST_PATIENCE:
        fault = Issue("file_quotes")
    try:
        for row in [] if fault else _parse(text, delimiter):
            rows.append(row)
            if len(row) > MOST_COLUMNS:
                width, most = str(len(row)), f"≤ {MOST_COLUMNS}"
                fault = Issue("file_shape", len(rows), found=width, expected=most)
                break
    except csv.Error:  # a text longer than any cell: its quotation mark closes by chance only
        fault = Issue("file_quotes", len(rows) + 1)
    if fault:
        report.add([fault])
        return None
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    return _normal(pl.DataFrame(padded, schema=_schema(width), orient="row"))


def _normal(cells: pl.DataFrame) -> pl.DataFrame:
    """Return `cells` with `ROW`, without blanks around texts; what is only blanks is null.

    Columns at the end without any text are left out.
    """
    stripped = cells.with_columns(pl.all().str.strip_chars(BLANKS))
    emptied = stripped.with_columns(pl.when(pl.all() != "").then(pl.all()))
    filled = [at for at, column in enumerate(emptied) if column.null_count() < emptied.height]
    kept = emptied.select(emptied.columns[: max(filled, default=0) + 1])
    return kept.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))


def _schema(width: int) -> dict[str, type[pl.String]]:
    return {letters(at): pl.String for at in range(width)}


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows as the patient reader of the standard library cuts them."""
    # Each line by "\n" alone: a line of text may hold other characters that `splitlines` cuts at.
    yield from csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)


def _first_widths(text: str, delimiter: str) -> list[int]:
    """Return how many cells the first rows have that have any."""
    head = "\n".join(text[:_SAMPLE].split("\n", _SAMPLE_ROWS)[:_SAMPLE_ROWS])
    widths: list[int] = []
    with suppress(csv.Error):  # a cell longer than any: what stood before it is sample enough
        widths.extend(len(row) for row in _parse(head, delimiter) if row)
    return widths


def _first_widest(text: str, delimiter: str) -> int:
    return max(_first_widths(text, delimiter), default=1)


def _widest(text: str, delimiter: str) -> int:
    """Return how many cells a row has at most: delimiters inside quotation marks count too."""
    lines = pl.Series([text]).str.split("\n").explode()
    most = lines.str.count_matches(delimiter, literal=True).max()
    return 1 + (most if isinstance(most, int) else 0)


def _last_row(text: str, delimiter: str) -> int:
    """Return the last row, in which a quotation mark opens that nothing closes."""
    row = 0
    with suppress(csv.Error):  # the text behind the mark is longer than any cell
        for row, _ in enumerate(_parse(text, delimiter), start=1):  # noqa: B007 - counted
            pass
        return row
    return row + 1
