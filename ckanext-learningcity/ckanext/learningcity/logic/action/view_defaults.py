"""The views that a resource of observations begins with."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators import coverage
from ckanext.learningcity.logic import schema
from ckanext.learningcity.tables.codelists import areas
from ckanext.learningcity.tables.model import DIMENSIONS, TOTAL

VIEW_TYPE = "learningcity_views"

_FEW_PLACES = 3  # fewer are neither ranked nor mapped


@tk.validate_action_data(schema.identifier)
def learningcity_view_defaults(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Create the views that fit a resource of observations; does nothing where it has some.

    A trend and a table always; a ranking and a map where many places have values, a breakdown where
    one is known.

    :param id: id of the resource
    :returns: the views that were created
    """
    tk.check_access("learningcity_view_defaults", context, data_dict)
    resource = {"id": data_dict["id"]}
    if not p.plugin_loaded(VIEW_TYPE) or tk.get_action("resource_view_list")(context, resource):
        return []
    create = tk.get_action("resource_view_create")
    wanted = _wanted(context, data_dict["id"])
    return [create(context, {"resource_id": data_dict["id"], **view}) for view in wanted]


def _wanted(context: Context, resource_id: str) -> list[dict[str, Any]]:
    resource = tk.get_action("resource_show")(context, {"id": resource_id})
    if not tk.asbool(resource.get("observations")):
        return []
    held = coverage.of_dataset(model.Session.connection(), resource["package_id"])
    if not held:
        return []
    places: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    by: dict[str, str] = {}
    for indicator, area, codes in held:
        if area in areas():
            places[indicator][areas()[area]["level"]].add(area)
        for name, code in zip(DIMENSIONS, codes.split("."), strict=True):
            if code != TOTAL:
                by.setdefault(indicator, name.lower())
    most = max(places, key=lambda one: max(len(level) for level in places[one].values()))
    level = max(places[most], key=lambda one: len(places[most][one]))
    titles = {kind: {"title": title} for kind, title in _titles().items()}
    views: list[dict[str, Any]] = [{"kind": "chart", "indicator": most}]
    if len(places[most][level]) >= _FEW_PLACES:
        views += [{"kind": kind, "indicator": most, "level": level} for kind in ("ranking", "map")]
    if by:
        indicator = next(iter(by))
        area = next(iter(next(iter(places[indicator].values()))))
        views.append(
            {"kind": "breakdown", "indicator": indicator, "by": by[indicator], "area": [area]}
        )
    views.append({"kind": "table"})
    return [{"view_type": VIEW_TYPE, **titles[view["kind"]], **view} for view in views]


def _titles() -> dict[str, str]:
    """Return the titles that new views are stored with; pages translate these."""
    return {
        "chart": "Trend",
        "ranking": "Ranking",
        "map": "Map",
        "breakdown": "Breakdown",
        "table": "Table",
    }
