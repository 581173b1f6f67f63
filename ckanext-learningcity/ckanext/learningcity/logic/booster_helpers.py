"""Template helpers of the Booster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import today

__all__ = [
    "learningcity_adopting_cities",
    "learningcity_adoptions",
    "learningcity_bars",
    "learningcity_call_open",
    "learningcity_own_cities",
    "learningcity_suggestions",
]

_WIDEST = 150  # units of the picture

Record = Mapping[str, Any]


def learningcity_adoptions(*, effects: bool = True, **wanted: Any) -> list[dict[str, Any]]:
    """Return adoptions with their `place`, and with `effects` unless they are not wanted."""
    found = tk.get_action("learningcity_adoption_list")({}, wanted)
    show = tk.get_action("learningcity_adoption_show")
    rows = [show({}, {"id": row["id"]}) if effects else row for row in found]
    return [{**row, "place": codelists.areas()[row["area"]]} for row in rows]


def learningcity_call_open(call: Record) -> bool | None:
    """Return whether a call is open today; None before it opens."""
    day = today().isoformat()
    return None if day < call["opens"] else day <= call["closes"]


def learningcity_own_cities() -> list[dict[str, Any]]:
    """Return the organizations of cities that the reader edits for."""
    if not tk.current_user.is_authenticated:
        return []
    edited = tk.h.organizations_available("update_dataset")
    found = [tk.h.get_organization(organization["id"]) for organization in edited]
    return [city for city in found if city.get("org_role") == "city" and city.get("area")]


def learningcity_adopting_cities(adoptions: Iterable[Record]) -> list[dict[str, Any]]:
    """Return the reader's cities that have not recorded an adoption among `adoptions`."""
    there = {adoption["organization"] for adoption in adoptions}
    return [city for city in learningcity_own_cities() if city["name"] not in there]


def learningcity_suggestions(area: str) -> list[dict[str, Any]]:
    """Return what cities like a place adopted."""
    return tk.get_action("learningcity_innovation_suggest")({}, {"area": area})


def learningcity_bars(before: Record | None, after: Record | None) -> list[dict[str, Any]]:
    """Return two bars `{kind, width, record}` in proportion; none where a value is missing."""
    if not before or not after:
        return []
    values = {"before": before["OBS_VALUE"], "after": after["OBS_VALUE"]}
    largest = max(values.values())
    if largest <= 0 or min(values.values()) < 0:
        return []
    records = {"before": before, "after": after}
    return [
        {"kind": kind, "width": round(value / largest * _WIDEST, 1), "record": records[kind]}
        for kind, value in values.items()
    ]
