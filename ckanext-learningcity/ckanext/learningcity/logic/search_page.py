"""The search page finds every type: how many there are of each, and the facets of the one chosen.

What `package_search` gives to programs stays as it is; names are put in for the page alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.learningcity.content.types import types

TYPE = "dataset_type"

_OF_DATASETS = ("theme", "indicators")
_PAGE = "dataset.search"


class SearchPage(p.SingletonPlugin):
    """Gives CKAN's search page the types and their facets."""

    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)

    def dataset_facets(
        self, facets_dict: OrderedDict[str, str], package_type: str
    ) -> OrderedDict[str, str]:
        """Put the type first, then the facets of the type that the reader has chosen, if one."""
        if package_type != "dataset":
            return facets_dict
        own = {name: _label(chosen, name) for chosen in [_chosen()] for name in _facets(chosen)}
        return OrderedDict({TYPE: tk._("Kind of page"), **own, **facets_dict})

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Name the codes of facets in the reader's language, on the page."""
        results = super().after_dataset_search(search_results, search_params)  # pyright: ignore[reportAttributeAccessIssue]
        if has_request_context() and tk.request.endpoint == _PAGE:
            for name, facet in results.get("search_facets", {}).items():
                names = _names(_chosen(), name)
                for item in facet["items"]:
                    item["display_name"] = names.get(item["name"]) or item["display_name"]
        return results


def _chosen() -> str:
    """Return the one type that the reader has chosen, empty for none or several."""
    given = tk.request.args.getlist(TYPE) if has_request_context() else []
    return given[0] if len(given) == 1 else ""


def _facets(chosen: str) -> tuple[str, ...]:
    if chosen == "dataset":
        return _OF_DATASETS
    return types()[chosen].facets if chosen in types() else ()


def _fields(chosen: str) -> list[Mapping[str, Any]]:
    schema = tk.h.scheming_get_dataset_schema(chosen) if chosen else None
    return schema["dataset_fields"] if schema else []


def _label(chosen: str, name: str) -> str:
    labels = {field["field_name"]: field["label"] for field in _fields(chosen)}
    return tk.h.scheming_language_text(labels.get(name, name))


def _names(chosen: str, name: str) -> dict[str, str]:
    """Return the names of a facet's values that have some."""
    if name == TYPE:
        plurals = {type_.id: tk.h.learningcity_text(type_.plural) for type_ in types().values()}
        return {"dataset": tk._("Datasets"), **plurals}
    field = next((field for field in _fields(chosen) if field["field_name"] == name), None)
    choices = (tk.h.scheming_field_choices(field) if field else None) or ()
    return {choice["value"]: tk.h.learningcity_text(choice["label"]) for choice in choices}
