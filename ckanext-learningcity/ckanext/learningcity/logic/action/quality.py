"""The quality of datasets: of one, and of the network's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.learningcity.logic import quality_schema, schema
from ckanext.learningcity.logic.due_dates import DUE, OVERDUE, state_filter
from ckanext.learningcity.quality import grade
from ckanext.learningcity.quality.framework import states
from ckanext.learningcity.quality.freshness import today
from ckanext.learningcity.tabular import status


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_quality_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how good a dataset is, what is missing and how to mend it.

    :param id: the dataset's name or id
    :returns: `items` (the fourteen metadata items: `id`, `number`, `name`, `met`, `value`, `mend`,
        …), `items_met`; `parts` (the five of the grade: `id`, `name`, `met`, `points` of `of`,
        `missing`, `mend`), `points` of 100, `grade` (A to F) and `grade_name`; `freshness`:
        `frequency`, `last_period`, `modified`, `due`, `state` (current, due, overdue, unknown)
    """
    tk.check_access("learningcity_quality_show", context, data_dict)
    dataset = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    return grade.assess(dataset, today(), status.failed([dataset]))


@tk.side_effect_free
@tk.validate_action_data(quality_schema.quality_list)
def learningcity_quality_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the datasets that the caller may read, those longest overdue first.

    :param organization: only those of this organization (name or id)
    :param area: only those about this place
    :param state: `overdue`, `due`, `current` or `unknown`
    :param limit: datasets a page, at most `ckan.search.rows_max`
    :param offset: datasets to skip
    :returns: `count`; `states` (how many datasets in each state, whatever `state` asks for) and
        `results`: `id`, `name`, `title`, `title_translated`, `organization`, `private`, `grade`,
        `grade_name`, `points`, `items_met` and `freshness`
    """
    tk.check_access("learningcity_quality_list", context, data_dict)
    day = today()
    filters = [f"+{DUE}:[* TO *]"]
    if organization := data_dict.get("organization"):
        filters.append(f'+owner_org:"{organization}"')
    if area := data_dict.get("area"):
        filters.append(f'+areas:"{area}"')
    wanted = [state_filter(data_dict["state"], day)] if data_dict.get("state") else []
    page = {"rows": data_dict["limit"], "start": data_dict["offset"]}
    found = _search(context, [*filters, *wanted], page)
    faulty = status.failed(found["results"])
    return {
        "count": found["count"],
        "states": {
            state: _search(context, [*filters, state_filter(state, day)], {"rows": 0})["count"]
            for state in states()
        },
        "results": [_row(dataset, day, faulty) for dataset in found["results"]],
    }


def _search(context: Context, filters: Sequence[str], page: Mapping[str, int]) -> dict[str, Any]:
    order = f"{OVERDUE} asc, {DUE} asc, title_string asc, name asc"
    query = {"fq_list": list(filters), "sort": order, "include_private": True, **page}
    return tk.get_action("package_search")(Context(context), query)


def _row(dataset: Mapping[str, Any], day: date, faulty: set[str]) -> dict[str, Any]:
    assessed = grade.assess(dataset, day, faulty)
    about = ("id", "name", "title", "title_translated", "organization", "private")
    told = ("grade", "grade_name", "points", "items_met", "freshness")
    return {key: dataset.get(key) for key in about} | {key: assessed[key] for key in told}
