"""What takes place when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.learningcity.content import find
from ckanext.learningcity.logic import week_schema
from ckanext.learningcity.tables.circumstances import today
from ckanext.learningcity.week import signups
from ckanext.learningcity.week.sessions import Session, occurrences

_DAYS = 31  # where no end is asked for
_MOST_DAYS = 366
_ROWS = 500  # a page of package_search
_FILTERS = ("area", "theme", "organization")


@tk.side_effect_free
@tk.validate_action_data(week_schema.session_list)
def learningcity_session_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what takes place between two days, in the order of time; a year at most.

    Filters that take a list may repeat or be separated by commas.

    :param start: the first day, in the portal's time zone; by default today
    :param end: the last day; by default a month later
    :param area: places (list); what lies inside them counts, too
    :param theme: focal areas (list)
    :param organization: names of the hosts (list)
    :param event: name or id of one event
    :returns: `start`, `end`, `time_zone`, `count` and `results`: each with `event` (as
        `package_show`), `session` (id), `title`, `starts` and `ends` (with the offset of the
        session's own `time_zone`), `venue`, `online_url`, `languages`, `cancelled`, and
        `capacity`, `taken`, `waiting` and `left` places (`capacity` and `left` null for no limit)
    """
    tk.check_access("learningcity_session_list", context, data_dict)
    first = data_dict.get("start") or today()
    last = data_dict.get("end") or first + timedelta(days=_DAYS)
    if last < first:
        raise tk.ValidationError({"end": [tk._("The end comes before the beginning.")]})
    if (last - first).days > _MOST_DAYS:
        message = tk._("At most {days} days at once.").format(days=_MOST_DAYS)
        raise tk.ValidationError({"end": [message]})
    zone = ZoneInfo(tk.config["ckan.display_timezone"] or "UTC")
    found = list(_events(context, data_dict))
    results = sorted(_results(found, first, last, zone), key=_order)
    return {
        "start": first.isoformat(),
        "end": last.isoformat(),
        "time_zone": zone.key,
        "count": len(results),
        "results": results,
    }


def _events(context: Context, wanted: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if wanted.get("event"):
        event = tk.get_action("package_show")(Context(context), {"id": wanted["event"]})
        if event["type"] != "event":
            raise tk.ObjectNotFound(tk._("There is no such event."))
        yield event
        return
    filters = {name: wanted[name] for name in _FILTERS if wanted.get(name)}
    offset, count = 0, 1
    while offset < count:
        page = {"type": ["event"], **filters, "limit": _ROWS, "offset": offset}
        found = find.found(context, page)
        yield from found["results"]
        offset, count = offset + _ROWS, found["count"]


def _results(
    events: list[dict[str, Any]], first: date, last: date, zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    start = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    counts = signups.counted(event["id"] for event in events)
    for event in events:
        for session, begins, ends in occurrences(event, start, end):
            counted = counts.get((event["id"], session.id), signups.Counts())
            yield {
                "event": event,
                **described(event, session, counted),
                "starts": begins.isoformat(),
                "ends": ends.isoformat(),
            }


def described(event: Mapping[str, Any], session: Session, counts: signups.Counts) -> dict[str, Any]:
    """Return a session as JSON, with its places."""
    left = None if session.capacity is None else max(0, session.capacity - counts.taken)
    return {
        "session": session.id,
        "title": session.title,
        "time_zone": session.time_zone,
        "repeats": session.repeats,
        "venue": session.venue,
        "online_url": session.online_url,
        "languages": list(session.languages),
        "cancelled": event.get("event_status") == "cancelled",
        "capacity": session.capacity,
        "taken": counts.taken,
        "waiting": counts.waiting,
        "left": left,
    }


def _order(result: Mapping[str, Any]) -> tuple[datetime, str]:
    return datetime.fromisoformat(result["starts"]), result["event"]["name"]
