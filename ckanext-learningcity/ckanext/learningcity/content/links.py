"""Ties between content, datasets, places and indicators, followed from either end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .find import found
from .types import types

#: Fields that name other packages by their ids.
FIELDS = ("related", "steps")

_MOST = 100
_FROM_THIS_CITY = 6

Package = Mapping[str, Any]


def of(context: Context, package: Package) -> dict[str, Any]:
    """Return what a package is tied to: `related` (either way), `in_paths` and `more`."""
    named = [*_listed(package, "related")]
    asked = [f'id:"{other}"' for other in named] + [f'related:"{package["id"]}"']
    related = [
        other for other in _search(context, " OR ".join(asked)) if other["id"] != package["id"]
    ]
    place = {other: position for position, other in enumerate(named)}
    related.sort(key=lambda other: place.get(other["id"], len(place)))
    return {
        "related": related,
        "in_paths": _search(context, f'steps:"{package["id"]}"'),
        "more": _more(context, package),
    }


def in_order(context: Context, package: Package, field: str) -> list[dict[str, Any]]:
    """Return the packages that a field names, in its order, without those one may not see."""
    named = _listed(package, field)
    if not named:
        return []
    by_id = {other["id"]: other for other in _search(context, _ids(named))}
    return [by_id[other] for other in named if other in by_id]


def _more(context: Context, package: Package) -> list[dict[str, Any]]:
    """Return the newest other content of the same organization."""
    organization = package.get("organization")
    if package["type"] not in types() or not organization:
        return []
    page = found(
        context,
        {
            "organization": [organization["name"]],
            "sort": "newest",
            "limit": _FROM_THIS_CITY + 1,
            "offset": 0,
        },
    )
    others = [other for other in page["results"] if other["id"] != package["id"]]
    return others[:_FROM_THIS_CITY]


def _listed(package: Package, field: str) -> list[str]:
    value = package.get(field)
    return value if isinstance(value, list) else []


def _ids(ids: list[str]) -> str:
    return " OR ".join(f'id:"{other}"' for other in ids)


def _search(context: Context, condition: str) -> list[dict[str, Any]]:
    found_ = tk.get_action("package_search")(
        Context(context),
        {"q": "*:*", "fq": condition, "rows": _MOST, "include_private": True, "facet": "false"},
    )
    return found_["results"]
