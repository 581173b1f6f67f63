"""Who may report a problem, and who may read and answer reports."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.desk import roles
from ckanext.learningcity.problems import store


@tk.auth_allow_anonymous_access
def learningcity_problem_about(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the action looks whether they may see what they name."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_problem_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the action looks whether they may see what they name."""
    return {"success": True}


def learningcity_problem_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit for an organization; reports about others' datasets are left out."""
    user = model.User.get(context.get("user", ""))
    if user and model.Session.execute(roles.organizations(user).limit(1)).first():
        return {"success": True}
    return _refused()


def learningcity_problem_show(context: Context, data_dict: DataDict) -> AuthResult:
    """The editors of the dataset's organization and of the secretariat."""
    number = data_dict["number"]
    if store.visible(model.User.get(context.get("user", "")), number):
        return {"success": True}
    store.known(number)
    return _refused()


def learningcity_problem_answer(context: Context, data_dict: DataDict) -> AuthResult:
    """As reading it."""
    return learningcity_problem_show(context, data_dict)


def learningcity_problem_close(context: Context, data_dict: DataDict) -> AuthResult:
    """As reading it."""
    return learningcity_problem_show(context, data_dict)


def _refused() -> AuthResult:
    message = tk._("Only editors of the dataset’s organization and the secretariat read reports.")
    return {"success": False, "msg": message}
