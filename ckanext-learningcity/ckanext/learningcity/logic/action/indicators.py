"""Definitions of indicators, and what the portal has of them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators import coverage
from ckanext.learningcity.indicators.visibility import reader_labels
from ckanext.learningcity.logic import schema
from ckanext.learningcity.tables import codelists


@tk.side_effect_free
@tk.validate_action_data(schema.indicator_list)
def learningcity_indicator_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return indicators with their coverage, in the order of the code list.

    :param focal_area: only those of this focal area, such as `2.1`
    :param q: part of a name, definition or code, in Thai or English
    :returns: entries of the code list, each with `coverage`: `areas`, `observations`, `start`,
        `end`, and `levels` (places by administrative level)
    """
    tk.check_access("learningcity_indicator_list", context, data_dict)
    focal_area, text = data_dict.get("focal_area"), codelists.fold(data_dict.get("q") or "")
    found = coverage.of_indicators(model.Session.connection(), reader_labels(context))
    return [
        {**entry, "coverage": found.get(code, coverage.none())}
        for code, entry in codelists.indicators().items()
        if (not focal_area or entry["focal_area"] == focal_area) and text in _text(entry)
    ]


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_indicator_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one indicator: its definition, its coverage and the datasets that hold it.

    :param id: the indicator's code
    """
    tk.check_access("learningcity_indicator_show", context, data_dict)
    code = data_dict["id"].upper()
    entry = codelists.indicators().get(code)
    if entry is None:
        raise tk.ObjectNotFound(tk._("There is no indicator with the code {id}.").format(id=code))
    connection, labels = model.Session.connection(), reader_labels(context)
    return {
        **entry,
        "coverage": coverage.of_indicators(connection, labels).get(code, coverage.none()),
        "datasets": coverage.datasets(connection, labels, indicator=code),
    }


def _text(entry: codelists.Entry) -> str:
    texts = [entry["id"], *entry["name"].values(), *entry["definition"].values()]
    return codelists.fold(" ".join(map(str, texts)))
