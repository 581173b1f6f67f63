"""Who may read."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from .common import anyone

#: Everybody may ask; what is private is left out of the answer.
PUBLIC = dict.fromkeys(
    (
        "learningcity_adoption_list",
        "learningcity_area_list",
        "learningcity_area_show",
        "learningcity_boundary_show",
        "learningcity_city_profile",
        "learningcity_content_search",
        "learningcity_evaluation_list",
        "learningcity_forum_post_list",
        "learningcity_forum_space_list",
        "learningcity_indicator_list",
        "learningcity_indicator_show",
        "learningcity_innovation_suggest",
        "learningcity_network_show",
        "learningcity_observation_search",
        "learningcity_public_state",
        "learningcity_quality_list",
        "learningcity_session_list",
        "learningcity_topic_list",
        "learningcity_source_list",
        "learningcity_source_runs",
        "learningcity_source_show",
    ),
    anyone,
)


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


@tk.auth_allow_anonymous_access
def learningcity_tabular_status(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the resource may know whether it has a table."""
    resource = {"id": data_dict["resource_id"]}
    return tk.check_access("resource_show", context, resource) and {"success": True}
