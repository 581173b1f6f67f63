"""Comparing places: several indicators side by side, and two against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables.codelists import areas, indicators
from ckanext.learningcity.views.asked import asked_areas, asked_level, asked_list
from ckanext.learningcity.views.charts import multiples_chart
from ckanext.learningcity.views.comparison import MOST_INDICATORS, scatter
from ckanext.learningcity.views.figures import COUNTRY, MOST_PLACES, Choice
from ckanext.learningcity.views.kinds import LEVEL
from ckanext.learningcity.views.trend import Trend, load_trend

from .picker import pick_indicators, pick_places

compare = Blueprint("learningcity_compare", __name__, url_prefix="/compare")

Entry = Mapping[str, Any]

_FIRST_INDICATORS = 4


@compare.get("/", strict_slashes=False)
def read() -> str | Response:
    """Show up to eight places by up to six indicators.

    Parameters: `area` and `indicator` (repeated or comma-separated), `level` (of the places in the
    scatter). Answers 400 to what is not in the lists.
    """
    places, chosen = asked_areas(), asked_indicators(MOST_INDICATORS)
    by_place = pick_places(places, MOST_PLACES)
    shown = chosen or (_first_indicators(places) if "indicator" not in tk.request.args else [])
    by_indicator = pick_indicators(shown, MOST_INDICATORS)
    if address := by_place.added or by_indicator.added:
        return tk.redirect_to(address)
    trends = [load_trend(one, places) for one in shown] if places else []
    level = asked_level(_level(places))
    page = {
        "places": places,
        "place_picker": by_place,
        "indicator_picker": by_indicator,
        "indicators": shown,
        "trends": trends,
        "multiples": multiples_chart(trends) if trends else None,
        "without": _without(trends, places),
        "scatter": scatter(shown, Choice(areas=places, level=level), "large")
        if shown[1:]
        else None,
        "level": level,
        "demonstration": any(trend.demonstration for trend in trends),
        "suggestions": _suggestions(),
    }
    return tk.render("learningcity/compare/read.html", page)


def asked_indicators(most: int) -> list[str]:
    """Return the indicators that the address names; answers 400 to too many or unknown ones."""
    chosen = asked_list("indicator")
    if len(chosen) > most:
        tk.abort(400, tk._("indicator: name one to {number} indicators").format(number=most))
    if unknown := [one for one in chosen if one not in indicators()]:
        text = tk._("indicator: unknown indicator {ids}")
        tk.abort(400, text.format(ids=", ".join(unknown)))
    return chosen


def _first_indicators(places: Sequence[str]) -> list[str]:
    """Return the headline indicators that the places have, those of most places first."""
    if not places:
        return []
    profile = tk.get_action("learningcity_city_profile")({}, {"id": places[0]})
    found = [item["indicator"] for item in profile["indicators"]]
    headlines = [one["id"] for one in found if one.get("headline")] or [one["id"] for one in found]
    return headlines[:_FIRST_INDICATORS]


def _without(trends: Sequence[Trend], places: Sequence[str]) -> dict[str, list[str]]:
    """Return by indicator the places that have no value of it."""
    missing = {
        trend.indicator["id"]: [
            place for place in places if place not in {one.area["id"] for one in trend.series}
        ]
        for trend in trends
    }
    return {key: found for key, found in missing.items() if found}


def _level(places: Sequence[str]) -> str:
    levels = [areas()[place]["level"] for place in places if place != COUNTRY]
    return levels[0] if levels else LEVEL


def _suggestions() -> list[Entry]:
    """Return the members of the global network, to begin with."""
    return tk.get_action("learningcity_area_list")({}, {"gnlc": True})
