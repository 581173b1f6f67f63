"""Solr's dates: ISO 8601 in UTC, and date mathematics such as ``NOW-1YEAR/DAY``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from dateutil.relativedelta import relativedelta

_ISO = re.compile(
    r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?(?:[T ](\d\d?)(?::(\d\d))?(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
_STEP = re.compile(r"(?:(?P<sign>[+-])(?P<count>\d{1,6})|(?P<round>/))(?P<unit>[A-Z]+?)S?(?![A-Z])")
_MIDNIGHT = relativedelta(hour=0, minute=0, second=0, microsecond=0)
# unit: (one of it, what rounds down to it)
_UNITS = {
    "YEAR": (relativedelta(years=1), relativedelta(month=1, day=1) + _MIDNIGHT),
    "MONTH": (relativedelta(months=1), relativedelta(day=1) + _MIDNIGHT),
    "DAY": (relativedelta(days=1), _MIDNIGHT),
    "DATE": (relativedelta(days=1), _MIDNIGHT),
    "HOUR": (relativedelta(hours=1), relativedelta(minute=0, second=0, microsecond=0)),
    "MINUTE": (relativedelta(minutes=1), relativedelta(second=0, microsecond=0)),
    "SECOND": (relativedelta(seconds=1), relativedelta(microsecond=0)),
}


def parse(text: str) -> datetime | None:
    """The instant that ``text`` names, or ``None`` if it names none.

    Accepts ``NOW`` or an ISO date of any precision, followed by steps such as ``-7DAYS`` and
    ``/MONTH`` (round down).
    """
    text = text.strip()
    if text.startswith("NOW"):
        start, rest = datetime.now(timezone.utc), text[3:]
    else:
        match = _ISO.match(text)
        start, rest = _iso(match), text[match.end() :] if match else ""
    return _apply(start, rest) if start else None


def canonical(value: datetime) -> str:
    """Fixed width, so that text order is time order."""
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def solr(value: datetime) -> str:
    """As Solr answers: milliseconds, without trailing zeros."""
    utc = value.astimezone(timezone.utc)
    fraction = f"{utc.microsecond // 1000:03}".rstrip("0")
    return utc.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}Z" if fraction else "Z")


def _iso(match: re.Match[str] | None) -> datetime | None:
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction = match.groups()[:7]
    try:
        moment = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "").ljust(6, "0")),
            tzinfo=timezone.utc,
        )
        return moment - _offset(match["zone"])
    except (OverflowError, ValueError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))


def _apply(moment: datetime, steps: str) -> datetime | None:
    while steps:
        match = _STEP.match(steps)
        if match is None or match["unit"] not in _UNITS:
            return None
        one, floor = _UNITS[match["unit"]]
        count = int(f"{match['sign']}{match['count']}") if match["sign"] else 0
        try:
            moment += floor if match["round"] else one * count
        except (OverflowError, ValueError):
            return None
        steps = steps[match.end() :]
    return moment
