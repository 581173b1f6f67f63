"""Who may call which action. Reading is free: what a caller may not see is left out in the SQL."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


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


def learningcity_observation_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset may publish its observations."""
    return tk.check_access("package_update", context, {"id": data_dict["id"]}) and {"success": True}


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
def learningcity_source_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Where the portal's data comes from is public."""
    return {"success": True}


def learningcity_source_run(context: Context, data_dict: DataDict) -> AuthResult:
    """Only administrators of the portal start a harvest."""
    return {"success": False, "msg": tk._("Only administrators may run a source.")}
