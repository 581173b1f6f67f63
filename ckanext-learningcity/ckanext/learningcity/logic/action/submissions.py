"""Submissions: the way of an upload through the publishing desk."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity import addressed, existing
from ckanext.learningcity.desk import (
    changes,
    check,
    checking,
    describe,
    promises,
    states,
    store,
    uploads,
)
from ckanext.learningcity.desk.preview import preview
from ckanext.learningcity.indicators import derived
from ckanext.learningcity.logic import files, schema, submission_schema
from ckanext.learningcity.logic.languages import current_language
from ckanext.learningcity.tables.mapping import Mapping


@tk.validate_action_data(submission_schema.create)
def learningcity_submission_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Upload a file as the next state of a dataset, read and check it. Nothing is published.

    A file larger than `ckanext.learningcity.check_in_background` is checked in the background:
    `progress` says how far that is.

    :param id: the dataset's name or id
    :param upload: the file (multipart): CSV, TSV, XLSX or ODS
    :returns: the submission as `learningcity_submission_show` gives it: a draft, or `checking`
    """
    tk.check_access("learningcity_submission_create", context, data_dict)
    package = tk.get_action("package_show")(Context(context), {"id": data_dict["id"]})
    content = files.content(data_dict["upload"])
    user = derived.account(context.get("user", ""))
    large = checking.is_large(len(content))
    if large:
        known = {**checking.nothing_yet(), "progress": promises.promised(user.id)}
    else:
        known = check.examine(existing.dataset(package["id"]), content).keep()
    submission_id = store.create(
        user.id,
        package["id"],
        filename=files.name(data_dict["upload"]),
        sha256=uploads.keep(content),
        size=len(content),
        state=states.CHECKING if large else states.DRAFT,
        **known,
    )
    model.Session.commit()
    if large:
        promises.enqueue(submission_id, states.CHECKING)
    return shown(context, submission_id)


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_submission_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a submission.

    :param id: the submission's id
    :returns: `dataset` (name), `state` (checking, draft, submitted, returned, approved,
        publishing, published, discarded), `filename`, `size`, `mapping`, `report`,
        `confirmed` (codes), `difference` (counts; null where the report has errors),
        `base_release` (compared with), `current_release`, `release` (what it became), `reason`,
        `progress`, `history`, `blocked` (what keeps it from being submitted: errors, confirm,
        nothing), `possible` (what the caller may do now) and `marked` (whether its marked workbook
        can be had)
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
    :param mapping: which column is what (JSON); the file is read and checked again, a large one in
        the background
    :param sheet: the name of another sheet of the workbook, whose columns are proposed
    :param confirmed: codes of the findings that the publisher stands by, instead of those before
    """
    tk.check_access("learningcity_submission_update", context, data_dict)
    user, row = locked(context, data_dict, "update")
    asked = data_dict.get("confirmed", row["confirmed"])
    mapping, sheet = data_dict.get("mapping"), data_dict.get("sheet")
    if mapping or sheet is not None:
        _check_again(row, user, mapping, sheet, asked)
    else:
        confirmed = [code for code in check.unpacked(row["report"]).to_confirm if code in asked]
        happened = store.entry("confirmed", user.id)
        store.write(row["id"], happened, state=states.DRAFT, confirmed=confirmed)
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
    row = store.known(data_dict["id"])
    if not row["file_kept"]:
        raise _gone()
    try:
        return preview(row["preview"], row["mapping"], data_dict.get("sheet"))
    except KeyError as error:
        raise _no_sheet() from error


@tk.side_effect_free
@tk.validate_action_data(submission_schema.diff)
def learningcity_submission_diff(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a submission would change in the release that it was compared with.

    :param id: the submission's id
    :param limit: records a page
    :param offset: records to skip
    :returns: `counts` (`added`, `changed`, `removed`), `count` of all records, and `results`:
        `change`, the observation's key, `old` and `new`. Empty where the report has errors
    """
    tk.check_access("learningcity_submission_diff", context, data_dict)
    row = store.known(data_dict["id"])
    if not row["file_kept"] or row["changes"] is None:
        return {"counts": {"added": 0, "changed": 0, "removed": 0}, "count": 0, "results": []}
    counts = row["difference"]
    page = data_dict["limit"], data_dict["offset"]
    try:
        results = changes.records(uploads.content(row["changes"]), *page)
    except addressed.GoneError as error:
        raise _gone() from error
    return {"counts": counts, "count": sum(counts.values()), "results": results}


def shown(context: Context, submission_id: str) -> dict[str, Any]:
    """Return a submission as the caller sees it."""
    row = store.known(submission_id)
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


def _check_again(
    row: store.Submission,
    user: model.User,
    mapping: Mapping | None,
    sheet: str | None,
    asked: list[str],
) -> None:
    """Read and check a submission's file by other columns; a large one in the background."""
    if sheet is not None and sheet not in (each["sheet"] for each in row["preview"]):
        model.Session.rollback()
        raise _no_sheet()
    happened = store.entry("changed", user.id)
    if checking.is_large(row["size"]):
        chosen = {"mapping": mapping.as_dict()} if mapping else {}
        promises.begin(row["id"], states.CHECKING, happened, sheet, confirmed=asked, **chosen)
        return
    try:
        content = uploads.content(row["sha256"])
    except addressed.GoneError as error:
        raise _gone() from error
    dataset = existing.dataset(row["dataset_id"])
    found = check.examine(dataset, content, mapping, sheet=sheet)
    confirmed = [code for code in found.report.to_confirm if code in asked]
    check.record(row, found, happened, state=states.DRAFT, confirmed=confirmed)


def _gone() -> tk.ObjectNotFound:
    return tk.ObjectNotFound(tk._("The file of this submission is no longer kept."))


def _no_sheet() -> tk.ValidationError:
    return tk.ValidationError({"sheet": [tk._("The file has no such sheet.")]})
