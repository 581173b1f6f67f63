"""Content found through CKAN's own search, which knows who may see what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.learningcity.tables import codelists

from .types import ContentType, types

#: Filters that every type has, beside its own facets.
COMMON = ("area", "organization", "indicator", "related", "featured")

SORTS = {
    "relevance": "score desc, metadata_modified desc",
    "newest": "metadata_created desc, id asc",
    "title": "title_string asc, id asc",
    "soonest": "starts asc, id asc",
    "latest": "starts desc, id asc",
}
_FIELDS = {
    "area": "areas",
    "organization": "organization",
    "indicator": "indicators",
    "related": "related",
    "featured": "featured",
}
_MOST_VALUES = 200


def found(context: Context, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of what is `wanted`: `{count, results, facets}`.

    :param wanted: `type` (list; none for all), `q`, `sort`, `limit`, `offset`, and lists of codes
        by filter
    """
    chosen = _chosen(wanted)
    facets = _facets(chosen)
    result = tk.get_action("package_search")(
        Context(context),
        {
            "q": wanted.get("q") or "*:*",
            "fq_list": list(_filters(chosen, wanted)),
            "sort": _sort(chosen, wanted),
            "rows": wanted["limit"],
            "start": wanted["offset"],
            "facet.field": facets,
            "facet.limit": _MOST_VALUES,
            "include_private": True,
        },
    )
    return {
        "count": result["count"],
        "results": result["results"],
        "facets": {
            name: _named(result["search_facets"].get(name, {}).get("items", ()), name, chosen)
            for name in facets
        },
    }


def _chosen(wanted: Mapping[str, Any]) -> list[ContentType]:
    known = types()
    return [known[name] for name in wanted.get("type") or known]


def _facets(chosen: list[ContentType]) -> list[str]:
    """Return the fields that are counted: a type's own, or of several how many each type has."""
    return [*(chosen[0].facets if len(chosen) == 1 else ("dataset_type",)), "organization"]


def _sort(chosen: list[ContentType], wanted: Mapping[str, Any]) -> str:
    """Return the order asked for; else, without words, what is featured comes first."""
    if wanted.get("sort"):
        return SORTS[wanted["sort"]]
    if wanted.get("q"):
        return SORTS["relevance"]
    return "featured desc, " + SORTS[chosen[0].sort if len(chosen) == 1 else "newest"]


def _filters(chosen: list[ContentType], wanted: Mapping[str, Any]) -> Iterator[str]:
    yield _any_of("dataset_type", [type_.id for type_ in chosen])
    names = {name: name for type_ in chosen for name in type_.facets} | _FIELDS
    for name, field in names.items():
        values = wanted.get(name)
        if values:
            yield _in_areas(values) if name == "area" else _any_of(field, values)


def _in_areas(areas: Iterable[str]) -> str:
    """Return the condition for what belongs to a place, or is a model that was repeated there."""
    within = _within(areas)
    return f"{_any_of('areas', within)} OR {_any_of('repeated_in', within)}"


def _within(areas: Iterable[str]) -> list[str]:
    """Return the places and those inside them: a province shows what its towns share."""
    wanted = set(areas)
    return [
        area
        for area in codelists.areas()
        if area in wanted or wanted & {above["id"] for above in codelists.area_ancestors(area)}
    ]


def _any_of(field: str, values: Iterable[Any]) -> str:
    quoted = " OR ".join('"{}"'.format(str(value).replace('"', "")) for value in values)
    return f"{field}:({quoted})"


def _named(
    items: Iterable[Mapping[str, Any]], name: str, chosen: list[ContentType]
) -> list[dict[str, Any]]:
    """Return the values of a facet: `id`, `name` (`{en, th}` or text) and `count`."""
    if name == "dataset_type":
        labels: Mapping[str, Any] = {type_.id: type_.plural for type_ in chosen}
    else:
        labels = chosen[0].choices(name)
    return [
        {
            "id": item["name"],
            "name": labels.get(item["name"]) or item["display_name"],
            "count": item["count"],
        }
        for item in items
    ]
