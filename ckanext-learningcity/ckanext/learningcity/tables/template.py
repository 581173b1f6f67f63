"""The template: a workbook that asks a place for its indicators and reads back without a mapping.

It carries all current observations of one dataset, because an upload is a dataset's whole new
state, and below those of each series the row to fill in (`template_rows`). The name
`layout.TEMPLATE` in the workbook tells the reader that rows left empty are no fault.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from . import codelists, template_rules
from .layout import INSTRUCTIONS, LISTS, TEMPLATE
from .model import DIMENSIONS
from .template_rows import Row, rows

SHEET = "data"

#: The columns of the sheet of observations, and how wide they are.
COLUMNS = {
    "INDICATOR": 30,
    "INDICATOR_NAME": 44,
    "REF_AREA": 16,
    "REF_AREA_NAME": 28,
    "PERIOD_TYPE": 14,
    "TIME_PERIOD": 16,
    "OBS_VALUE": 14,
    "UNIT_NAME": 22,
    "OBS_STATUS": 13,
    "COMMENT_OBS": 30,
    **dict.fromkeys(DIMENSIONS, 13),
    "EVIDENCE": 30,
    "DEMONSTRATION": 34,
}
_ASKED = ("OBS_VALUE", "OBS_STATUS", "COMMENT_OBS", "EVIDENCE")
_FROZEN = 2  # columns that stay in sight: code and name of the indicator

# Text stays text: neither "=1+1" nor an address becomes anything that a click runs.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Template:
    """What a template is made for.

    `table` has the current observations of the dataset, with `model.SCHEMA`, and is empty where
    there is no dataset; `titles` are the dataset's by language. `address` is the page for the
    upload. Counts of persons under `small_count` are not published. `made` is the moment that the
    workbook is said to be of, in UTC, and `today` the day from which periods have begun.
    """

    area: str
    table: pl.DataFrame
    address: str
    made: datetime
    today: date
    titles: Mapping[str, str] = field(default_factory=dict)
    demonstration: bool = False
    small_count: int = 0


def write(template: Template) -> bytes:
    """Return the workbook; the same template makes the same bytes.

    :raises KeyError: the place is not in the code list
    """
    target = io.BytesIO()
    lines = rows(template.table, template.area, template.today)
    columns = [name for name in COLUMNS if name != "DEMONSTRATION" or template.demonstration]
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"created": template.made.replace(tzinfo=None), "title": SHEET})
        head = book.add_format({"bold": True, "bg_color": "#E5EEF5", "bottom": 1})
        grey = book.add_format({"font_color": "#6B6B6B"})
        yellow = book.add_format({"bg_color": "#FFF6CC", "border": 1, "border_color": "#D9C77A"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"text_wrap": True, "bold": True, "font_size": 14})
        _write_instructions(book.add_worksheet(INSTRUCTIONS), template, wrap, bold)
        sheet = book.add_worksheet(SHEET)
        lists = template_rules.codes(template.area, lines)
        ranges = template_rules.write_lists(book.add_worksheet(LISTS), lists, head)
        _write_head(sheet, columns, head)
        for at, line in enumerate(lines, start=1):
            _write_row(sheet, at, columns, line, yellow if line.open else grey)
        template_rules.add(sheet, columns, lines, ranges)
        book.define_name(TEMPLATE, f"={SHEET}!$A$1")
    return target.getvalue()


def _write_instructions(sheet: Worksheet, template: Template, wrap: Format, bold: Format) -> None:
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    row = 0
    for language in ("th", "en"):
        for at, line in enumerate(_instructions(template, language)):
            sheet.write_string(row, 0, line, wrap if at else bold)
            row += 1
        row += 1


def _instructions(template: Template, language: str) -> Iterator[str]:
    given = {
        "dataset": template.titles.get(language),
        "demonstration": template.demonstration,
        "small_count": template.small_count > 1,
    }
    words = {
        "place": codelists.areas()[template.area]["name"][language],
        "dataset": template.titles.get(language, ""),
        "address": template.address,
        "most": template.small_count - 1,
    }
    for line in codelists.template_instructions():
        if given.get(line.get("needs", ""), True):
            yield str(line[language]).format(**words)


def _write_head(sheet: Worksheet, columns: Sequence[str], head: Format) -> None:
    notes = codelists.workbook_words("notes")
    sheet.freeze_panes(1, _FROZEN)
    # Years and codes are text on purpose; Excel would mark each of them with a warning.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for at, name in enumerate(columns):
        sheet.set_column(at, at, COLUMNS[name])
        sheet.write_string(0, at, name, head)
        note = template_rules.both(notes["BREAKDOWN" if name in DIMENSIONS else name])
        if name in DIMENSIONS:
            thai, english = note.split("\n")
            names = codelists.breakdowns()[name]["name"]
            note = f"{thai.format(name=names['th'])}\n{english.format(name=names['en'])}"
        sheet.write_comment(0, at, note, {"x_scale": 2, "y_scale": 1.2})


def _write_row(
    sheet: Worksheet, at: int, columns: Sequence[str], line: Row, format_: Format
) -> None:
    """Write one row; of an open one only the cells that wait for something are coloured."""
    for column, name in enumerate(columns):
        value = _readable(line, name) if name not in line.cells else line.cells[name]
        own = format_ if not line.open or name in _ASKED else None
        number = _as_number(name, value)
        if number is not None:
            sheet.write_number(at, column, number, own)
        elif value:
            sheet.write_string(at, column, str(value), own)
        elif own:
            sheet.write_blank(at, column, None, own)


def _as_number(name: str, value: object) -> float | None:
    """Return a value or a plain year as a number, if a spreadsheet keeps all of its digits."""
    if name == "TIME_PERIOD":
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() else None
    exact = isinstance(value, float) and float(f"{value:.15g}") == value
    return value if exact else None  # type: ignore[return-value]


def _readable(line: Row, name: str) -> str | None:
    """Return what a column says that is there for people only."""
    indicator = codelists.indicators()[line.indicator]
    texts = {
        "INDICATOR_NAME": indicator["name"],
        "REF_AREA_NAME": codelists.areas()[line.area]["name"],
        "UNIT_NAME": codelists.units()[indicator["unit"]]["name"],
        "DEMONSTRATION": codelists.workbook_words("cells")["demonstration"],
    }
    if name not in texts or (name == "DEMONSTRATION" and line.open):
        return None
    return f"{texts[name]['th']} / {texts[name]['en']}"
