"""Observations: search them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators import history, query
from ckanext.learningcity.indicators.records import records
from ckanext.learningcity.indicators.visibility import reader_labels
from ckanext.learningcity.logic import schema
from ckanext.learningcity.tables.model import DIMENSIONS


@tk.side_effect_free
@tk.validate_action_data(schema.observation_search)
def learningcity_observation_search(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return observations, ordered by indicator, place, breakdown, kind of year and period.

    Lists may repeat or be comma-separated. Every filter is optional.

    :param indicator: codes of indicators
    :param area: codes of places
    :param level: administrative levels: country, region, province, district, municipality
    :param dataset: names or ids of datasets
    :param sex: codes of a breakdown, `_T` for the total; so also `age`, `residence`, …
    :param start: first year or period, Gregorian or Buddhist era
    :param end: last year or period, included
    :param as_of: the state at this date or moment (ISO 8601), or as of the release with this number
        of the one `dataset`
    :param limit: observations a page; 0 gives the total alone
    :param cursor: `next_cursor` of the page before
    :returns: `records` (fields named after SDMX concepts), `next_cursor` (null on the last page)
        and `total`
    """
    tk.check_access("learningcity_observation_search", context, data_dict)
    try:
        page = query.search(
            model.Session.connection(),
            wanted_slice(context, data_dict),
            data_dict["limit"],
            data_dict.get("cursor"),
        )
    except query.CursorError as error:
        message = tk._("This is not a cursor that a search returned; start again without it.")
        raise tk.ValidationError({"cursor": [message]}) from error
    return {
        "records": records(page.rows),
        "next_cursor": page.cursor,
        "total": page.total,
    }


def wanted_slice(context: Context, data_dict: DataDict) -> query.Slice:
    """Return the slice that validated parameters describe, for the reader in `context`.

    :raises ValidationError: `as_of` is the number of a release that there is not
    """
    labels = reader_labels(context)
    return query.Slice(
        indicators=data_dict.get("indicator", ()),
        areas=data_dict.get("area", ()),
        levels=data_dict.get("level", ()),
        datasets=data_dict.get("dataset", ()),
        dimensions={
            name: data_dict[name.lower()] for name in DIMENSIONS if data_dict.get(name.lower())
        },
        start=data_dict.get("start"),
        end=data_dict.get("end"),
        as_of=_moment(data_dict, labels),
        labels=labels,
    )


def _moment(data_dict: DataDict, labels: list[str] | None) -> datetime | None:
    as_of = data_dict.get("as_of")
    if not isinstance(as_of, int):
        return as_of
    datasets = data_dict.get("dataset", ())
    if len(datasets) != 1:
        message = tk._("The number of a release needs “dataset” with one dataset.")
        raise tk.ValidationError({"as_of": [message]})
    found = history.moment_of(model.Session.connection(), labels, datasets[0], as_of)
    if found is None:
        message = tk._("This dataset has no release {number}.").format(number=as_of)
        raise tk.ValidationError({"as_of": [message]})
    return found
