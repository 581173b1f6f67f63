"""Decisions about submissions: submit, approve, return, publish, discard."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity import existing
from ckanext.learningcity.desk import describe, notify, promises, roles, states, store, uploads
from ckanext.learningcity.desk.circumstances import current_release
from ckanext.learningcity.logic import schema, submission_schema

from .submissions import locked, shown


@tk.validate_action_data(schema.identifier)
def learningcity_submission_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say that a submission is ready.

    It then waits for approval, or is approved where the organization asks for none.

    :param id: the submission's id
    """
    tk.check_access("learningcity_submission_submit", context, data_dict)
    user, row = locked(context, data_dict, "submit")
    if row["base_release"] != current_release(row["dataset_id"]):
        promises.compare_again(row, user.id)
        message = tk._("Another release has been published meanwhile. See what changes now.")
        raise tk.ValidationError({"base_release": [message]})
    if blocked := describe.blocked(row):
        model.Session.rollback()
        raise tk.ValidationError({"report": [_hindrances()[each] for each in blocked]})
    dataset = existing.dataset(row["dataset_id"])
    waits = roles.workflow(dataset).needs_approval
    state = states.SUBMITTED if waits else states.APPROVED
    store.write(row["id"], store.entry("submitted", user.id), state=state, reason=None)
    if waits:
        notify.submitted(store.known(row["id"]), dataset)
    return shown(context, row["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_submission_approve(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Approve what somebody else has submitted.

    :param id: the submission's id
    """
    tk.check_access("learningcity_submission_approve", context, data_dict)
    return _decide(context, data_dict, "approve", states.APPROVED, "approved")


@tk.validate_action_data(submission_schema.give_back)
def learningcity_submission_return(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a submission to those who made it; they may take it back themselves, too.

    :param id: the submission's id
    :param reason: what has to be changed
    """
    tk.check_access("learningcity_submission_return", context, data_dict)
    return _decide(context, data_dict, "return", states.RETURNED, "returned")


@tk.validate_action_data(schema.identifier)
def learningcity_submission_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish an approved submission, in the background: `progress` says how far it is.

    Should another release have been published meanwhile, it becomes a draft again, with the new
    difference.

    :param id: the submission's id
    """
    tk.check_access("learningcity_submission_publish", context, data_dict)
    user, row = locked(context, data_dict, "publish")
    promises.begin(row["id"], states.PUBLISHING, store.entry("publishing", user.id), reason=None)
    return shown(context, row["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_submission_discard(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give a submission up; its file is removed.

    :param id: the submission's id
    """
    tk.check_access("learningcity_submission_discard", context, data_dict)
    user, row = locked(context, data_dict, "discard")
    happened = store.entry("discarded", user.id)
    store.write(row["id"], happened, state=states.DISCARDED, decided_by=user.id)
    uploads.forget(row)
    return shown(context, row["id"])


def _decide(
    context: Context, data_dict: DataDict, act: str, state: str, kind: str
) -> dict[str, Any]:
    user, row = locked(context, data_dict, act)
    reason = data_dict.get("reason")
    happened = store.entry(kind, user.id, reason)
    store.write(row["id"], happened, state=state, reason=reason, decided_by=user.id)
    notify.decided(store.known(row["id"]), existing.dataset(row["dataset_id"]), kind, user.id)
    return shown(context, row["id"])


def _hindrances() -> dict[str, str]:
    return {
        "errors": tk._("The report has errors. Mend them in the file and upload it again."),
        "confirm": tk._("The report has findings that you have to confirm."),
        "nothing": tk._("The file would change nothing: it holds what is published."),
    }
