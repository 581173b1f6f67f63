"""Who may call which action. Reading is free: what a caller may not see is left out in the SQL."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.desk import roles, states, store
from ckanext.learningcity.indicators import derived

from . import kept

NextAuth = Callable[[Context, DataDict], AuthResult]


@tk.auth_allow_anonymous_access
def learningcity_area_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Places are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_area_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Places are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_city_profile(context: Context, data_dict: DataDict) -> AuthResult:
    """City pages are public; private datasets are left out."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_indicator_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Definitions are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_indicator_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Definitions are public; private datasets are left out."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_observation_search(context: Context, data_dict: DataDict) -> AuthResult:
    """Anyone may search; private datasets are left out."""
    return {"success": True}


@tk.auth_sysadmins_check
def learningcity_observation_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset may try; a publication is for whom the organization chose.

    Where it asks for approvals, there is no way past them.
    """
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    dataset = model.Package.get(data_dict["id"])
    if dataset is None or data_dict.get("dry_run"):
        return {"success": True}
    if roles.workflow(dataset).needs_approval:
        message = tk._("The organization asks for an approval: use learningcity_submission_create.")
        return {"success": False, "msg": message}
    return _publisher(context, dataset)


@tk.auth_allow_anonymous_access
def learningcity_quality_list(context: Context, data_dict: DataDict) -> AuthResult:
    """How fresh and complete the network's datasets are is public; private ones are left out."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_quality_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the dataset may see how good it is."""
    return tk.check_access("package_show", context, {"id": data_dict["id"]}) and {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_release_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the dataset may read its releases."""
    if data_dict.get("id"):
        tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_release_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the dataset may read its releases."""
    return tk.check_access("package_show", context, {"id": data_dict["id"]}) and {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_release_diff(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the dataset may read its releases."""
    return tk.check_access("package_show", context, {"id": data_dict["id"]}) and {"success": True}


def learningcity_release_correct(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may publish may withdraw a release or roll back to one."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return _publisher(context, model.Package.get(data_dict["id"]))


@tk.auth_allow_anonymous_access
def learningcity_source_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Where the portal's data comes from is public."""
    return {"success": True}


def learningcity_source_run(context: Context, data_dict: DataDict) -> AuthResult:
    """Only administrators of the portal start a harvest."""
    return {"success": False, "msg": tk._("Only administrators may run a source.")}


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
    return _publisher(context, dataset)


def _publisher(context: Context, dataset: model.Package) -> AuthResult:
    if roles.may_publish(derived.account(context.get("user", "")), dataset):
        return {"success": True}
    return {"success": False, "msg": tk._("Only administrators of the organization may publish.")}


def _editable(context: Context, data_dict: DataDict) -> tuple[store.Submission, model.Package]:
    """Return a submission and its dataset, if the caller may change the dataset."""
    row = store.get(data_dict["id"])
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such submission."))
    tk.check_access("package_update", context, {"id": row["dataset_id"]})
    return row, model.Package.get(row["dataset_id"])


@tk.auth_allow_anonymous_access
def learningcity_tabular_status(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the resource may know whether it has a table."""
    resource = {"id": data_dict["resource_id"]}
    return tk.check_access("resource_show", context, resource) and {"success": True}


def learningcity_tabular_load(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource may load its table again."""
    resource = {"id": data_dict["resource_id"]}
    return tk.check_access("resource_update", context, resource) and {"success": True}


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_create(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """The table of a release follows from it; even an administrator changes it by publishing."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_upsert(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """As `datastore_create`."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def datastore_delete(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """As `datastore_create`; CKAN asks this one for `datastore_records_delete` too."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)


@tk.auth_sysadmins_check
@tk.chained_auth_function
def resource_delete(next_auth: NextAuth, context: Context, data_dict: DataDict) -> AuthResult:
    """The file of the newest release goes with its dataset only."""
    return kept.refuse(data_dict) or next_auth(context, data_dict)
