"""Who may do what with the content that cities share, beyond what holds for every dataset."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.content import imports
from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.content.types import types


@tk.auth_allow_anonymous_access
def learningcity_content_links(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the page may see its ties; those one may not see are left out."""
    return tk.check_access("package_show", context, {"id": data_dict["id"]}) and {"success": True}


@tk.auth_sysadmins_check
def learningcity_content_feature(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat features what everybody may see, whoever owns it."""
    package = model.Package.get(data_dict["id"])
    if package is None or package.type not in types():
        raise tk.ObjectNotFound(tk._("There is no such page."))
    if not may_curate(context.get("user")):
        message = tk._("Only the network's secretariat features what cities share.")
        return {"success": False, "msg": message}
    if package.private or package.state != model.State.ACTIVE:
        return {"success": False, "msg": tk._("Only what is public can be featured.")}
    return {"success": True}


def learningcity_space_import_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may create datasets of the organization may import into it."""
    organization = model.Group.get(data_dict["organization"])
    return _may_import(context, organization.id if organization else None)


def learningcity_space_import_show(context: Context, data_dict: DataDict) -> AuthResult:
    """As making it: the report quotes the file."""
    row = imports.get(data_dict["id"])
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such import."))
    return _may_import(context, row["organization_id"])


def learningcity_space_import_write(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return learningcity_space_import_show(context, data_dict)


def learningcity_space_import_cancel(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return learningcity_space_import_show(context, data_dict)


def _may_import(context: Context, organization_id: str | None) -> AuthResult:
    user = context.get("user", "")
    if organization_id and authz.has_user_permission_for_group_or_org(
        organization_id, user, "create_dataset"
    ):
        return {"success": True}
    message = tk._("Only editors of the organization import for it.")
    return {"success": False, "msg": message}
