"""Learning City Week: a month as grid and as list, and the feeds for calendar programs."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from ckanext.learningcity.logic.languages import current_language
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import today
from ckanext.learningcity.week import feed

from .calls import call

week = Blueprint("learningcity_week", __name__)

_MONTHS = Calendar(firstweekday=0)  # Monday
_FILTERS = ("area", "theme", "organization")
_TITLES = {"area": codelists.areas, "theme": codelists.focal_areas}

Result = Mapping[str, Any]


@week.get("/week", strict_slashes=False)
def index() -> str:
    """Show a month: a grid of days, and all of its sessions in a list."""
    query = {name: tk.request.args.get(name, "") for name in _FILTERS}
    first = _month(tk.request.args.get("month", ""))
    following = (first + timedelta(days=31)).replace(day=1)
    asked = {name: value for name, value in query.items() if value}
    found = _sessions(start=first, end=following - timedelta(days=1), **asked)
    by_day = _by_day(found["results"], found["time_zone"])
    shown = {
        "first": first,
        "previous": (first - timedelta(days=1)).replace(day=1),
        "following": following,
        "weeks": _MONTHS.monthdatescalendar(first.year, first.month),
        "by_day": by_day,
        "count": found["count"],
        "query": query,
        "asked": asked,
        "today": today(),
        "themes": codelists.focal_areas(),
        "places": _places(),
    }
    return tk.render("learningcity/week/index.html", shown)


@week.get("/week.ics")
def calendar() -> AnyResponse:
    """Return the calendar for programs: of all, of a place, a focal area, a host or an event."""
    args = tk.request.args
    asked = {name: args.getlist(name) for name in _FILTERS if args.get(name)}
    if args.get("event"):
        event = call("package_show", id=args["event"])
        if event["type"] != "event":
            return tk.abort(404, tk._("There is no such event."))
        events, name = [event], tk.h.learningcity_title(event)
    else:
        events, name = _events(asked), _name(asked)
    content = feed.calendar(events, name, tk.h.learningcity_text, _address, current_language())
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = "inline; filename=learning-city-week.ics"
    response.add_etag()
    return response.make_conditional(tk.request.environ)


def _sessions(**asked: Any) -> dict[str, Any]:
    try:
        return call("learningcity_session_list", **asked)
    except tk.ValidationError as error:
        return _refused(error)


def _events(asked: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    while True:
        try:
            page = call(
                "learningcity_content_search",
                type="event",
                limit=500,
                offset=len(results),
                **asked,
            )
        except tk.ValidationError as error:
            return _refused(error)
        results += page["results"]
        if not page["results"] or len(results) >= page["count"]:
            return results


def _refused(error: tk.ValidationError) -> Any:
    return tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))


def _name(asked: Mapping[str, list[str]]) -> str:
    named = [tk._("Learning City Week")]
    for kind, codes in asked.items():
        known = _TITLES[kind]() if kind in _TITLES else {}
        for code in ",".join(codes).split(","):
            entry = known.get(code.strip())
            named.append(tk.h.learningcity_text(entry["name"]) if entry else code.strip())
    return " · ".join(named)


def _address(event: Mapping[str, Any]) -> str:
    return tk.url_for("event.read", id=event["name"], locale="default", qualified=True)


def _month(text: str) -> date:
    """Return the first day of the month asked for, `2026-11`; answers 400 to anything else."""
    if not text:
        return today().replace(day=1)
    try:
        return datetime.strptime(f"{text}-01", "%Y-%m-%d").date()  # noqa: DTZ007 - a month
    except ValueError:
        message = tk._("“{found}” is not a month; expected as in {expected}.")
        return tk.abort(400, message.format(found=text, expected="2026-11"))


def _by_day(results: list[Result], time_zone: str) -> dict[date, list[dict[str, Any]]]:
    """Return the sessions by the day on which they begin here."""
    zone, days = ZoneInfo(time_zone), {}
    for result in results:
        start, end = (datetime.fromisoformat(result[name]) for name in ("starts", "ends"))
        own = ZoneInfo(result["time_zone"])
        times = {"start": start.astimezone(own), "end": end.astimezone(own)}
        days.setdefault(start.astimezone(zone).date(), []).append({**result, **times})
    return days


def _places() -> list[Mapping[str, Any]]:
    """Return the places of the cities that have an organization: those that may be hosts."""
    cities = call("learningcity_network_show")
    return [fact["area"] for fact in [*cities["members"], *cities["preparing"]]]
