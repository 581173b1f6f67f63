"""Reviews: assign, score in the blind, hand in, declare a conflict of interest."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, clock, reviews, roles, rounds, trail
from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.logic import award_access, award_schema, award_views, schema


@tk.validate_action_data(award_schema.assign)
def learningcity_award_review_assign(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask somebody to review an application that can no longer be changed.

    Refused for members of the applicant's organization, for the secretariat, which sees all scores,
    and for whoever has declared a conflict of interest.

    :param id: the application's id
    :param reviewer: name of the reviewer's account
    """
    tk.check_access("learningcity_award_application_decide", context, data_dict)
    row, _round = _in_review(data_dict["id"])
    user = _reviewer(row, data_dict["reviewer"])
    _assign(row, user.id, row["turn"], award_access.act(context, "assigned"))
    model.Session.commit()
    return _whole(context, row["id"])


@tk.validate_action_data(award_schema.because)
def learningcity_award_review_release(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a review off somebody who has not handed it in.

    :param id: the review's id
    :param reason: why
    """
    found = reviews.get(data_dict["id"])
    if found is None:
        raise tk.ObjectNotFound(award_access.no_review())
    try:
        asked = {"id": found["application"]}
        tk.check_access("learningcity_award_application_decide", context, asked)
    except (tk.ObjectNotFound, tk.NotAuthorized) as error:
        raise tk.ObjectNotFound(award_access.no_review()) from error
    row, _round = _in_review(found["application"])
    found = reviews.get(data_dict["id"])
    if found is None or found["state"] != reviews.ASSIGNED:
        raise award_access.refused("state", tk._("This review is not waiting any more."))
    act = award_access.act(context, "released", data_dict["reason"])
    trail.change("review", found["id"], act, state=reviews.RELEASED)
    model.Session.commit()
    return _whole(context, row["id"])


@tk.validate_action_data(award_schema.because)
def learningcity_award_review_again(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin the second turn of an application whose reviewers are too far apart.

    Those who handed in review it again, still in the blind; others can be assigned.

    :param id: the application's id
    :param reason: why
    """
    tk.check_access("learningcity_award_application_decide", context, data_dict)
    row, round_row = _in_review(data_dict["id"])
    found = award_views.summary(row, round_row)
    if row["turn"] > 1 or not found["apart"] or found["waiting"]:
        message = tk._("A second turn follows a first one whose reviewers are too far apart.")
        raise award_access.refused("state", message)
    act = award_access.act(context, "second turn", data_dict["reason"])
    trail.change("application", row["id"], act, turn=2)
    for each in reviews.search(application=row["id"], turn=1, state=reviews.SUBMITTED):
        if roles.membership(each["reviewer"], row["organization_id"]) is None:
            _assign(row, each["reviewer"], 2, award_access.act(context, "assigned"))
    model.Session.commit()
    return _whole(context, row["id"])


@tk.side_effect_free
def learningcity_award_review_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the caller's own reviews, those that wait first."""
    tk.check_access("learningcity_award_review_list", context, data_dict)
    user = award_access.user(context)
    mine = reviews.search(reviewer=user.id) if user else []
    shown = []
    for each in mine:
        row = award_access.existing(each["application"])
        if user and each["id"] in [known["id"] for known in roles.reviews_of(user, row)]:
            shown.append(award_views.review(each, row, award_access.existing_round(row["round"])))
    return sorted(shown, key=lambda each: each["state"] != reviews.ASSIGNED)


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_award_review_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a review to its reviewer, with the application; nothing of other reviewers.

    :param id: the review's id
    """
    tk.check_access("learningcity_award_review_show", context, data_dict)
    return _shown(data_dict["id"])


@tk.validate_action_data(award_schema.review_update)
def learningcity_award_review_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Keep scores and comments so far; the form saves through this while one types.

    :param id: the review's id
    :param scores: 0 to 10 by criterion, instead of those before
    :param comments: by criterion, instead of those before
    """
    tk.check_access("learningcity_award_review_update", context, data_dict)
    found, weights = _waiting(data_dict["id"])
    given = {name: data_dict[name] for name in ("scores", "comments") if name in data_dict}
    for name, values in given.items():
        if not values.keys() <= weights.keys():
            raise award_access.refused(name, tk._("This criterion does not count here."))
    if any(found[name] != values for name, values in given.items()):
        trail.change("review", found["id"], award_access.act(context, "written"), **given)
    model.Session.commit()
    return _shown(found["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_award_review_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hand a review in; it does not change any more. Each criterion needs a score and a comment.

    :param id: the review's id
    """
    tk.check_access("learningcity_award_review_update", context, data_dict)
    found, weights = _waiting(data_dict["id"])
    faults = {
        name: [tk._("Give a score and a comment.")]
        for name in weights
        if name not in found["scores"] or not found["comments"].get(name)
    }
    if faults:
        model.Session.rollback()
        raise tk.ValidationError(faults)  # pyright: ignore[reportArgumentType]
    act = award_access.act(context, "handed in")
    values = {"state": reviews.SUBMITTED, "submitted": clock.now()}
    trail.change("review", found["id"], act, **values)
    model.Session.commit()
    return _shown(found["id"])


@tk.validate_action_data(award_schema.because)
def learningcity_award_review_declare(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Declare a conflict of interest; the caller sees nothing more of the application.

    What the caller handed in does not count any more.

    :param id: the review's id
    :param reason: for the secretariat
    :returns: `id` and `state`
    """
    tk.check_access("learningcity_award_review_update", context, data_dict)
    found = reviews.get(data_dict["id"])
    assert found  # noqa: S101 - access to it was checked
    row, _round = _in_review(found["application"])
    act = award_access.act(context, "conflict declared", data_dict["reason"])
    for each in reviews.search(application=row["id"], reviewer=found["reviewer"]):
        values = {"state": reviews.CONFLICT, "conflict": data_dict["reason"]}
        trail.change("review", each["id"], act, **values)
    model.Session.commit()
    return {"id": found["id"], "state": reviews.CONFLICT}


def _in_review(application_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an application that is being reviewed, locked, and its round."""
    row = applications.lock(application_id)
    round_row = award_access.existing_round(row["round"])
    if row["state"] != applications.SUBMITTED:
        message = tk._("Only an application that is handed in and not decided is reviewed.")
        raise award_access.refused("state", message)
    if applications.taken(row, round_row):
        message = tk._("The city may still change its application; its deadline has not come.")
        raise award_access.refused("state", message)
    return row, round_row


def _waiting(review_id: str) -> tuple[dict[str, Any], dict[str, float]]:
    """Return a review that is not handed in, and the weights; its application is locked."""
    found = reviews.get(review_id)
    assert found  # noqa: S101 - access to it was checked
    row, round_row = _in_review(found["application"])
    found = reviews.get(review_id)
    if found is None or found["state"] != reviews.ASSIGNED:
        raise award_access.refused("state", tk._("You have handed this review in."))
    return found, rounds.criteria(round_row, row["category"])


def _reviewer(row: dict[str, Any], name: str) -> model.User:
    user = model.User.get(name)
    if user is None or user.state != model.State.ACTIVE:
        message = tk._("There is no account “{found}”.").format(found=name)
        raise award_access.refused("reviewer", message)
    if roles.membership(user.id, row["organization_id"]) is not None:
        message = tk._("Conflict of interest: a member of the applicant's organization.")
        raise award_access.refused("reviewer", message)
    if may_curate(user.id):
        message = tk._("The secretariat sees all scores and cannot review in the blind.")
        raise award_access.refused("reviewer", message)
    known = reviews.search(application=row["id"], reviewer=user.id)
    if any(each["state"] == reviews.CONFLICT for each in known):
        message = tk._("Conflict of interest: this reviewer has declared one.")
        raise award_access.refused("reviewer", message)
    if any(each["turn"] == row["turn"] and each["state"] != reviews.RELEASED for each in known):
        raise award_access.refused("reviewer", tk._("This reviewer is assigned already."))
    return user


def _assign(row: dict[str, Any], user_id: str, turn: int, act: trail.Act) -> None:
    """Add a review, or give a released one back."""
    for each in reviews.search(application=row["id"], reviewer=user_id, turn=turn):
        trail.change("review", each["id"], act, state=reviews.ASSIGNED)
        return
    values = {
        **{"id": str(uuid.uuid4()), "round": row["round"], "application": row["id"]},
        **{"reviewer": user_id, "turn": turn, "state": reviews.ASSIGNED},
        **{"scores": {}, "comments": {}, "conflict": None},
        **{"assigned": clock.now(), "submitted": None},
    }
    trail.add("review", act, values)


def _shown(review_id: str) -> dict[str, Any]:
    found = reviews.get(review_id)
    assert found  # noqa: S101 - access to it was checked
    row = award_access.existing(found["application"])
    return award_views.review(found, row, award_access.existing_round(row["round"]))


def _whole(context: Context, application_id: str) -> dict[str, Any]:
    row = award_access.existing(application_id)
    viewpoint = award_access.viewpoint(context, row) or roles.SECRETARIAT
    return award_views.application(row, award_access.existing_round(row["round"]), viewpoint)
