"""The observations of a resource, a page at a time: filtered and sorted by the DataStore."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page

from ckanext.learningcity.tables.codelists import areas, indicators
from ckanext.learningcity.tables.model import DIMENSIONS

from .asked import asked, asked_list

ROWS = 50
_MOST_PLACES = 2000
_NUMBER = re.compile("[0-9]{1,6}")
#: What the table can be sorted by; a minus turns the order round.
SORTS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")
_THEN = ("INDICATOR", "REF_AREA", "PERIOD_START", *DIMENSIONS)


@dataclass(frozen=True)
class TablePage:
    """Some rows of a resource of observations, and what was asked for."""

    records: list[dict[str, Any]]
    total: int
    page: Page
    indicator: str
    area: str
    sort: str


def load_page(resource_id: str) -> TablePage:
    """Return the rows that the address asks for.

    Parameters: `indicator`, `place`, `sort` (a column, with a minus for the reverse), `page`.
    What the address names wrongly is as if it were not there: it belongs to the page around too.
    """
    indicator = next((one for one in asked_list("indicator") if one in indicators()), "")
    area = next((one for one in asked_list("place") if one in areas()), "")
    sort = asked("sort")
    column = sort.lstrip("-") if sort.lstrip("-") in SORTS else ""
    number = max(1, int(asked("page"))) if _NUMBER.fullmatch(asked("page")) else 1
    wanted = {"INDICATOR": indicator, "REF_AREA": area}
    order = [f"{column} {'desc' if sort.startswith('-') else 'asc'} nulls last"] if column else []
    found = tk.get_action("datastore_search")(
        {},
        {
            "resource_id": resource_id,
            "filters": {name: code for name, code in wanted.items() if code},
            "sort": ", ".join([*order, *(name for name in _THEN if name != column)]),
            "limit": ROWS,
            "offset": ROWS * (number - 1),
            "include_total": True,
        },
    )
    page = Page(
        found["records"],
        page=number,
        items_per_page=ROWS,
        item_count=found["total"],
        presliced_list=True,
        url=_page_url,
    )
    shown = sort if column else ""
    return TablePage(found["records"], found["total"], page, indicator, area, shown)


def _page_url(page: int) -> str:
    """Return the address of this page with another page of the table."""
    kept = [pair for pair in tk.request.args.items(multi=True) if pair[0] != "page"]
    return tk.h.url_for(f"{tk.request.path}?{urlencode([*kept, ('page', page)])}")


def places_and_indicators(resource_id: str) -> tuple[list[str], list[str]]:
    """Return the codes of places and of indicators that a resource has observations of."""
    return _distinct(resource_id, "REF_AREA"), _distinct(resource_id, "INDICATOR")


def _distinct(resource_id: str, column: str) -> list[str]:
    query = {
        "resource_id": resource_id,
        "fields": [column],
        "distinct": True,
        "sort": column,
        "limit": _MOST_PLACES,
        "include_total": False,
    }
    try:
        found = tk.get_action("datastore_search")({}, query)
    except tk.ObjectNotFound:
        return []  # the release has not been derived yet
    return [record[column] for record in found["records"]]
