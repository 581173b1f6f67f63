"""The drop-down lists of the template, the sheet that they come from, and the rule for values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from . import codelists
from .layout import LISTS, letters
from .model import DIMENSIONS
from .template_rows import Row, places_within

#: Rows below the last one that have the rules, too.
SPARE_ROWS = 200

#: Excel shows no longer one.
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255

#: Larger than any value, for an indicator without limits.
_ANY = 1e15


def codes(area: str, rows: Iterable[Row]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return the codes of each column that has some, with their names in Thai and English.

    Places are `area`, what lies in it, and those that stand in `rows`.
    """
    places = {code: codelists.areas()[code] for code in (area, *places_within(area))}
    places |= {row.area: codelists.areas()[row.area] for row in rows}
    found = {
        "INDICATOR": _named(codelists.reported_indicators()),
        "REF_AREA": _named(places),
        "PERIOD_TYPE": _named(codelists.period_types()),
        "OBS_STATUS": _named(codelists.statuses()),
    }
    for name in DIMENSIONS:
        entries = codelists.breakdowns()[name]["codes"]
        found[name] = {code: (entry["th"], entry["en"]) for code, entry in entries.items()}
    return found


def write_lists(
    sheet: Worksheet, lists: Mapping[str, Mapping[str, tuple[str, str]]], head: Format
) -> dict[str, str]:
    """Write the codes beside their names, and return where those of each column stand."""
    ranges: dict[str, str] = {}
    sheet.freeze_panes(1, 0)
    for number, (name, named) in enumerate(lists.items()):
        column = 3 * number
        sheet.set_column(column, column, 18)
        sheet.set_column(column + 1, column + 2, 30)
        for at, heading in enumerate((name, "ไทย", "English")):
            sheet.write_string(0, column + at, heading, head)
        for row, (code, names) in enumerate(named.items(), start=1):
            for at, text in enumerate((code, *names)):
                sheet.write_string(row, column + at, text)
        letter = letters(column)
        ranges[name] = f"={LISTS}!${letter}$2:${letter}${len(named) + 1}"
    return ranges


def add(
    sheet: Worksheet, columns: Sequence[str], rows: Sequence[Row], ranges: Mapping[str, str]
) -> None:
    """Add the drop-down lists and the rule of values to the sheet of observations.

    A rule warns and does not forbid: the reader also knows names, and signs for no value.
    """
    words = codelists.workbook_words("cells")
    last = len(rows) + SPARE_ROWS
    for name, source in ranges.items():
        at = columns.index(name)
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, at, last, at, {**rule, "error_message": both(words["list"])})
    at, first = columns.index("OBS_VALUE"), 1
    for indicator, block in groupby(rows, key=lambda row: row.indicator):
        end = first + len(list(block)) - 1
        sheet.data_validation(first, at, end, at, _of_values(codelists.indicators()[indicator]))
        first = end + 1
    sheet.data_validation(first, at, last, at, _of_values({}))


def both(texts: Mapping[str, str]) -> str:
    """Return a text in both languages, Thai above English."""
    return f"{texts['th']}\n{texts['en']}"


def _of_values(indicator: Mapping[str, object]) -> dict[str, object]:
    """Return the rule of the values of an indicator, with its name, unit and range as help."""
    words = codelists.workbook_words("cells")
    low, high = indicator.get("minimum"), indicator.get("maximum")
    rule: dict[str, object] = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -_ANY if low is None else low,
        "maximum": _ANY if high is None else high,
        "error_type": "warning",
        "error_message": both(words["number"]),
    }
    if indicator:
        rule["input_title"] = str(indicator["id"])[:_LONGEST_TITLE]
        rule["input_message"] = _help(indicator)[:_LONGEST_MESSAGE]
    return rule


def _help(indicator: Mapping[str, object]) -> str:
    low, high = indicator.get("minimum"), indicator.get("maximum")
    limits = {"th": "", "en": ""}
    if low is not None and high is not None:
        limits = dict.fromkeys(limits, f": {low}–{high}")
    elif low is not None:
        limits = dict.fromkeys(limits, f": ≥ {low}")
    unit = codelists.units()[str(indicator["unit"])]["name"]
    names: Mapping[str, str] = indicator["name"]  # type: ignore[assignment]
    return both({code: f"{names[code]} ({unit[code]}){limits[code]}" for code in limits})


def _named(entries: Mapping[str, codelists.Entry]) -> dict[str, tuple[str, str]]:
    return {code: (entry["name"]["th"], entry["name"]["en"]) for code, entry in entries.items()}
