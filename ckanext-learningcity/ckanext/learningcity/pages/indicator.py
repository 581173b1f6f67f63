"""Indicators: the list by focal area, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables.codelists import area_levels, breakdowns, focal_areas, indicators
from ckanext.learningcity.views.trend import COUNTRY, MOST_PLACES, Trend, describe, load_trend

indicator = Blueprint("learningcity_indicator", __name__, url_prefix="/indicator")


Entry = Mapping[str, Any]


@indicator.get("/", strict_slashes=False)
def index() -> str:
    """List indicators by focal area, optionally those whose name or definition has a word."""
    q, focal_area = (tk.request.args.get(name, "") for name in ("q", "focal_area"))
    if focal_area and focal_area not in focal_areas():
        tk.abort(400, tk._("focal_area: there is no such focal area"))
    asked = {name: text for name, text in (("q", q), ("focal_area", focal_area)) if text}
    found = tk.get_action("learningcity_indicator_list")({}, asked)
    groups: dict[str, list[Entry]] = {key: [] for key in focal_areas()}
    for entry in found:
        groups[entry["focal_area"]].append(entry)
    shown = {
        "groups": {key: group for key, group in groups.items() if group},
        "count": len(found),
        "q": q,
        "focal_area": focal_area,
        "focal_areas": focal_areas(),
    }
    return tk.render("learningcity/indicator/index.html", shown)


@indicator.get("/<indicator_id>")
def read(indicator_id: str) -> str | Response | tuple[str, int]:
    """Show what an indicator means and its values in the places of `area`."""
    try:
        entry = tk.get_action("learningcity_indicator_show")({}, {"id": indicator_id})
    except tk.ObjectNotFound:
        return _elsewhere(indicator_id)
    if entry["id"] != indicator_id:
        return tk.redirect_to("learningcity_indicator.read", indicator_id=entry["id"])
    areas = tk.get_action("learningcity_area_list")({}, {})
    chosen = _chosen(areas)
    latest = _latest(entry)
    trend = _trend(entry, chosen or _default(latest))
    shown = {
        "indicator": entry,
        "areas": _by_level(areas, "level"),
        "names": {area["id"]: area for area in areas},
        "latest": _by_level(latest, "AREA_LEVEL"),
        "trend": trend,
        "text": describe(entry, trend.series),
        "most_places": MOST_PLACES,
    }
    return tk.render("learningcity/indicator/read.html", shown)


def _chosen(areas: Sequence[Entry]) -> list[str]:
    """Return the places that the address names, separated by commas or repeated.

    Answers 400 if there are too many or one does not exist.
    """
    values = [value for text in tk.request.args.getlist("area") for value in text.split(",")]
    chosen = list(dict.fromkeys(value.strip().upper() for value in values if value.strip()))
    if len(chosen) > MOST_PLACES:
        tk.abort(400, tk._("area: at most {number} places").format(number=MOST_PLACES))
    if unknown := set(chosen) - {area["id"] for area in areas}:
        tk.abort(400, tk._("area: unknown place {place}").format(place=", ".join(sorted(unknown))))
    return chosen


def _default(latest: Sequence[Entry]) -> list[str]:
    """Return the places to begin with: the country, and the first few others that have values."""
    places = [record["REF_AREA"] for record in latest]
    others = [place for place in places if place != COUNTRY][:3]
    return [COUNTRY] * (COUNTRY in places) + others


def _trend(entry: Entry, areas: list[str]) -> Trend:
    return load_trend(entry["id"], areas) if areas else Trend(entry, (), ())


def _latest(entry: Entry) -> list[Entry]:
    """Return the totals of the last period with any value, the highest first."""
    end = entry["coverage"]["end"]
    if not end:
        return []
    known = _known(entry, start=end, end=end) or _known(entry)
    newest = max((record["TIME_PERIOD"] for record in known), default=None)
    latest = [record for record in known if record["TIME_PERIOD"] == newest]
    return sorted(latest, key=lambda record: -record["OBS_VALUE"])


def _known(entry: Entry, **periods: str) -> list[Entry]:
    """Return the totals that have a value; the others say by their status why they have none."""
    query = {
        "indicator": [entry["id"]],
        "limit": tk.config["ckanext.learningcity.observations.page_max"],
        **{dimension.lower(): ["_T"] for dimension in breakdowns()},
        **periods,
    }
    records = tk.get_action("learningcity_observation_search")({}, query)["records"]
    return [record for record in records if record["OBS_VALUE"] is not None]


def _by_level(entries: Sequence[Entry], key: str) -> dict[str, list[Entry]]:
    """Return entries by administrative level, the largest first; levels do not mix in a ranking."""
    groups = {level: [entry for entry in entries if entry[key] == level] for level in area_levels()}
    return {level: group for level, group in groups.items() if group}


def _elsewhere(indicator_id: str) -> tuple[str, int]:
    """Suggest indicators whose id is near."""
    near = get_close_matches(indicator_id.upper(), indicators(), n=6, cutoff=0.5)
    shown = {"asked": indicator_id, "suggestions": [indicators()[found] for found in near]}
    return tk.render("learningcity/indicator/not_found.html", shown), 404
