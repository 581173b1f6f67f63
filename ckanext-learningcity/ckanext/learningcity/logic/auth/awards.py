"""Who may do what in the awards.

An application that somebody has no part in is not there for them: the answer is the same as for an
id that never was. Sysadmins are asked, too: an office does not undo a conflict of interest.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.award import reviews, roles, rounds
from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.logic import award_access

_YES: AuthResult = {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_award_round_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody may ask; rounds in preparation are left out."""
    return _YES


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_round_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody sees a round once it is announced, the secretariat before."""
    row = rounds.get(data_dict["id"])
    if row is None or (row["stage"] == rounds.DRAFT and not may_curate(context.get("user"))):
        raise tk.ObjectNotFound(award_access.no_round())
    return _YES


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_gallery(context: Context, data_dict: DataDict) -> AuthResult:
    """As the round: before its publication the gallery is empty."""
    return learningcity_award_round_show(context, data_dict)


def learningcity_award_round_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat prepares and moves rounds."""
    if may_curate(context.get("user")):
        return _YES
    return {"success": False, "msg": tk._("Only the network's secretariat may do this.")}


def learningcity_award_round_update(context: Context, data_dict: DataDict) -> AuthResult:
    """As preparing one."""
    return learningcity_award_round_create(context, data_dict)


def learningcity_award_trail(context: Context, data_dict: DataDict) -> AuthResult:
    """As preparing a round; what concerns a city of the caller's is left out."""
    return learningcity_award_round_create(context, data_dict)


def learningcity_award_ranking(context: Context, data_dict: DataDict) -> AuthResult:
    """As preparing a round; what concerns a city of the caller's is left out."""
    return learningcity_award_round_create(context, data_dict)


def learningcity_award_application_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is logged in may ask; the list holds what the caller has a part in."""
    return _YES


@tk.auth_sysadmins_check
def learningcity_award_application_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The city's own editors; a city that is not there is not theirs either."""
    city = model.Group.get(data_dict["organization"])
    if city is not None and roles.edits(award_access.user(context), city.id):
        return _YES
    return {"success": False, "msg": tk._("Only the city's own editors may apply for it.")}


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_application_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Its city, its reviewers once it is handed in for good, and the secretariat then as well."""
    row = award_access.existing(data_dict["id"])
    if award_access.viewpoint(context, row) is None:
        raise tk.ObjectNotFound(award_access.no_application())
    return _YES


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_file_show(context: Context, data_dict: DataDict) -> AuthResult:
    """As the application; after its publication everybody."""
    if roles.is_public(award_access.existing(data_dict["id"])):
        return _YES
    return learningcity_award_application_show(context, data_dict)


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_application_update(context: Context, data_dict: DataDict) -> AuthResult:
    """The city's own editors."""
    return _as(roles.APPLICANT, context, data_dict)


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_application_decide(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat, but never for a city of which the caller is a member."""
    return _as(roles.SECRETARIAT, context, data_dict)


def learningcity_award_review_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is logged in may ask; the list holds the caller's own."""
    return _YES


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_review_show(context: Context, data_dict: DataDict) -> AuthResult:
    """The reviewer alone."""
    row = reviews.get(data_dict["id"])
    user = award_access.user(context)
    if row is None or user is None or row["reviewer"] != user.id:
        raise tk.ObjectNotFound(award_access.no_review())
    mine = roles.reviews_of(user, award_access.existing(row["application"]))
    if row["id"] not in [entry["id"] for entry in mine]:
        raise tk.ObjectNotFound(award_access.no_review())
    return _YES


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def learningcity_award_review_update(context: Context, data_dict: DataDict) -> AuthResult:
    """The reviewer alone."""
    return learningcity_award_review_show(context, data_dict)


def learningcity_board(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat."""
    return learningcity_award_round_create(context, data_dict)


def _as(role: str, context: Context, data_dict: DataDict) -> AuthResult:
    found = award_access.viewpoint(context, award_access.existing(data_dict["id"]))
    if found is None:
        raise tk.ObjectNotFound(award_access.no_application())
    if found == role:
        return _YES
    message = {
        roles.APPLICANT: tk._("Only the city's own editors may change its application."),
        roles.SECRETARIAT: tk._("Only the network's secretariat may do this."),
    }
    return {"success": False, "msg": message[role]}
