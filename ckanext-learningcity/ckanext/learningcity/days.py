"""Days and moments in words, written one way on every page: the day before the month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone

import ckan.plugins.toolkit as tk
from babel.dates import format_date

from .views.era import era
from .words import learningcity_year

_DAY = "d MMMM"


def learningcity_day(day: date, pattern: str = "EEEE d MMMM") -> str:
    """Return a day in words with its year: `Thursday 26 November 2026`, in Thai with the era.

    :param pattern: what stands before the year, as Babel has it
    """
    return f"{format_date(day, pattern, locale=tk.h.lang())} {_year(day)}"


def learningcity_moment(moment: datetime, pattern: str = _DAY) -> str:
    """Return a day and the time of its clock: `26 November 2026, 10:30`."""
    return _with_time(learningcity_day(moment, pattern), f"{moment:%H:%M}")


@tk.chained_helper
def render_datetime(
    next_helper: Callable[..., str],
    datetime_: datetime | str | None,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Return a date of CKAN's as our own pages write days.

    CKAN has the month first in English, Gregorian years in Thai, and with hours the year of the
    week, which on some days is not the day's own.
    """
    if date_format:
        return next_helper(datetime_, date_format)
    local = _here(datetime_)
    if local is None:
        return ""
    day = learningcity_day(local, _DAY)
    if not (with_hours or with_seconds):
        return day
    time = f"{local:%H:%M:%S}" if with_seconds else f"{local:%H:%M}"
    return f"{_with_time(day, time)} ({local:%Z})"


def _here(moment: datetime | str | None) -> datetime | None:
    """Return a moment by the portal's clock; CKAN keeps its own in UTC without saying so."""
    try:
        found = tk.h.date_str_to_datetime(moment) if isinstance(moment, str) else moment
        if not isinstance(found, datetime):
            return None
        known = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
        return known.astimezone(tk.h.get_display_timezone())
    except (TypeError, ValueError, OverflowError):
        return None


def _with_time(day: str, time: str) -> str:
    return tk._("{day}, {time}").format(day=day, time=time)


def _year(day: date) -> str:
    """Return the year as the reader counts it, with the era where it is not plain."""
    year = learningcity_year(f"{day.year:04d}")
    if era() == "be":
        return f"{tk._('B.E.')} {year}"
    return f"{tk._('C.E.')} {year}" if tk.h.lang() == "th" else year
