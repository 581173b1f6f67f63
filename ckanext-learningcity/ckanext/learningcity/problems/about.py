"""What a report is about, as far as its reader may see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.learningcity import existing
from ckanext.learningcity.indicators.titles import texts

_PARTS = ("dataset", "indicator", "area", "view", "release")


def about(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the parameters name.

    An indicator that only one dataset has is about that dataset.

    :returns: `dataset` (name), `dataset_id`, `dataset_type`, `title`, `title_translated`,
        `indicator`, `areas`, `view_id` and `release`, each empty where nothing is named
    :raises ObjectNotFound: there is no such dataset or view
    :raises NotAuthorized: the reader may not see it
    :raises ValidationError: nothing is named, or a view of another dataset
    """
    if not any(given.get(name) for name in _PARTS):
        raise tk.ValidationError({"dataset": [tk._("Say what the report is about.")]})
    dataset = _dataset(context, given)
    return {
        "dataset": dataset.name if dataset else None,
        "dataset_id": dataset.id if dataset else None,
        "dataset_type": dataset.type if dataset else None,
        "title": dataset.title if dataset else "",
        "title_translated": texts(dataset.extras, "title_translated") if dataset else {},
        "indicator": given.get("indicator"),
        "areas": given.get("area") or [],
        "view_id": given.get("view"),
        "release": given.get("release"),
    }


def _dataset(context: Context, given: Mapping[str, Any]) -> model.Package | None:
    named = given.get("dataset") or _only(context, given)
    package_id = _of_view(context, given["view"]) if given.get("view") else named
    if not package_id:
        return None
    tk.check_access("package_show", Context(context), {"id": package_id})
    found = existing.dataset(package_id)
    if given.get("dataset") and given["dataset"] not in (found.id, found.name):
        raise tk.ValidationError({"view": [tk._("This view is of another dataset.")]})
    return found


def _of_view(context: Context, view_id: str) -> str:
    return tk.get_action("resource_view_show")(Context(context), {"id": view_id})["package_id"]


def _only(context: Context, given: Mapping[str, Any]) -> str | None:
    """Return the one dataset that has the indicator named; None if there are several."""
    if not given.get("indicator"):
        return None
    show = tk.get_action("learningcity_indicator_show")
    datasets = show(Context(context), {"id": given["indicator"]})["datasets"]
    return datasets[0]["id"] if len(datasets) == 1 else None
