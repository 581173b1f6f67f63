"""Indicators: the list by focal area, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables.codelists import breakdowns, focal_areas, indicators
from ckanext.learningcity.views.asked import asked, asked_choice, asked_level, asked_one, problems
from ckanext.learningcity.views.breakdown import group_name
from ckanext.learningcity.views.charts import trend_chart
from ckanext.learningcity.views.distribution import distribution_chart
from ckanext.learningcity.views.figures import (
    COUNTRY,
    MOST_PLACES,
    Choice,
    Figures,
    load_indicator,
    load_period,
    search,
)
from ckanext.learningcity.views.frame import Chart
from ckanext.learningcity.views.kinds import LEVEL, groups_chart, national, open_dimensions
from ckanext.learningcity.views.ranking import ranking_chart
from ckanext.learningcity.views.trend import load_trend

from .picker import pick_places

indicator = Blueprint("learningcity_indicator", __name__, url_prefix="/indicator")

_FEWEST_SPREAD = 8

Entry = Mapping[str, Any]


@indicator.get("/", strict_slashes=False)
def index() -> str:
    """List indicators by focal area, optionally those whose name or definition has a word."""
    q, focal_area = (tk.request.args.get(name, "") for name in ("q", "focal_area"))
    if focal_area and focal_area not in focal_areas():
        tk.abort(400, tk._("focal_area: there is no such focal area"))
    asked_for = {name: text for name, text in (("q", q), ("focal_area", focal_area)) if text}
    found = tk.get_action("learningcity_indicator_list")({}, asked_for)
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
    """Show what an indicator means, and its values: over time in a few places, and in all of them.

    Parameters: those of a chart. Answers 400 where one is wrong.
    """
    try:
        entry = load_indicator(indicator_id)
    except tk.ObjectNotFound:
        return _elsewhere(indicator_id)
    if entry["id"] != indicator_id:
        return tk.redirect_to("learningcity_indicator.read", indicator_id=entry["id"])
    picker = pick_places(asked_choice().areas, MOST_PLACES)
    if picker.added:
        return tk.redirect_to(picker.added)
    wrong: dict[str, str] = {}
    try:
        shown = _shown(entry, asked_choice())
    except tk.ValidationError as error:
        # What was typed stays beside what is wrong with it; the page shows what there is without.
        wrong = problems(error)
        shown = _shown(entry, asked_choice(leave_out=wrong))
    # The places to begin with can be taken away as well.
    chips = picker if "area" in tk.request.args else pick_places(shown["places"], MOST_PLACES)
    typed = {name: asked(name) for name in ("start", "end")}
    page = {**shown, "picker": chips, "typed": typed, "wrong": wrong}
    return tk.render("learningcity/indicator/read.html", page), 400 if wrong else 200


def _shown(entry: Entry, choice: Choice) -> dict[str, Any]:
    levels = [one for one in entry["coverage"]["levels"] if one != "country"]
    level = asked_level(LEVEL if LEVEL in levels or not levels else levels[0])
    across = replace(choice, areas=(), level=level)
    figures = load_period(entry, across)
    chosen = "area" in tk.request.args
    default = list(choice.areas) if chosen else _default(figures, entry)
    trend = load_trend(entry["id"], default, choice=choice) if default else None
    place = next((area for area in default if area != COUNTRY), COUNTRY)
    return {
        "indicator": entry,
        "choice": choice,
        "places": default,
        "marked": list(choice.areas),
        "trend": trend,
        "line": trend_chart(trend) if trend else None,
        "level": level,
        "levels": levels,
        "period": figures.known[0] if figures.known else None,
        "figures": figures,
        "ranking": ranking_chart(
            figures, highlight=choice.areas, national=national(figures, across)
        ),
        "distribution": _spread(figures, choice),
        "groups": _groups(entry, place, choice),
        "group_place": place,
        "dimensions": _offered(entry, place),
        "options": _options(choice, level),
    }


def _spread(figures: Figures, choice: Choice) -> Chart | None:
    """Return the distribution, None for so few places that their bars say it all."""
    enough = len(figures.known) >= _FEWEST_SPREAD
    return distribution_chart(figures, highlight=choice.areas) if enough else None


def _default(figures: Figures, entry: Entry) -> list[str]:
    """Return the places to begin with: the first few that have values, and the country."""
    places = [record["REF_AREA"] for record in figures.known]
    nation = [COUNTRY] * ("country" in entry["coverage"]["levels"])
    return [*sorted(places)[:3], *nation]


def _offered(entry: Entry, place: str) -> dict[str, list[tuple[str, str]]]:
    """Return the codes, with names, of each dimension that a place's values are broken down by."""
    every = Choice(areas=[place], dimensions=dict.fromkeys(breakdowns(), ()))
    records = search(entry["id"], every)
    return {
        dimension: [
            (code, group_name(dimension, code))
            for code in breakdowns()[dimension]["codes"]
            if any(record[dimension] == code for record in records)
        ]
        for dimension in open_dimensions(records)
    }


def _groups(entry: Entry, place: str, choice: Choice) -> list[dict[str, Any]]:
    """Return a chart for each dimension that the place's values are broken down by."""
    by = asked_one("by", [name.lower() for name in breakdowns()], "")
    dimensions = [by.upper()] if by else list(_offered(entry, place))
    plain = Choice(areas=[place], start=choice.start, end=choice.end, as_of=choice.as_of)
    return [
        {
            "by": dimension.lower(),
            "name": breakdowns()[dimension]["name"],
            "chart": groups_chart(entry, plain, dimension, "large"),
        }
        for dimension in dimensions
    ]


def _options(choice: Choice, level: str) -> dict[str, str]:
    """Return the parameters of charts and downloads that this page's choice means."""
    codes = {name.lower(): ",".join(codes) for name, codes in choice.dimensions.items()}
    return {
        "level": level,
        "start": choice.start,
        "end": choice.end,
        "as_of": choice.as_of,
        "map": choice.drawn,
        **codes,
    }


def _elsewhere(indicator_id: str) -> tuple[str, int]:
    """Suggest indicators whose id is near."""
    near: Sequence[str] = get_close_matches(indicator_id.upper(), indicators(), n=6, cutoff=0.5)
    shown = {"asked": indicator_id, "suggestions": [indicators()[found] for found in near]}
    return tk.render("learningcity/indicator/not_found.html", shown), 404
