"""Calendars for calendar programs: iCalendar, RFC 5545, by the library `icalendar`.

A session keeps its `UID` for ever; `SEQUENCE` counts the seconds from the making of the event to
its last change, so it grows with every change and needs no counter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from icalendar import Calendar, Event, vText

from .sessions import Session, sessions

PRODUCT = "-//Learning City Open Data//ckanext-learningcity//"
_REFRESH = timedelta(hours=6)
_YEAR = timedelta(days=366)  # so that the rule of the clocks before and after is told, too

Text = Callable[[Any], str]


def calendar(
    events: Iterable[Mapping[str, Any]],
    name: str,
    text: Text,
    address: Callable[[Mapping[str, Any]], str],
    language: str,
) -> bytes:
    """Return a calendar of all sessions of `events`.

    :param events: dictionaries of `package_show`
    :param name: of the calendar, as a subscriber sees it
    :param text: gives a two-language text in the reader's language
    :param address: gives the address of an event's page
    """
    made = Calendar()
    made.add("prodid", f"{PRODUCT}{language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", vText(" ".join(plain(name).split())))  # it is no text by itself
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    days = []
    for event in events:
        for session in sessions(event):
            times = session.times()
            if times:
                made.add_component(_component(event, session, text, address(event)))
                days += [times[0][0].date(), times[-1][1].date()]
    if days:
        made.add_missing_timezones(first_date=min(days) - _YEAR, last_date=max(days) + _YEAR)
    return made.to_ical()


def uid(event_id: str, session_id: str) -> str:
    """Return the mark by which calendar programs know a session again."""
    return f"{event_id}.{session_id}@learningcity"


def plain(text: str) -> str:
    """Return text without control characters; lines are kept, the library escapes them."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in kept if c == "\n" or unicodedata.category(c)[0] != "C")


def _component(event: Mapping[str, Any], session: Session, text: Text, address: str) -> Event:
    created, modified = (_utc(event[f"metadata_{name}"]) for name in ("created", "modified"))
    component = Event()
    component.add("uid", uid(event["id"], session.id))
    component.add("sequence", max(0, int((modified - created).total_seconds())))
    component.add("dtstamp", modified)
    component.add("created", created)
    component.add("last-modified", modified)
    component.add("dtstart", session.start)
    component.add("dtend", session.end)
    if session.repeats and session.until:
        component.add("rrule", _rule(session.repeats, session.until, session.start))
        for day in session.skipped:
            component.add("exdate", datetime.combine(day, session.start.timetz()))
    cancelled = event.get("event_status") == "cancelled"
    component.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    title = " – ".join(filter(None, (text(event["title_translated"]), text(session.title))))
    component.add("summary", plain(title))
    component.add("description", plain(_description(event, session, text)))
    where = ", ".join(filter(None, (text(session.venue), session.online_url)))
    if where:
        component.add("location", plain(where))
    if session.point:
        component.add("geo", session.point)
    component.add("url", address)
    return component


def _description(event: Mapping[str, Any], session: Session, text: Text) -> str:
    parts = [text(event.get("notes_translated") or ""), session.online_url]
    return "\n\n".join(filter(None, parts))


def _rule(repeats: str, until: date, start: datetime) -> dict[str, Any]:
    last = datetime.combine(until, time(23, 59, 59), start.tzinfo)
    return {"freq": repeats.upper(), "until": last.astimezone(timezone.utc)}


def _utc(moment: str) -> datetime:
    """Return what CKAN writes without a zone, in UTC, to the second."""
    return datetime.fromisoformat(moment).replace(microsecond=0, tzinfo=timezone.utc)
