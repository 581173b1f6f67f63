"""Charts and a table on the page of a resource of observations, set by its editors."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.learningcity.tables.codelists import area_levels, areas, breakdowns

from .asked import asked_map
from .observations_table import load_page, places_and_indicators
from .shown import TABLE, VIEW_TYPE, chart_of, kind_names, map_names, view_schema


class ObservationView(p.SingletonPlugin):
    """One type of view with several kinds: over time, ranked, mapped, broken down, as a table."""

    p.implements(p.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        """Return the type's name, rules and behaviour."""
        return {
            "name": VIEW_TYPE,
            "title": tk._("Chart of indicators"),
            "default_title": tk._("Trend"),
            "icon": "chart-line",
            "iframed": False,
            "preview_enabled": True,
            "schema": view_schema(),
        }

    def can_view(self, data_dict: DataDict) -> bool:
        """Return whether a resource holds the observations of a release."""
        return tk.asbool(data_dict["resource"].get("observations") or False)

    def setup_template_variables(self, context: Context, data_dict: DataDict) -> dict[str, Any]:  # noqa: ARG002 - CKAN's
        """Return the drawing or the page of the table, and the form's lists.

        A reader may have a map drawn in the other way, by `map` in the address.
        """
        view, resource = data_dict["resource_view"] or {}, data_dict["resource"]
        dataset = data_dict["package"]
        places, indicators = places_and_indicators(resource["id"])
        drawn = asked_map()
        made = _chart(view, dataset["id"], drawn)
        return {
            "chart": made,
            "drawn": drawn,
            "table": load_page(resource["id"]) if not made else None,
            "kinds": kind_names(),
            "table_kind": TABLE,
            "maps": map_names(),
            "levels": area_levels(),
            "dimensions": breakdowns(),
            "places": places,
            "place_names": {place: areas()[place]["name"] for place in places if place in areas()},
            "indicators": indicators,
        }

    def view_template(self, context: Context, data_dict: DataDict) -> str:  # noqa: ARG002 - CKAN's
        """Return the template that shows a view."""
        return "learningcity/view/view.html"

    def form_template(self, context: Context, data_dict: DataDict) -> str:  # noqa: ARG002 - CKAN's
        """Return the template of a view's settings."""
        return "learningcity/view/form.html"


def _chart(view: DataDict, dataset_id: str, drawn: str) -> Any:
    """Return the chart of a view; None where its settings, not yet valid, give none."""
    try:
        return chart_of(view, dataset_id, drawn=drawn)
    except (tk.ObjectNotFound, tk.ValidationError):
        return None
