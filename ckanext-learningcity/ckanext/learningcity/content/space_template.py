"""The workbook in which a city lists its learning spaces: `/spaces/template.xlsx`."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ckanext.learningcity.tables import codelists

from .space_rows import choice_names

SHEET = "spaces"

_LISTS = "lists"
_ROWS = 5_000  # to which a drop-down list reaches
_WIDTH = 24
_LEFT_OUT = ("title", "notes", "address", "opening_hours", "operator")  # have a column a language

# Text stays text: neither "=1+1" nor an address becomes anything that a click runs.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write(language: str) -> bytes:
    """Return the workbook with headings, drop-down lists and what is accepted, in `language`."""
    target = io.BytesIO()
    columns = [
        entry
        for entry in codelists.content("space_columns").values()
        if entry["id"] not in _LEFT_OUT
    ]
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        sheet, lists = book.add_worksheet(SHEET), book.add_worksheet(_LISTS)
        bold = book.add_format({"bold": True, "bg_color": "#E5EEF5", "bottom": 1})
        for at, entry in enumerate(columns):
            sheet.write_string(0, at, entry["name"][language], bold)
            names = choice_names(entry["id"], language)
            if names:
                _offer(sheet, lists, at, entry["name"][language], names)
        sheet.set_column(0, len(columns) - 1, _WIDTH)
        lists.set_column(0, len(columns) - 1, _WIDTH)
        sheet.freeze_panes(1, 2)
    return target.getvalue()


def _offer(sheet: Worksheet, lists: Worksheet, at: int, heading: str, names: Sequence[str]) -> None:
    """Write the choices to the second sheet, and let the cells of a column offer them.

    A cell may hold several names with commas, so what is not in the list is a warning only.
    """
    lists.write_string(0, at, heading)
    for row, name in enumerate(names, start=1):
        lists.write_string(row, at, name)
    letter = xl_col_to_name(at)
    source = f"={_LISTS}!${letter}$2:${letter}${len(names) + 1}"
    options = {"validate": "list", "source": source, "error_type": "information"}
    sheet.data_validation(1, at, _ROWS, at, options)
