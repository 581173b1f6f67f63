"""What templates show of quality, freshness and uploaded tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.quality import freshness, grade
from ckanext.learningcity.quality.framework import states
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tabular import status

Dataset = Mapping[str, Any]


def learningcity_quality(dataset: Dataset) -> dict[str, Any] | None:
    """Return what `learningcity_quality_show` does, None for types that have no such items.

    The dataset has been read by the page already; reading it again would double its time.
    """
    if not _promises(dataset):
        return None
    return grade.assess(dataset, freshness.today(), status.failed([dataset]))


def learningcity_freshness(dataset: Dataset) -> Mapping[str, Any] | None:
    """Return the state of a dataset's freshness (`id`, `name`, `meaning`), None if unknown."""
    if not _promises(dataset):
        return None
    state = freshness.of(dataset).state(freshness.today())
    return None if state == "unknown" else states()[state]


def learningcity_table_status(resource_id: str) -> dict[str, Any]:
    """Return how far a resource's table has come: see `learningcity_tabular_status`."""
    return tk.get_action("learningcity_tabular_status")({}, {"resource_id": resource_id})


def learningcity_missing_indicators(
    items: Sequence[Mapping[str, Any]],
) -> dict[str, list[Mapping[str, Any]]]:
    """Return by focal area the indicators that a place does not report.

    :param items: `indicators` of `learningcity_city_profile`
    """
    reported = {item["indicator"]["id"] for item in items}
    missing: dict[str, list[Mapping[str, Any]]] = {area: [] for area in codelists.focal_areas()}
    for indicator in codelists.reported_indicators().values():
        if indicator["id"] not in reported:
            missing[indicator["focal_area"]].append(indicator)
    return {area: entries for area, entries in missing.items() if entries}


def _promises(dataset: Dataset) -> bool:
    return "update_frequency_unit" in dataset
