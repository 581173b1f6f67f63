"""What who signed up is to be told of a session: that it was cancelled, or moved.

What a person was last told is kept with the sign-up, so a change is told once, and one that is
taken back before anybody heard of it not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from babel.dates import format_date

from ckanext.learningcity.tables.periods import BUDDHIST_OFFSET

from .sessions import Session, sessions

State = Mapping[str, Any]


def cancelled(event: Mapping[str, Any]) -> bool:
    """Return whether an event does not take place."""
    return event.get("event_status") == "cancelled"


def of_session(event: Mapping[str, Any], session_id: str) -> dict[str, Any]:
    """Return when and where a session takes place, or that it does not, as JSON."""
    found = next((s for s in sessions(event) if s.id == session_id), None)
    times = found.times() if found else []
    if found is None or not times or cancelled(event):
        return {"cancelled": True}
    return {
        "cancelled": False,
        "starts": times[0][0].isoformat(),
        "ends": times[0][1].isoformat(),
        "time_zone": found.time_zone,
        "repeats": found.repeats,
        "skipped": [day.isoformat() for day in found.skipped],
        "count": len(times),
        "over": times[-1][1].isoformat(),
        "place": _place(found),
    }


def news(told: State, now: State) -> str | None:
    """Return the mail that tells of a change; None where there is nothing to tell.

    Nothing is told of what is over, nor to whom nothing has been noted yet.
    """
    if not told or told == now:
        return None
    over = (told if now["cancelled"] else now).get("over")
    if over and datetime.fromisoformat(over) < datetime.now(timezone.utc):
        return None
    return "event_cancelled" if now["cancelled"] else "event_moved"


def facts(now: State) -> dict[str, Any]:
    """Return what the mail says of when and where: `when` and `place` by language."""
    if now["cancelled"]:
        return {}
    start, zone = datetime.fromisoformat(now["starts"]), now["time_zone"]
    day = {lang: format_date(start, "EEEE d MMMM", locale=lang) for lang in ("en", "th")}
    era = start.year + BUDDHIST_OFFSET
    return {
        "when": {
            "en": f"{day['en']} {start.year}, {start:%H:%M} ({zone})",
            "th": f"{day['th']} พ.ศ. {era} เวลา {start:%H:%M} น. ({zone})",
        },
        "place": now["place"],
    }


def _place(session: Session) -> dict[str, str]:
    """Return venue and address online by language, what lacks a language in the other."""
    venue = session.venue
    texts = venue if isinstance(venue, Mapping) else {"en": venue}
    other = next(filter(None, texts.values()), "")
    return {
        language: ", ".join(filter(None, (texts.get(language) or other, session.online_url)))
        for language in ("en", "th")
    }
