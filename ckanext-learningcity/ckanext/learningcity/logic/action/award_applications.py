"""Applications of cities: begin, write, attach, hand in, withdraw, appeal."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict
from sqlalchemy.exc import IntegrityError

from ckanext.learningcity import existing
from ckanext.learningcity.award import applications, clock, eligibility, roles, rounds, trail
from ckanext.learningcity.logic import award_access, award_schema, award_views, schema


@tk.validate_action_data(award_schema.application_create)
def learningcity_award_application_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a city's application in a category: one in each round.

    :param round: id of a round that is open
    :param category: `children_youth`, `cultural_identity`, `equity` or `economy`
    :param organization: name or id of the city's organization
    """
    tk.check_access("learningcity_award_application_create", context, data_dict)
    city = existing.organization(data_dict["organization"])
    round_row = rounds.get(data_dict["round"])
    if round_row is None or round_row["stage"] == rounds.DRAFT:
        raise award_access.refused("round", award_access.no_round())
    if rounds.state(round_row) != rounds.OPEN:
        raise award_access.refused("round", tk._("This round takes no applications now."))
    if not all(eligibility.check(city).values()):
        raise award_access.refused("organization", tk._("This city does not meet the rules yet."))
    values = {
        **{name: data_dict[name] for name in ("round", "category")},
        **{
            "id": str(uuid.uuid4()),
            "organization_id": city.id,
            "area": existing.extras(city)["area"],
        },
        **{"state": applications.DRAFT, "title": {}, "summary": {}, "answers": {}, "figures": []},
        **dict.fromkeys(("submitted", "extended_until", "level", "decision", "decided_by")),
        **{"turn": 1, "appeal": None, "dataset_id": None, "created": clock.now()},
    }
    try:
        trail.add("application", award_access.act(context, "created"), values)
        model.Session.commit()
    except IntegrityError as error:
        message = tk._("Your city has an application in this category already.")
        raise award_access.refused("category", message) from error
    return _shown(context, values["id"])


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_award_application_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an application, as much as the caller may know.

    :param id: its id
    :returns: which it is, and `viewpoint`: `applicant`, `reviewer` or `secretariat`. What the city
        wrote (`title`, `summary`, `answers` by criterion, `figures`, `files`); to the city also
        `completeness`, `eligibility`, `deadline`, `history`, and once the round is decided
        `decision`, `appeal`; to the secretariat, once it was handed in, also `reviews` and `result`
    """
    tk.check_access("learningcity_award_application_show", context, data_dict)
    return _shown(context, data_dict["id"])


@tk.side_effect_free
def learningcity_award_application_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """Return the applications of the caller's cities, the newest round first."""
    tk.check_access("learningcity_award_application_list", context, data_dict)
    user = award_access.user(context)
    found = roles.applying(user) if user else []
    known = {row["id"]: row for row in rounds.search()}
    return [award_views.application(row, known[row["round"]], roles.APPLICANT) for row in found]


@tk.validate_action_data(award_schema.application_update)
def learningcity_award_application_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write an application; what is not named stays. The form saves through this while one types.

    :param id: its id
    :param title: by language
    :param summary: by language
    :param answers: texts by criterion, instead of those before
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, _round = _writable(data_dict["id"])
    given = {name: data_dict[name] for name in ("title", "summary", "answers") if name in data_dict}
    if any(row[name] != value for name, value in given.items()):
        trail.change("application", row["id"], award_access.act(context, "written"), **given)
    model.Session.commit()
    return _shown(context, row["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_award_application_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hand an application in, before its deadline by the server's clock.

    If it is awarded, what it says is published with its figures and files.

    :param id: its id
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, round_row = _writable(data_dict["id"])
    if missing := applications.completeness(row, round_row)["missing"]:
        model.Session.rollback()
        faults = {part: [tk._("This is missing.")] for part in missing}
        raise tk.ValidationError(faults)  # pyright: ignore[reportArgumentType]
    if not all(eligibility.check(existing.organization(row["organization_id"])).values()):
        raise award_access.refused("organization", tk._("This city does not meet the rules yet."))
    act = award_access.act(context, "submitted")
    values = {"state": applications.SUBMITTED, "submitted": clock.now()}
    trail.change("application", row["id"], act, **values)
    model.Session.commit()
    return _shown(context, row["id"])


@tk.validate_action_data(schema.identifier)
def learningcity_award_application_withdraw(
    context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Take back what was handed in, before the deadline; it can be changed and handed in again.

    :param id: its id
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row, _round = _taken(data_dict["id"])
    if row["state"] != applications.SUBMITTED:
        raise award_access.refused("state", tk._("It has not been handed in."))
    act = award_access.act(context, "withdrawn")
    trail.change("application", row["id"], act, state=applications.WITHDRAWN, submitted=None)
    model.Session.commit()
    return _shown(context, row["id"])


@tk.validate_action_data(award_schema.because)
def learningcity_award_application_appeal(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Appeal against a decision: once, until the end of the round's time for appeals.

    :param id: its id
    :param reason: what the secretariat should look at again
    """
    tk.check_access("learningcity_award_application_update", context, data_dict)
    row = applications.lock(data_dict["id"])
    round_row = award_access.existing_round(row["round"])
    until = rounds.appeals_until(round_row)
    if round_row["stage"] != rounds.DECIDED or row["state"] != applications.DECIDED:
        raise award_access.refused("state", tk._("There is no decision to appeal against."))
    if until is None or clock.now() >= until:
        raise award_access.refused("state", tk._("The time for appeals is over."))
    if row["appeal"]:
        raise award_access.refused("state", tk._("Your city has appealed already."))
    now = clock.now().isoformat()
    appeal = {"state": "open", "text": data_dict["reason"], "at": now, "answer": None}
    act = award_access.act(context, "appealed", data_dict["reason"])
    trail.change("application", row["id"], act, appeal=appeal)
    model.Session.commit()
    return _shown(context, row["id"])


def _writable(application_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an application that may be changed now, locked, and its round."""
    row, round_row = _taken(application_id)
    if row["state"] not in applications.EDITABLE:
        message = tk._("It has been handed in. Withdraw it to change it.")
        raise award_access.refused("state", message)
    return row, round_row


def _taken(application_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an application before its deadline, locked, and its round."""
    row = applications.lock(application_id)
    round_row = award_access.existing_round(row["round"])
    if not applications.taken(row, round_row):
        until = applications.deadline(row, round_row).astimezone(rounds.BANGKOK)
        message = tk._("The deadline was {moment} in Thailand. Nothing can be changed any more.")
        raise award_access.refused("deadline", message.format(moment=f"{until:%Y-%m-%d %H:%M:%S}"))
    return row, round_row


def _shown(context: Context, application_id: str) -> dict[str, Any]:
    row = award_access.existing(application_id)
    round_row = award_access.existing_round(row["round"])
    viewpoint = award_access.viewpoint(context, row) or roles.APPLICANT
    return award_views.application(row, round_row, viewpoint)
