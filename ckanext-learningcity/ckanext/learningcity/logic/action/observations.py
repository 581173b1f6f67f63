"""Observations: search them, and publish a file of them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.indicators import derived, history, query, release
from ckanext.learningcity.indicators.records import records
from ckanext.learningcity.indicators.visibility import reader_labels
from ckanext.learningcity.logic import schema
from ckanext.learningcity.logic.languages import current_language
from ckanext.learningcity.tables.model import DIMENSIONS
from ckanext.learningcity.tables.read import read_csv
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

_MEGABYTE = 1024**2


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
    :param as_of: the state at this date or moment (ISO 8601)
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
        "records": list(records(page.rows)),
        "next_cursor": page.cursor,
        "total": page.total,
    }


def wanted_slice(context: Context, data_dict: DataDict) -> query.Slice:
    """Return the slice that validated parameters describe, for the reader in `context`."""
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
        as_of=data_dict.get("as_of"),
        labels=reader_labels(context),
    )


@tk.validate_action_data(schema.observation_publish)
def learningcity_observation_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a CSV in the long format as the next release of a dataset.

    The file is the dataset's whole new state: observations that it lacks are removed. A file with
    a fault changes nothing, and the error carries its `issues`.

    :param id: the dataset's name or id
    :param upload: the file (multipart), or
    :param data: its content as text
    :param dry_run: true reports what would change and changes nothing
    :returns: `report` (`valid`, `counts`, `issues` by row and column), `difference` (`added`,
        `changed`, `removed`; null where the file has faults) and `release` (null where nothing
        changed or on a dry run)
    """
    tk.check_access("learningcity_observation_publish", context, data_dict)
    dataset = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    report = Report()
    table = check(*read_csv(_content(data_dict), report), report)
    described = report.as_dict(current_language())
    if data_dict["dry_run"]:
        counts = None if report.has_errors else _preview(dataset["id"], table)
        return {"report": described, "difference": counts, "release": None}
    if report.has_errors:
        messages = [_placed(issue) for issue in described["issues"]]
        raise tk.ValidationError({"upload": messages, "issues": described["issues"]})
    number = derived.publish(context.get("user", ""), dataset["id"], table, {"kind": "upload"})
    return {"report": described, **_outcome(dataset["id"], number)}


def _preview(dataset_id: str, table: pl.DataFrame) -> dict[str, int]:
    return release.preview(model.Session.connection(), dataset_id, table).counts


def _outcome(dataset_id: str, number: int | None) -> dict[str, Any]:
    made = number and history.release_of(model.Session.connection(), dataset_id, number)
    counts = {name: made[name] if made else 0 for name in ("added", "changed", "removed")}
    return {"difference": counts, "release": made or None}


def _content(data_dict: DataDict) -> bytes:
    upload, text = data_dict.get("upload"), data_dict.get("data")
    if bool(upload) == bool(text):
        message = tk._("Give the file as “upload”, or its text as “data”.")
        raise tk.ValidationError({"upload": [message]})
    largest = tk.config["ckanext.learningcity.upload_max"] * _MEGABYTE
    content = upload.read(largest + 1) if upload else str(text).encode()
    if len(content) > largest:
        message = tk._("The file is larger than {size} MB.").format(size=largest // _MEGABYTE)
        raise tk.ValidationError({"upload": [message]})
    return content


def _placed(issue: dict[str, Any]) -> str:
    if issue["row"] is None:
        return issue["message"]
    return tk._("Row {row}, column {column}: {message}").format(**issue)
