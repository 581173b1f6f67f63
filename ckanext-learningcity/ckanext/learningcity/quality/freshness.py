"""When a dataset's next data are due, from the frequency that its publisher promised."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from .framework import frequencies

_DAYS_A_MONTH = 30.4375
_SATURDAY = 5
_NO_YEAR = 9000  # a date near the end of the calendar is a slip, and has no next period


def today() -> date:
    """Return today's date in UTC, in which CKAN keeps its times."""
    return datetime.now(timezone.utc).date()


@dataclass(frozen=True)
class Freshness:
    """How fresh a dataset is.

    `modified` is the day of its newest data, None where it has none; `due` the day new data should
    come, `overdue` the day on which they are late. Both are None without a promise.
    """

    frequency: str
    modified: date | None
    due: date | None = None
    overdue: date | None = None
    final: bool = False

    def state(self, today: date) -> str:
        """Return `current`, `due`, `overdue` or `unknown`."""
        if self.final:
            return "current"
        if self.due is None or self.overdue is None:
            return "unknown"
        if today < self.due:
            return "current"
        return "due" if today < self.overdue else "overdue"


def of(dataset: Mapping[str, Any]) -> Freshness:
    """Return the freshness of a dataset's record.

    The age is that of its files: a corrected description is no new data. What the record does not
    say, or says in a way that is not known, gives no due date.
    """
    frequency = str(dataset.get("update_frequency_unit") or "unknown")
    modified = _modified(dataset)
    rule = frequencies().get(frequency, {})
    if modified is None:
        return Freshness(frequency, None)
    if rule.get("final"):
        return Freshness(frequency, modified, final=True)
    due = _after(modified, rule, _times(dataset))
    late = due + timedelta(days=rule["grace"]) if due else None
    return Freshness(frequency, modified, due, late)


def _modified(dataset: Mapping[str, Any]) -> date | None:
    moments = (
        resource.get("last_modified") or resource.get("created")
        for resource in dataset.get("resources") or ()
    )
    return max(filter(None, map(_day, moments)), default=None)


def _day(moment: Any) -> date | None:
    try:
        day = datetime.fromisoformat(str(moment).replace("Z", "+00:00")).date()
    except ValueError:
        return None
    return day if day.year < _NO_YEAR else None


def _times(dataset: Mapping[str, Any]) -> int:
    """Return how many times in its unit a dataset is updated, at least once."""
    times = str(dataset.get("update_frequency_interval") or "1")
    return max(1, int(times)) if times.isdecimal() and len(times) < 5 else 1


def _after(start: date, rule: Mapping[str, Any], times: int) -> date | None:
    """Return the day one period of `rule` after `start`, None for a rule without a length."""
    if months := rule.get("months"):
        if months % times == 0:
            return _add_months(start, months // times)
        return start + timedelta(days=max(1, round(months * _DAYS_A_MONTH / times)))
    if days := rule.get("days"):
        return start + timedelta(days=max(1, days // times))
    if rule.get("working_days"):
        return _next_working_day(start)
    return None


def _add_months(start: date, months: int) -> date:
    """Return the same day `months` later; the 31st of a shorter month is its last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _next_working_day(start: date) -> date:
    """Return the next day from Monday to Friday; public holidays are not known here."""
    day = start + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
