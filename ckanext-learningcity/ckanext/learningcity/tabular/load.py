"""The job that brings an uploaded table into the DataStore."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
from ckan import model
from ckan.types import Context

from ckanext.learningcity.tables import privacy, reading
from ckanext.learningcity.tables.codelists import messages
from ckanext.learningcity.tables.report import Issue, Report

from . import columns, kinds, shape, status, store, uploads, words
from .status import Status

_MEGABYTE = 1024 * 1024
_MOST_COLUMNS = 1000  # PostgreSQL takes 1,600 in a row, fewer where they are wide
_MOST_ISSUES = 50  # findings that are kept to be shown

#: A list of offices has telephone numbers and mail addresses; its publisher is asked to look.
_TOLD = frozenset({"privacy_contact", "privacy_email", "privacy_name", "privacy_phone"})


def load(resource_id: str, *, again: bool = False) -> None:
    """Bring the DataStore up to a resource's file: load it, leave it, or take its table away.

    What cannot be loaded leaves the last table as it is, and the status says why. Any number of
    these jobs may run, in any order: each looks at what is there now.

    :param again: load the file although it is the one that has been loaded
    """
    with store.alone(resource_id):
        resource = _record(resource_id)
        last = status.get(resource_id)
        if resource is None or not uploads.holds_table(resource):
            _take_away(resource_id, last)
            return
        before = last or Status("waiting", "")
        now = replace(before, state="running", version=uploads.version(resource))
        status.put(resource_id, now)
        try:
            done = _loaded(resource, now, again=again)
        except Exception:
            status.put(resource_id, replace(now, state="failed", issues=[Issue("table_failed")]))
            raise
        status.put(resource_id, done)
    if done.state == "loaded":
        _activate(resource)


def _record(resource_id: str) -> dict[str, Any] | None:
    model.Session.expire_all()  # another process may have changed it while this one waited
    resource = model.Resource.get(resource_id)
    if resource is None or resource.state != "active" or resource.package.state == "deleted":
        return None
    return tk.get_action("resource_show")(Context(ignore_auth=True), {"id": resource_id})


def _take_away(resource_id: str, last: Status | None) -> None:
    """Remove the table that this job made for a resource that is something else now."""
    if last is None:
        return
    if model.Resource.get(resource_id) and last.loaded:
        store.remove(_user(), resource_id)
    status.remove(resource_id)


def _loaded(resource: Mapping[str, Any], now: Status, *, again: bool) -> Status:
    """Load a file, and return what became of it."""
    size = tk.config["ckanext.learningcity.tabular_max"]
    try:
        content = uploads.content(resource, size * _MEGABYTE)
    except uploads.MissingFileError:
        return replace(now, state="failed", issues=[Issue("table_file_missing")])
    if content is None:
        issue = Issue("table_too_large", expected=f"{size} MB")
        return replace(now, state="failed", issues=[issue])
    digest = hashlib.sha256(content).hexdigest()
    known = store.dictionary(resource["id"])
    if now.loaded.get("sha256") == digest and known and not again:
        return replace(now, state="loaded", issues=_of(now.issues, _TOLD))
    report = Report()
    table = _read(content, report)
    stops = {code for code in report.counts if _stops(code)}
    if stops:
        return replace(now, state="failed", issues=_of(report.issues, stops))
    if table is None:
        return replace(now, state="failed", issues=[Issue("file_empty")])
    loaded = {"sha256": digest, **_store(resource["id"], table, now.loaded, known)}
    return replace(now, state="loaded", loaded=loaded, issues=_of(report.issues, _TOLD))


def _read(content: bytes, report: Report) -> shape.Table | None:
    """Return the table in a file, None where it has none or a fault keeps it from being read."""
    grids = reading.grids(content, report)
    privacy.scan(grids, report)
    if any(map(_stops, report.counts)):
        return None
    table = shape.find(grids, report)
    if table and len(table.headings) > _MOST_COLUMNS:
        found, most = str(len(table.headings)), str(_MOST_COLUMNS)
        report.add([Issue("table_columns", found=found, expected=most)])
    return table


def _stops(code: str) -> bool:
    return messages()[code]["severity"] == "error" and code not in _TOLD


def _of(issues: Iterable[Issue], codes: AbstractSet[str]) -> list[Issue]:
    """Return the first of the findings with one of these codes; a report lists only so many."""
    found = [issue for issue in issues if issue.code in codes][:_MOST_ISSUES]
    return found or [Issue(code) for code in sorted(codes - _TOLD)]


def _store(
    resource_id: str,
    table: shape.Table,
    before: Mapping[str, Any],
    known: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    pairs = [(heading, name) for heading, name in before.get("columns", ())]
    names = columns.ids(table.headings, pairs)
    series, fields = [], []
    for heading, name, values in zip(table.headings, names, table.body.iter_columns(), strict=True):
        kind = kinds.kind(heading, values)
        fields.append(store.Field(name, kind, {"label": heading, **known.get(name, {})}))
        series.append(kinds.converted(values, kind).alias(name))
    store.replace(resource_id, fields, pl.DataFrame(series), words.of_rows(table.body))
    return {
        "rows": table.body.height,
        "sheet": table.sheet,
        "above": table.above,
        "below": table.below,
        "columns": list(zip(table.headings, names, strict=True)),
    }


def _activate(resource: Mapping[str, Any]) -> None:
    """Say on the resource that it has a table, and give it the views that show one."""
    user = _user()
    if not resource.get("datastore_active"):
        patch = {"id": resource["id"], "datastore_active": True}
        resource = tk.get_action("resource_patch")(Context(user=user, ignore_auth=True), patch)
    tk.get_action("resource_create_default_resource_views")(
        Context(user=user, ignore_auth=True),
        {"resource": dict(resource), "create_datastore_views": True},
    )


def _user() -> str:
    return tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
