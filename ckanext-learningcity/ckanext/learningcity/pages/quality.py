"""The quality of the network's datasets: a list by freshness, and the same as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint, stream_with_context
from werkzeug.wrappers import Response

from ckanext.learningcity.indicators.files import BYTE_ORDER_MARK
from ckanext.learningcity.quality.framework import grades, states

quality = Blueprint("learningcity_quality", __name__)

PAGE_SIZE = 20

_COLUMNS = ("name", "title", "organization", "grade", "points", "items_met")
_FRESHNESS = ("state", "frequency", "modified", "due")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a text that begins so
_BATCH = 500


@quality.get("/quality", strict_slashes=False)
def index() -> str:
    """List datasets, those longest overdue first, by organization, place and state."""
    query = _query()
    number = tk.h.get_page_number(tk.request.args)
    found = _list(query, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    page = Page(
        found["results"],
        page=number,
        items_per_page=PAGE_SIZE,
        item_count=found["count"],
        presliced_list=True,
        url=tk.h.pager_url,
    )
    shown = {
        "page": page,
        "query": query,
        "counts": found["states"],
        "states": states(),
        "grades": grades(),
        "organizations": tk.get_action("organization_list")({}, {"all_fields": True}),
        "filtered": any(query.values()),
    }
    return tk.render("learningcity/quality/index.html", shown)


@quality.get("/quality.csv")
def download() -> Response:
    """Return the list as CSV, all pages of it."""
    query = _query()
    first = _list(query, _BATCH, 0)  # a wrong filter is refused before the answer has begun
    response = Response(stream_with_context(_lines(query, first)), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=quality.csv"
    return response


def _query() -> dict[str, str]:
    return {name: tk.request.args.get(name, "") for name in ("organization", "area", "state")}


def _list(query: Mapping[str, str], limit: int, offset: int) -> dict[str, Any]:
    """Return a page of the list; answers 400 to a filter that does not exist."""
    asked = {name: value for name, value in query.items() if value}
    try:
        return tk.get_action("learningcity_quality_list")(
            {}, {**asked, "limit": limit, "offset": offset}
        )
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))


def _lines(query: Mapping[str, str], first: Mapping[str, Any]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK + _line([*_COLUMNS, *_FRESHNESS])
    found, offset = first, 0
    while found["results"]:
        for dataset in found["results"]:
            organization = dataset["organization"] or {}
            row = {**dataset, "organization": organization.get("name", "")}
            values = [row[name] for name in _COLUMNS]
            yield _line([*values, *(dataset["freshness"][name] for name in _FRESHNESS)])
        offset += len(found["results"])
        found = _list(query, _BATCH, offset)


def _line(values: list[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(map(_safe, values))
    return buffer.getvalue().encode()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
