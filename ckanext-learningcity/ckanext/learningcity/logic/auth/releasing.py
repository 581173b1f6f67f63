"""Who may publish, take back, and start what does."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity import existing
from ckanext.learningcity.desk import roles

from .common import publisher


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
    return publisher(context, dataset)


def learningcity_release_correct(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may publish may withdraw a release or roll back to one."""
    tk.check_access("package_update", context, {"id": data_dict["id"]})
    return publisher(context, existing.dataset(data_dict["id"]))


def learningcity_source_run(context: Context, data_dict: DataDict) -> AuthResult:
    """Administrators of the portal and the network's secretariat start a harvest."""
    if roles.of_secretariat(model.User.get(context.get("user"))):
        return {"success": True}
    message = tk._("Only administrators of the portal and the secretariat may run a source.")
    return {"success": False, "msg": message}


def learningcity_tabular_load(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource may load its table again."""
    resource = {"id": data_dict["resource_id"]}
    return tk.check_access("resource_update", context, resource) and {"success": True}
