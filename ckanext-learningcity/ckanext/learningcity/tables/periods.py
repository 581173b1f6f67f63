"""Periods as Thai and international sources write them, with Gregorian limits.

Years from 2400 to 2700 are Buddhist era (ค.ศ. + 543), 1900 to 2100 Gregorian; two digits could be
either and are refused. What has been converted is Gregorian and is never converted again, because
the ranges do not meet.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

BUDDHIST_OFFSET = 543
BUDDHIST_YEARS = range(2400, 2701)
GREGORIAN_YEARS = range(1900, 2101)

_MARKS = {
    "fiscal": re.compile(r"ปีงบประมาณ|งปม\.?|fiscal\s*year|\bfy(?=\b|\d)", re.IGNORECASE),
    "academic": re.compile(r"ปีการศึกษา|academic\s*year|school\s*year", re.IGNORECASE),
}
_BUDDHIST_MARK = re.compile(r"พ\.?\s*ศ\.?|\bb\.?e\.?(?![a-z])", re.IGNORECASE)
_GREGORIAN_MARK = re.compile(r"ค\.?\s*ศ\.?|\b(c\.?e|a\.?d)\.?(?![a-z])", re.IGNORECASE)
_SHAPE = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|S(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?"
)
_BETWEEN = r"\s*[/-]?\s*(?:ปี)?\s*"
_QUARTER_WORD = r"(?:ไตรมาส(?:\s*ที่)?|quarter|q)"
_QUARTERS = (
    re.compile(rf"{_QUARTER_WORD}\s*(?P<part>[1-4]){_BETWEEN}(?P<year>\d+)", re.IGNORECASE),
    re.compile(rf"(?P<year>\d+){_BETWEEN}{_QUARTER_WORD}\s*(?P<part>[1-4])", re.IGNORECASE),
)
#: Months as they are written, in full and short, with or without dots, in the order of the year.
_MONTH_NAMES = (
    r"มกราคม|ม\.?ค\.?|jan(?:uary|\.)?",
    r"กุมภาพันธ์|ก\.?พ\.?|feb(?:ruary|\.)?",
    r"มีนาคม|มี\.?ค\.?|mar(?:ch|\.)?",
    r"เมษายน|เม\.?ย\.?|apr(?:il|\.)?",
    r"พฤษภาคม|พ\.?ค\.?|may",
    r"มิถุนายน|มิ\.?ย\.?|june?\.?",
    r"กรกฎาคม|ก\.?ค\.?|july?\.?",
    r"สิงหาคม|ส\.?ค\.?|aug(?:ust|\.)?",
    r"กันยายน|ก\.?ย\.?|sep(?:tember|t?\.)?",
    r"ตุลาคม|ต\.?ค\.?|oct(?:ober|\.)?",
    r"พฤศจิกายน|พ\.?ย\.?|nov(?:ember|\.)?",
    r"ธันวาคม|ธ\.?ค\.?|dec(?:ember|\.)?",
)
_MONTH = re.compile(
    r"(?:เดือน)?\s*(?:"
    + "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTH_NAMES, start=1))
    + rf"){_BETWEEN}(?P<year>\d+)",
    re.IGNORECASE,
)


class PeriodError(ValueError):
    """A period that cannot be understood; `code` is the validation code.

    `code` is `period_two_digits`, `period_range`, `period_era` or `period_format`.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code
        self.text = text


@dataclass(frozen=True)
class Period:
    """A period: `time_period` is Gregorian (2024, 2024-Q1, 2024-S1, 2024-03)."""

    time_period: str
    period_type: str
    start: date
    end: date
    original: str


def parse_period(text: str, period_type: str = "calendar") -> Period:
    """Return the period that `text` names.

    :param text: `2567`, `2024`, `ปีงบประมาณ ๒๕๖๗`, `พ.ศ. 2567`, `2024-Q1`, `2567-03`, `ม.ค. 2566`,
        `ไตรมาส 1/2566`
    :param period_type: the kind of year where the text does not say it
    :raises PeriodError: two digits, a year outside both ranges, or another shape
    """
    rest = unicodedata.normalize("NFKC", text).strip()
    rest = "".join(str(unicodedata.digit(char, char)) for char in rest)
    marked = next((kind for kind, mark in _MARKS.items() if mark.search(rest)), None)
    if marked:
        rest, period_type = _MARKS[marked].sub("", rest), marked
    era = _era(rest)
    rest = _BUDDHIST_MARK.sub("", _GREGORIAN_MARK.sub("", rest))
    rest = re.sub(r"^(ปี|year)", "", rest.strip(), flags=re.IGNORECASE).strip()
    rest = re.sub(r"\.0+$", "", rest)  # a year that a spreadsheet kept as a number
    named = _by_name(rest)
    if re.fullmatch(r"\d{2}", named.partition("-")[0] if named != rest else rest):
        raise PeriodError("period_two_digits", text)
    shape = _SHAPE.fullmatch(named.upper())
    # A month of a fiscal year may lie in either of two years: which one, only its writer knows.
    if not shape or (marked and shape["month"] and named != rest):
        raise PeriodError("period_format", text)
    year = gregorian_year(int(shape["year"]), text, era)
    suffix = shape[0][4:]
    start, end = _limits(year, period_type, shape)
    return Period(f"{year}{suffix}", period_type, start, end, text.strip())


def _by_name(text: str) -> str:
    """Return `2566-01` for `ม.ค. 2566` and `2566-Q1` for `ไตรมาส 1/2566`; else the text itself."""
    for shape in _QUARTERS:
        if quarter := shape.fullmatch(text):
            return f"{quarter['year']}-Q{quarter['part']}"
    if month := _MONTH.fullmatch(text):
        number = next(n for n in range(1, 13) if month[f"m{n}"])
        return f"{month['year']}-{number:02}"
    return text


def gregorian_year(year: int, text: str = "", era: str | None = None) -> int:
    """Return the Gregorian year of a four-digit Buddhist or Gregorian one.

    :raises PeriodError: the year is in neither range, or the era mark contradicts it
    """
    if year in BUDDHIST_YEARS and era != "gregorian":
        return year - BUDDHIST_OFFSET
    if year in GREGORIAN_YEARS and era != "buddhist":
        return year
    code = "period_era" if year in (*BUDDHIST_YEARS, *GREGORIAN_YEARS) else "period_range"
    raise PeriodError(code, text or str(year))


def _era(text: str) -> str | None:
    if _BUDDHIST_MARK.search(text):
        return "buddhist"
    return "gregorian" if _GREGORIAN_MARK.search(text) else None


def _limits(year: int, period_type: str, shape: re.Match[str]) -> tuple[date, date]:
    """Return the first and last day.

    A Thai fiscal year runs from October to September and is named by the year it ends in; an
    academic year runs from mid-May to the end of March and is named by the year it starts in.
    """
    first_month = 10 if period_type == "fiscal" else 1
    first_year = year - 1 if period_type == "fiscal" else year
    if shape["month"]:
        return _months(year, int(shape["month"]), 1)
    if shape["quarter"]:
        return _months(first_year, first_month + 3 * (int(shape["quarter"]) - 1), 3)
    if shape["half"]:
        return _months(first_year, first_month + 6 * (int(shape["half"]) - 1), 6)
    if period_type == "academic":
        last_day = calendar.monthrange(year + 1, 3)[1]
        return date(year, 5, 16), date(year + 1, 3, last_day)
    return _months(first_year, first_month, 12)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """Return the first day of `month` and the last of `count` months; `month` may exceed 12."""
    start = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = month + count
    following = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return start, following - timedelta(days=1)
