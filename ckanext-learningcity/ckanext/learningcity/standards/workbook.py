"""Observations as a workbook: the data, its dictionary, and a sheet that says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .about import About
from .dictionary import Codes, Row

#: Rows of a sheet, the heading not counted.
MOST_ROWS = 1_048_575

_EPOCH = pl.date(1899, 12, 30)  # day 0 of a spreadsheet

# Text stays text: neither "=1+1" nor an address becomes anything that a click runs.
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write(
    target: IO[bytes], tables: Iterable[pl.DataFrame], about: About, moment: datetime
) -> None:
    """Write a workbook to `target`; the same input makes the same bytes.

    :param moment: the release's, in UTC; Excel shows it as the workbook's date
    """
    book = xlsxwriter.Workbook(target, _OPTIONS)  # pyright: ignore[reportArgumentType]
    book.set_properties({"created": moment.replace(tzinfo=None), "title": about.title["en"]})
    bold = book.add_format({"bold": True})
    codes = Codes()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    _write_data(book.add_worksheet("data"), codes.watch(tables), about.columns, bold, day)
    _write_texts(
        book.add_worksheet("dictionary"), [Row._fields, *codes.rows(about.columns)], bold, 18
    )
    _write_texts(book.add_worksheet("about"), about.lines(), bold, 28)
    book.close()


def _write_data(
    sheet: Worksheet,
    tables: Iterable[pl.DataFrame],
    columns: Iterable[str],
    bold: Format,
    day: Format,
) -> None:
    columns = list(columns)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 16)
    # Years and codes are text on purpose; Excel would mark each of them with a warning.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.write_row(0, 0, columns, bold)
    row = 1
    for table in tables:
        writers = [_writer(sheet, table.schema[name], day) for name in columns]
        plain = table.with_columns((pl.col(pl.Date) - _EPOCH).dt.total_days()).select(columns)
        for values in plain.iter_rows():
            for column, (value, put) in enumerate(zip(values, writers, strict=True)):
                if value is not None:
                    put(row, column, value)
            row += 1


def _writer(sheet: Worksheet, kind: pl.DataType, day: Format) -> Callable[..., object]:
    if kind == pl.String:
        return sheet.write_string
    if kind == pl.Date:
        return lambda row, column, value: sheet.write_number(row, column, value, day)
    return sheet.write_number


def _write_texts(
    sheet: Worksheet, lines: Iterable[Iterable[str]], bold: Format, width: int
) -> None:
    sheet.set_column(0, 5, width)
    for row, texts in enumerate(lines):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, bold if row == 0 else None)
