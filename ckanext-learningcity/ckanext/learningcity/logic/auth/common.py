"""What the modules of this room share."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.desk import roles
from ckanext.learningcity.indicators import derived


@tk.auth_allow_anonymous_access
def anyone(context: Context, data_dict: DataDict) -> AuthResult:
    """Let everybody, also who is not logged in."""
    return {"success": True}


def publisher(context: Context, dataset: model.Package) -> AuthResult:
    """Let whom the dataset's organization has chosen to publish."""
    if roles.may_publish(derived.account(context.get("user", "")), dataset):
        return {"success": True}
    return {"success": False, "msg": tk._("Only administrators of the organization may publish.")}
