"""ckanext-dcat's actions with a format that they do not know."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict
from ckanext.dcat.utils import CONTENT_TYPES


@tk.side_effect_free
@tk.chained_action
def dcat_dataset_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return a dataset as RDF; its page has no answer of its own for other formats."""
    _check(data_dict)
    return next_action(context, data_dict)


@tk.side_effect_free
@tk.chained_action
def dcat_catalog_show(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Return the catalogue as RDF; its page has no answer of its own for other formats."""
    _check(data_dict)
    return next_action(context, data_dict)


def _check(data_dict: DataDict) -> None:
    found = data_dict.get("format")
    if found is not None and found not in CONTENT_TYPES:
        told = tk._("“{found}” is not a format of RDF here; there are {formats}.")
        formats = ", ".join(CONTENT_TYPES)
        raise tk.ValidationError({"format": [told.format(found=found, formats=formats)]})
