"""Template helpers of Learning City Week: sessions in words and in forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from babel.dates import format_date, get_timezone_name
from ckan import model

from ckanext.learningcity.week import consent, sessions, signups

from .action.sessions import described
from .event_fields import TEXTS, learningcity_session_rows

__all__ = [
    "learningcity_consent",
    "learningcity_consent_days",
    "learningcity_event_sessions",
    "learningcity_session_fields",
    "learningcity_time",
    "learningcity_weekday",
]

_BLANK = 2  # rows to fill in below those that there are


def learningcity_session_fields(data: Mapping[str, Any], errors: Any) -> list[dict[str, Any]]:
    """Return the rows of the form: `{values, errors, open}`, blank ones last.

    What is wrong with a text in two languages stands at its first input.
    """
    rows = learningcity_session_rows(data)
    faults = errors if isinstance(errors, list) else []
    faults = [_by_input(fault) if isinstance(fault, Mapping) else {} for fault in faults]
    found = [
        {"values": row, "errors": faults[n] if n < len(faults) else {}, "open": True}
        for n, row in enumerate(rows)
    ]
    blank = [{"values": {}, "errors": {}, "open": False} for _ in range(_BLANK)]
    return found + blank


def _by_input(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_th" if name in TEXTS else name: texts for name, texts in fault.items()}


def learningcity_event_sessions(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the sessions of an event with their places, and `starts`, `ends`, `until`, `over`."""
    counts = signups.of_event(event["id"])
    now = datetime.now(ZoneInfo("UTC"))
    found = []
    for session in sessions.sessions(event):
        times = session.times()
        if times:
            about = described(event, session, counts.get(session.id, signups.Counts()))
            following = next((start for start, end in times if end > now), None)
            found.append(
                {
                    **about,
                    "starts": times[0][0],
                    "ends": times[0][1],
                    "last": times[-1][0],
                    "next": following,
                    "over": following is None,
                }
            )
    return found


def learningcity_weekday(day: date, pattern: str) -> str:
    """Return the name of a day of the week: `EEEE` in full, `EEEEEE` short."""
    return format_date(day, pattern, locale=tk.h.lang())


def learningcity_time(start: datetime, end: datetime | None = None) -> str:
    """Return a time of day, and where that is not the portal's time, whose it is and the portal's.

    `09:00–10:30`, or `09:00–10:30 (United Kingdom Time; 15:00 here)`.
    """
    here = ZoneInfo(tk.config["ckan.display_timezone"] or "UTC")
    text = f"{start:%H:%M}" + (f"–{end:%H:%M}" if end else "")
    local = start.astimezone(here)
    if local.utcoffset() == start.utcoffset():
        return text
    zone = get_timezone_name(start, locale=tk.h.lang())
    day = "" if local.date() == start.date() else f"{format_date(local, 'd MMM', tk.h.lang())} "
    return f"{text} ({zone}; " + tk._("{time} here").format(time=f"{day}{local:%H:%M}") + ")"


def learningcity_consent(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the text that one agrees to: `{id, text}`, in the reader's language."""
    current = consent.current()
    organization = event.get("organization") or {}
    host = model.Group.get(organization.get("id")) if organization else None
    name = tk.h.learningcity_title(tk.h.get_organization(host.name)) if host else ""
    text = tk.h.learningcity_text(current["text"])
    return {"id": current["id"], "text": text.format(host=name, days=learningcity_consent_days())}


def learningcity_consent_days() -> int:
    """Return for how many days after a session the data of persons are kept."""
    return tk.config["ckanext.learningcity.signups_kept"]
