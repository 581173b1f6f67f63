"""The explorer: any slice of the observations as a table, a chart and a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables.codelists import area_levels, breakdowns
from ckanext.learningcity.views.asked import (
    asked,
    asked_areas,
    asked_choice,
    asked_level,
    asked_list,
    asked_map,
    asked_one,
    problems,
)
from ckanext.learningcity.views.breakdown import group_name
from ckanext.learningcity.views.comparison import KINDS as SEVERAL
from ckanext.learningcity.views.comparison import MOST_INDICATORS
from ckanext.learningcity.views.figures import MOST_PLACES, TOTAL, Choice
from ckanext.learningcity.views.frame import Chart
from ckanext.learningcity.views.kinds import KINDS as SINGLE

from .compare import asked_indicators
from .picker import pick_indicators, pick_places

explore = Blueprint("learningcity_explore", __name__, url_prefix="/explore")

_MOST = 20  # of each, so that the address stays short enough for every browser
_ROWS = 100
_TEXTS = ("start", "end", "as_of")

Entry = Mapping[str, Any]


@explore.get("/", strict_slashes=False)
def read() -> str | Response | tuple[str, int]:
    """Show a slice: the same filters as `learningcity_observation_search`, `chart` and `map`.

    Answers 400 where a filter is wrong, with what was typed and why it cannot be.
    """
    chosen, places = asked_indicators(_MOST), asked_areas(_MOST)
    by_indicator, by_place = pick_indicators(chosen, _MOST), pick_places(places, _MOST)
    if address := by_indicator.added or by_place.added:
        return tk.redirect_to(address)
    filters, wrong = _filters(chosen, places), {}
    try:
        found = _search({**filters, "limit": _ROWS, "cursor": asked("cursor")})
    except tk.ValidationError as error:
        wrong, found = problems(error), {"records": [], "total": 0, "next_cursor": None}
    kinds = [] if wrong else _kinds(chosen, places)
    kind = asked_one("chart", ("", *SINGLE, *SEVERAL), "")
    page = {
        "indicator_picker": by_indicator,
        "place_picker": by_place,
        "filters": filters,
        "typed": {name: asked(name) for name in _TEXTS},
        "level": filters.get("level", ""),
        "levels": area_levels(),
        "dimensions": _dimensions(),
        "wrong": wrong,
        "found": found,
        "next_url": _next(found["next_cursor"]),
        "first_url": _next(None) if asked("cursor") else "",
        "kinds": kinds,
        "kind": kind if kind in kinds else "",
        "drawn": asked_map(),
        "chart": _chart(kind, chosen, places) if kind in kinds else None,
        "places": places,
        "indicators": chosen,
    }
    return tk.render("learningcity/explore/read.html", page), 400 if wrong else 200


def _filters(chosen: Sequence[str], places: Sequence[str]) -> dict[str, str]:
    """Return the slice as the parameters of the search and of the downloads."""
    lists = {"indicator": chosen, "area": places, **_codes()}
    given = {name: ",".join(values) for name, values in lists.items()}
    given |= {"level": asked_level(), **{name: asked(name) for name in _TEXTS}}
    return {name: value for name, value in given.items() if value}


def _codes() -> dict[str, list[str]]:
    """Return the codes of breakdowns; the total where the address does not ask for another.

    `sex=*` asks for every code: no filter.
    """
    asked_for = {name.lower(): asked_list(name.lower()) or [TOTAL] for name in breakdowns()}
    return {name: [] if "*" in codes else codes for name, codes in asked_for.items()}


def _search(query: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in query.items() if value}
    return tk.get_action("learningcity_observation_search")({}, given)


def _dimensions() -> dict[str, list[tuple[str, str, bool]]]:
    """Return for each dimension the codes to choose from: `(code, name, whether it is chosen)`."""
    chosen = {name: asked_list(name.lower()) or [TOTAL] for name in breakdowns()}
    return {
        name: [
            *((code, group_name(name, code), code in chosen[name]) for code in entry["codes"]),
            ("*", tk._("Each separately"), "*" in chosen[name]),
        ]
        for name, entry in breakdowns().items()
    }


def _kinds(chosen: Sequence[str], places: Sequence[str]) -> list[str]:
    """Return the charts that this slice can be drawn as."""
    few = 0 < len(places) <= MOST_PLACES
    if len(chosen) == 1:
        return [*(["chart"] if few else []), "ranking", "map", "distribution"]
    if 1 < len(chosen) <= MOST_INDICATORS:
        return [*(["multiples"] if few else []), "scatter"]
    return []


def _chart(kind: str, chosen: Sequence[str], places: Sequence[str]) -> Chart:
    choice = Choice(**{**vars(asked_choice(_MOST)), "level": asked_level(), "areas": places})
    plain = {name: codes for name, codes in choice.dimensions.items() if "*" not in codes}
    choice = Choice(**{**vars(choice), "dimensions": plain})
    if kind in SINGLE:
        return SINGLE[kind](chosen[0], choice, "large")
    return SEVERAL[kind](chosen, choice, "large")


def _next(cursor: str | None) -> str:
    """Return the address of another page of the table, of the first one without a cursor."""
    kept = [pair for pair in tk.request.args.items(multi=True) if pair[0] != "cursor" and pair[1]]
    query = urlencode([*kept, *([("cursor", cursor)] if cursor else [])], safe=",*")
    return tk.h.url_for(f"{tk.request.path}?{query}")
