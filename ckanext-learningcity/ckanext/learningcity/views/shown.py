"""What a resource view shows: its settings, the chart made of them, and their rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.tables.codelists import area_levels, breakdowns

from .asked import MAPS
from .figures import MOST_PLACES, Choice, load_indicator, search
from .frame import Chart
from .kinds import KINDS

VIEW_TYPE = "learningcity_views"
TABLE = "table"
VIEW_KINDS = (*KINDS, TABLE)

View = Mapping[str, Any]


@validator_args
def view_schema(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory
) -> Schema:
    """Return the rules of a view's settings: codes and periods as the search action takes them."""
    get = tk.get_validator
    return {
        "kind": [default("chart"), one_of(list(VIEW_KINDS))],
        "indicator": [ignore_empty, get("learningcity_list"), get("learningcity_indicators"), _one],
        "area": [ignore_empty, get("learningcity_list"), get("learningcity_areas"), _few],
        "level": [ignore_empty, one_of(list(area_levels()))],
        "by": [ignore_empty, one_of([name.lower() for name in breakdowns()])],
        "start": [ignore_empty, get("learningcity_period")],
        "end": [ignore_empty, get("learningcity_period")],
        "map": [ignore_empty, one_of(list(MAPS))],
    }


def chart_of(
    view: View, dataset_id: str, size: str = "large", as_of: str = "", drawn: str = ""
) -> Chart | None:
    """Return the chart of a view from its own dataset's observations, None for a table.

    :param drawn: how a reader wants provinces drawn, else as the editors do
    :raises tk.ObjectNotFound: the indicator of the view is not known any more
    :raises tk.ValidationError: there is no such release
    """
    kind, indicator = view.get("kind") or "chart", view.get("indicator")
    if kind == TABLE or not indicator:
        return None
    choice = Choice(
        areas=view.get("area") or (),
        level=view.get("level") or "",
        start=view.get("start") or "",
        end=view.get("end") or "",
        as_of=as_of,
        datasets=(dataset_id,),
        drawn=drawn or view.get("map") or "",
        dimensions={view["by"].upper(): ()} if view.get("by") else {},
    )
    if kind in ("chart", "breakdown") and not choice.areas:
        found = search(load_indicator(indicator)["id"], choice)
        places = list(dict.fromkeys(record["REF_AREA"] for record in found))
        choice = _with_areas(choice, places[:MOST_PLACES])
    return KINDS[kind](indicator, choice, size)


def kind_names() -> dict[str, str]:
    """Return the kinds of view with their names in the reader's language."""
    return {
        "chart": tk._("Trend"),
        "ranking": tk._("Ranking"),
        "map": tk._("Map"),
        "distribution": tk._("Distribution"),
        "breakdown": tk._("Breakdown"),
        TABLE: tk._("Table"),
    }


def map_names() -> dict[str, str]:
    """Return the ways to draw provinces with their names in the reader's language."""
    return dict(zip(MAPS, (tk._("Squares"), tk._("Geographic shapes")), strict=True))


def _with_areas(choice: Choice, areas: list[str]) -> Choice:
    return Choice(**{**vars(choice), "areas": areas})


def _one(value: list[str]) -> str:
    if len(value) != 1:
        raise tk.Invalid(tk._("Name one indicator."))
    return value[0]


def _few(value: list[str]) -> list[str]:
    if len(value) > MOST_PLACES:
        raise tk.Invalid(tk._("At most {number} places.").format(number=MOST_PLACES))
    return value
