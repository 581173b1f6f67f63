"""Submissions: the way of an upload through the publishing desk."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.desk import check, describe, states, store, uploads
from ckanext.learningcity.desk.preview import preview
from ckanext.learningcity.indicators import derived, differences
from ckanext.learningcity.logic import files, schema, submission_schema
from ckanext.learningcity.logic.languages import current_language
from ckanext.learningcity.tables import reading
from ckanext.learningcity.tables.mapping import Mapping
from ckanext.learningcity.tables.report import Report


@tk.validate_action_data(submission_schema.create)
def learningcity_submission_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Upload a file as the next state of a dataset, read and check it. Nothing is published.

    :param id: the dataset's name or id
    :param upload: the file (multipart): CSV, TSV, XLSX or ODS
    :returns: the submission as `learningcity_submission_show` gives it, a draft
    """
    tk.check_access("learningcity_submission_create", context, data_dict)
    package = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    content = files.content(data_dict["upload"])
    found = check.examine(model.Package.get(package["id"]), content)
    user = derived.account(context.get("user", ""))
    submission_id = store.create(
        user.id,
        package["id"],
        filename=files.name(data_dict["upload"]),
        sha256=uploads.keep(content),
        size=len(content),
        **found.facts,
    )
    model.Session.commit()
    return shown(context, submission_id)


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_submission_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a submission.

    :param id: the submission's id
    :returns: `dataset` (name), `state` (draft, submitted, returned, approved, publishing,
        published, discarded), `filename`, `size`, `mapping`, `report`, `confirmed` (codes),
        `difference` (counts; null where the report has errors), `base_release` (compared with),
        `current_release`, `release` (what it became), `reason`, `progress`, `history`, `blocked`
        (what keeps it from being submitted: errors, confirm, nothing) and `possible` (what the
        caller may do now)
    """
    tk.check_access("learningcity_submission_show", context, data_dict)
    return shown(context, data_dict["id"])


@tk.side_effect_free
@tk.validate_action_data(submission_schema.search)
def learningcity_submission_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the submissions of the datasets that the caller may edit, the last changed first.

    :param dataset: name or id of a dataset
    :param organization: name or id of an organization
    :param state: one of the states
    :param whose: `mine`, or `to_approve` for those that wait for the caller
    :param q: part of the file's name or the dataset's title
    :param limit: submissions a page
    :param offset: submissions to skip
    :returns: `count` and `results`
    """
    tk.check_access("learningcity_submission_list", context, data_dict)
    dataset = data_dict.get("dataset") and model.Package.get(data_dict["dataset"])
    organization = data_dict.get("organization") and model.Group.get(data_dict["organization"])
    for name, thing in (("dataset", dataset), ("organization", organization)):
        if thing is None and data_dict.get(name):
            raise tk.ValidationError({name: [tk._("There is no such {name}.").format(name=name)]})
    wanted = store.Wanted(
        dataset_id=dataset.id if dataset else None,
        organization_id=organization.id if organization else None,
        **{name: data_dict.get(name) for name in ("state", "whose", "q")},
    )
    user = derived.account(context.get("user", ""))
    count, rows = store.search(user, wanted, data_dict["limit"], data_dict["offset"])
    return {"count": count, "results": [describe.brief(row) for row in rows]}


@tk.validate_action_data(submission_schema.update)
def learningcity_submission_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Correct the columns of a submission, or confirm findings; it becomes a draft again.

    :param id: the submission's id
    :param mapping: which column is what (JSON); the file is read and checked again
    :param sheet: the name of another sheet of the workbook, whose columns are proposed
    :param confirmed: codes of the findings that the publisher stands by, instead of those before
    """
    tk.check_access("learningcity_submission_update", context, data_dict)
    user, row = locked(context, data_dict, "update")
    report, values, kind = check.unpacked(row["report"]), {}, "confirmed"
    mapping = data_dict.get("mapping")
    if "sheet" in data_dict:
        mapping = _proposed(row, data_dict["sheet"])
    if mapping:
        found = _examined(row, mapping)
        report, values, kind = found.report, found.facts, "changed"
    asked = data_dict.get("confirmed", row["confirmed"])
    confirmed = [code for code in report.to_confirm if code in asked]
    happened = store.entry(kind, user.id)
    store.write(row["id"], happened, state=states.DRAFT, confirmed=confirmed, **values)
    return shown(context, row["id"])


@tk.side_effect_free
@tk.validate_action_data(submission_schema.preview)
def learningcity_submission_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the first rows of a sheet as a spreadsheet shows them.

    :param id: the submission's id
    :param sheet: the sheet's name; by default the one that the observations are read from
    :returns: `sheets` (names), `sheet`, `letters` of its columns, and `rows`: `row` (number),
        `hidden` and `cells`
    """
    tk.check_access("learningcity_submission_show", context, data_dict)
    row = store.get(data_dict["id"])
    grids = reading.grids(_content(row), Report())
    try:
        return preview(grids, row["mapping"], data_dict.get("sheet"))
    except KeyError as error:
        raise _no_sheet() from error


@tk.side_effect_free
@tk.validate_action_data(submission_schema.diff)
def learningcity_submission_diff(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a submission would change in the dataset as it is now.

    :param id: the submission's id
    :param limit: records a page
    :param offset: records to skip
    :returns: `counts` (`added`, `changed`, `removed`), `count` of all records, and `results`:
        `change`, the observation's key, `old` and `new`. Empty where the report has errors
    """
    tk.check_access("learningcity_submission_diff", context, data_dict)
    row = store.get(data_dict["id"])
    found = _examined(row, None) if row["file_kept"] else None
    if found is None or found.difference is None:
        return {"counts": {"added": 0, "changed": 0, "removed": 0}, "count": 0, "results": []}
    counts = found.difference.counts
    page = data_dict["limit"], data_dict["offset"]
    return {
        "counts": counts,
        "count": sum(counts.values()),
        "results": differences.records(found.old, found.difference, *page),
    }


def shown(context: Context, submission_id: str) -> dict[str, Any]:
    """Return a submission as the caller sees it."""
    row = store.get(submission_id)
    user = derived.account(context.get("user", ""))
    return describe.whole(row, user, current_language())


def locked(context: Context, data_dict: DataDict, act: str) -> tuple[model.User, store.Submission]:
    """Return the caller and the submission, locked, if `act` is possible in its state."""
    try:
        row = store.lock(data_dict["id"], act)
    except store.StateError as error:
        message = tk._("Not possible in the state “{state}”; possible: {acts}.").format(
            state=error.state, acts=", ".join(states.possible(error.state)) or "–"
        )
        raise tk.ValidationError({"state": [message]}) from error
    return derived.account(context.get("user", "")), row


def _examined(row: store.Submission, mapping: Mapping | None) -> check.Examined:
    """Read and check the submission's file with `mapping`, or with its own."""
    if mapping is None and row["mapping"]:
        mapping = Mapping.from_dict(row["mapping"])
    return check.examine(model.Package.get(row["dataset_id"]), _content(row), mapping)


def _proposed(row: store.Submission, sheet: str) -> Mapping:
    """Return the columns that are proposed for a sheet of the submission's file."""
    grids = reading.grids(_content(row), Report())
    found = next((grid for grid in grids if grid.name == sheet), None)
    if found is None:
        model.Session.rollback()
        raise _no_sheet()
    return reading.propose([found])


def _content(row: store.Submission) -> bytes:
    try:
        return uploads.content(row["sha256"])
    except uploads.GoneError as error:
        raise tk.ObjectNotFound(tk._("The file of this submission is no longer kept.")) from error


def _no_sheet() -> tk.ValidationError:
    return tk.ValidationError({"sheet": [tk._("The file has no such sheet.")]})
