"""Everything a city page shows."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators import profile
from ckanext.learningcity.indicators.visibility import reader_labels
from ckanext.learningcity.logic import schema

from .areas import learningcity_area_show


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_city_profile(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a place with what the portal knows of it.

    :param id: the place's code
    :returns: `area`, `ancestors`, `organizations`; `indicators` (each with its definition, the
        place's `series`, `latest` and `previous` record, the `national` record, the `dataset`, and
        `peers`: `places`, `rank`, `median`, `low`, `high` among the places of its level, or null);
        `focal_areas` with `reported` of `expected` indicators; `datasets`; `updated`
    """
    tk.check_access("learningcity_city_profile", context, data_dict)
    area = learningcity_area_show(Context(context), {"id": data_dict["id"]})
    about = {key: area.pop(key) for key in ("ancestors", "organizations")}
    connection = model.Session.connection()
    return {
        "area": area,
        **about,
        **profile.of_area(connection, area["id"], reader_labels(context)),
    }
