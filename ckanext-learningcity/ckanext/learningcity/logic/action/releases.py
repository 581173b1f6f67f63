"""Releases of datasets."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators import history
from ckanext.learningcity.indicators.visibility import reader_labels
from ckanext.learningcity.logic import schema


@tk.side_effect_free
@tk.validate_action_data(schema.release_list)
def learningcity_release_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return releases, the newest first.

    :param id: a dataset's name or id; without it, releases of all datasets the caller may read
    :param limit: releases a page
    :param offset: releases to skip
    :returns: `count` and `results`: `dataset` (name), `title`, `organization`, `number`,
        `released`, `observations`, `added`, `changed`, `removed`, `sha256`, `parquet_sha256`,
        `source`
    """
    tk.check_access("learningcity_release_list", context, data_dict)
    return history.releases(
        model.Session.connection(),
        reader_labels(context),
        data_dict.get("id"),
        data_dict["limit"],
        data_dict["offset"],
    )


@tk.side_effect_free
@tk.validate_action_data(schema.release_show)
def learningcity_release_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one release of a dataset.

    :param id: the dataset's name or id
    :param number: the release's number, from 1
    """
    tk.check_access("learningcity_release_show", context, data_dict)
    found = history.release_of(model.Session.connection(), data_dict["id"], data_dict["number"])
    if found is None:
        raise tk.ObjectNotFound(
            tk._("This dataset has no release {number}.").format(number=data_dict["number"])
        )
    return found
