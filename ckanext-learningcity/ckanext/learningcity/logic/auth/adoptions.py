"""Who may record that a city adopts an innovation."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.booster import adoptions


def learningcity_adoption_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The adopting city's own editors, for an innovation that they may see."""
    tk.check_access("package_show", context, {"id": data_dict["innovation"]})
    group = model.Group.get(data_dict["organization"])
    return _editor(context, group.id if group else "")


def learningcity_adoption_update(context: Context, data_dict: DataDict) -> AuthResult:
    """As recording it."""
    return _editor(context, adoptions.known(data_dict["id"])["organization_id"])


def learningcity_adoption_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """As recording it."""
    return learningcity_adoption_update(context, data_dict)


@tk.auth_allow_anonymous_access
def learningcity_adoption_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the innovation."""
    row = adoptions.known(data_dict["id"])
    return tk.check_access("package_show", context, {"id": row["innovation_id"]}) and {
        "success": True
    }


def _editor(context: Context, organization_id: str) -> AuthResult:
    user = context.get("user") or ""
    if authz.has_user_permission_for_group_or_org(organization_id, user, "update_dataset"):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the city's own editors record what it adopts.")}
