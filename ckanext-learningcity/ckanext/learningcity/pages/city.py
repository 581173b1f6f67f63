"""Places: the list of cities and provinces, and the page of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables.codelists import area_levels, area_names, fold
from ckanext.learningcity.views.trend import Series, describe

from .fragments import fragment

city = Blueprint("learningcity_city", __name__, url_prefix="/city")

PAGE_SIZE = 30

_LEADING_VOWEL = re.compile(r"([เแโใไ])(.)")  # written before the consonant it is sorted after

Area = Mapping[str, Any]


@city.get("/", strict_slashes=False)
def index() -> str:
    """List places by level, region, membership and name; the members come first."""
    query = {name: tk.request.args.get(name, "") for name in ("q", "level", "parent", "gnlc")}
    regions = tk.get_action("learningcity_area_list")({}, {"level": "region"})
    areas = _find(query)
    page = Page(
        areas,
        page=tk.h.get_page_number(tk.request.args),
        items_per_page=PAGE_SIZE,
        url=tk.h.pager_url,
    )
    shown = {
        "page": page,
        "query": query,
        "regions": regions,
        "levels": area_levels(),
        "filtered": any(query.values()),
    }
    return tk.render("learningcity/city/index.html", shown)


@city.get("/<area_id>")
def read(area_id: str) -> str | Response | tuple[str, int]:
    """Show everything about a place; other spellings of its code or name lead to its address."""
    try:
        area = tk.get_action("learningcity_area_show")({}, {"id": area_id})
    except tk.ObjectNotFound:
        return _elsewhere(area_id)
    if area["id"] != area_id:
        return tk.redirect_to("learningcity_city.read", area_id=area["id"])
    content = fragment(f"city/{area['id']}", lambda: _content(area["id"]))
    return tk.render("learningcity/city/read.html", {"area": area, "content": content})


def _content(area_id: str) -> str:
    profile = tk.get_action("learningcity_city_profile")({}, {"id": area_id})
    groups = _by_focal_area(profile)
    shown = {
        **profile,
        "by_focal_area": groups,
        "newest": {key: max(items, key=_age)["latest"] for key, items in groups.items()},
        "population": next((i for i in profile["indicators"] if _is_population(i)), None),
    }
    return tk.render("learningcity/city/content.html", shown)


def _age(item: Mapping[str, Any]) -> str:
    return item["latest"]["PERIOD_END"]


def _is_population(item: Mapping[str, Any]) -> bool:
    return item["indicator"]["id"] == "POPULATION"


def _find(query: Mapping[str, str]) -> list[Area]:
    """Return the places that match, the members of the global network first.

    Answers 400 to a filter that does not exist.
    """
    asked = {name: value for name, value in query.items() if value}
    try:
        areas = tk.get_action("learningcity_area_list")({}, asked)
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))
    return sorted(areas, key=_order)


def _order(area: Area) -> tuple[bool, int, str]:
    name = tk.h.learningcity_text(area["name"])
    level = list(area_levels()).index(area["level"])
    return not area.get("gnlc"), level, _LEADING_VOWEL.sub(r"\2\1", name)


def _by_focal_area(profile: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the profile's indicators by focal area, each with its chart in words as `text`."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in sorted(profile["indicators"], key=lambda item: item["indicator"]["focal_area"]):
        text = describe(item["indicator"], [Series(profile["area"], item["series"])])
        groups.setdefault(item["indicator"]["focal_area"], []).append({**item, "text": text})
    return groups


def _elsewhere(area_id: str) -> Response | tuple[str, int]:
    """Redirect to the one place that is meant, or suggest places whose name is near."""
    meant = area_names().get(fold(area_id), ())
    if len(meant) == 1:
        return tk.redirect_to("learningcity_city.read", area_id=meant[0])
    near = [*meant]
    for name in get_close_matches(fold(area_id), area_names(), n=8, cutoff=0.6):
        near.extend(area_names()[name])
    show = tk.get_action("learningcity_area_show")
    suggestions = [show({}, {"id": found}) for found in dict.fromkeys(near)]
    shown = {"asked": area_id, "suggestions": suggestions}
    return tk.render("learningcity/city/not_found.html", shown), 404
