"""Who may sign up, and who may see who did."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.week import signups


@tk.auth_allow_anonymous_access
def learningcity_signup_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the event may sign up for it."""
    return tk.check_access("package_show", context, {"id": data_dict["event"]}) and {
        "success": True
    }


@tk.auth_allow_anonymous_access
def learningcity_signup_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has the signed link: nobody else can make one."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_signup_confirm(context: Context, data_dict: DataDict) -> AuthResult:
    """As seeing it."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_signup_cancel(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has the signed link; by its id, whoever may change the event."""
    if data_dict.get("token"):
        return {"success": True}
    row = signups.get(data_dict.get("id") or "")
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such sign-up, or it was cancelled."))
    return tk.check_access("package_update", context, {"id": row["event_id"]}) and {"success": True}


def learningcity_signup_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the event: the host's editors."""
    return tk.check_access("package_update", context, {"id": data_dict["event"]}) and {
        "success": True
    }
