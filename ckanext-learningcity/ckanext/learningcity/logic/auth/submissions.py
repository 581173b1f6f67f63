"""Who may do which step at the publishing desk."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity import existing
from ckanext.learningcity.desk import roles, states, store
from ckanext.learningcity.indicators import derived

from .common import publisher


def learningcity_submission_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset may upload its next state."""
    return tk.check_access("package_update", context, {"id": data_dict["id"]}) and {"success": True}


def learningcity_submission_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset may see what is being prepared for it."""
    _editable(context, data_dict)
    return {"success": True}


def learningcity_submission_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is logged in may ask; the list holds what the caller may edit."""
    return {"success": True}


def learningcity_submission_update(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return learningcity_submission_show(context, data_dict)


def learningcity_submission_diff(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return learningcity_submission_show(context, data_dict)


def learningcity_submission_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return learningcity_submission_show(context, data_dict)


def learningcity_submission_discard(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return learningcity_submission_show(context, data_dict)


@tk.auth_sysadmins_check
def learningcity_submission_approve(context: Context, data_dict: DataDict) -> AuthResult:
    """Whom the organization has chosen may approve, but nobody their own work."""
    row, dataset = _editable(context, data_dict)
    user = derived.account(context.get("user", ""))
    if roles.may_approve(user, dataset, states.authors(row["history"])):
        return {"success": True}
    return {"success": False, "msg": tk._("Somebody else has to approve this submission.")}


@tk.auth_sysadmins_check
def learningcity_submission_return(context: Context, data_dict: DataDict) -> AuthResult:
    """Those who may approve may return, and those whose work it is may take it back."""
    row, dataset = _editable(context, data_dict)
    user, authors = derived.account(context.get("user", "")), states.authors(row["history"])
    if user.id in authors or roles.may_approve(user, dataset, authors):
        return {"success": True}
    return {"success": False, "msg": tk._("Only those who may approve it may return it.")}


def learningcity_submission_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Whom the organization has chosen may publish."""
    _row, dataset = _editable(context, data_dict)
    return publisher(context, dataset)


def _editable(context: Context, data_dict: DataDict) -> tuple[store.Submission, model.Package]:
    """Return a submission and its dataset, if the caller may change the dataset."""
    row = store.known(data_dict["id"])
    tk.check_access("package_update", context, {"id": row["dataset_id"]})
    return row, existing.dataset(row["dataset_id"])
