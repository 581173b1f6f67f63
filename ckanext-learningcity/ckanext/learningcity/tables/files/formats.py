"""Formats of numbers in an XLSX: which cells show a percentage, and which a date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from .sheet import attribute, ends

PERCENT = "percent"
DATE = "date"

#: Formats that Excel knows by number alone; 67 to 81 are those of a Thai Excel.
_PERCENTS = {9, 10, 67, 68}
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}

_LITERAL = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhsb]|ปป|ดด", re.IGNORECASE)

_DAY_ONE = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - no zones


def kinds(styles: bytes) -> dict[str, str]:
    """Return `PERCENT` or `DATE` by the number of each cell style in `styles.xml` that is one."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    for name, element in ends(styles, "numFmt", "cellXfs"):
        if name == "numFmt":
            codes[attribute(element, "numFmtId") or ""] = attribute(element, "formatCode") or ""
        else:
            numbers = [attribute(style, "numFmtId") or "0" for style in element]
    found = {str(at): _kind(number, codes.get(number)) for at, number in enumerate(numbers)}
    return {style: kind for style, kind in found.items() if kind}


def _kind(number: str, code: str | None) -> str | None:
    if code is None:
        at = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
        return PERCENT if at in _PERCENTS else DATE if at in _DATES else None
    plain = _LITERAL.sub("", code)
    if "%" in plain:
        return PERCENT
    return DATE if _DATE_LETTERS.search(plain) else None


def shown_date(written: str, *, from_1904: bool) -> str:
    """Return the moment that a number of days stands for, as ISO writes it, without midnight."""
    try:
        days = float(written)
        early = not from_1904 and 0 < days < 60  # Excel counts a 29 February 1900 that never was
        moment = _DAY_ONE[from_1904] + timedelta(days=days + early)
    except (ValueError, OverflowError):
        return written
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if abs(days) < 1:
        return moment.time().isoformat()
    return moment.isoformat().removesuffix("T00:00:00")
