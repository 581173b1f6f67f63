"""Who prepares evaluations, who grades, and who sees what before it is published."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.assessment import readings, rounds
from ckanext.learningcity.content.curators import may_curate


def learningcity_evaluation_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat prepares and moves evaluations."""
    if may_curate(context.get("user")):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the network's secretariat may do this.")}


def learningcity_evaluation_update(context: Context, data_dict: DataDict) -> AuthResult:
    """As preparing one."""
    return learningcity_evaluation_create(context, data_dict)


@tk.auth_allow_anonymous_access
def learningcity_evaluation_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Anyone sees an evaluation once it is open."""
    if _evaluation(data_dict["id"]).state != rounds.DRAFT:
        return {"success": True}
    return learningcity_evaluation_create(context, data_dict)


@tk.auth_allow_anonymous_access
def learningcity_scorecard_show(context: Context, data_dict: DataDict) -> AuthResult:
    """A scorecard is made of what everybody may read."""
    return learningcity_evaluation_show(context, {"id": data_dict["evaluation"]})


@tk.auth_allow_anonymous_access
def learningcity_composite_show(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat sees the composite first, everybody once it is published."""
    if _evaluation(data_dict["id"]).state == rounds.PUBLISHED:
        return {"success": True}
    return learningcity_evaluation_create(context, data_dict)


def learningcity_reading_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is logged in and sees the evaluation; the list holds what the caller may read."""
    return learningcity_evaluation_show(context, {"id": data_dict["evaluation"]})


@tk.auth_sysadmins_check
def learningcity_reading_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has a role in the evaluation of the place; no office gives another one's grade."""
    evaluation = _evaluation(data_dict["evaluation"])
    held = readings.roles(evaluation, context.get("user", ""), data_dict["area"])
    role = data_dict.get("role")
    if held and (role is None or role in held):
        return {"success": True}
    return {"success": False, "msg": tk._("You may not grade this place in this role.")}


def _evaluation(evaluation_id: str) -> rounds.Evaluation:
    found = rounds.get(evaluation_id)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such evaluation."))
    return found
