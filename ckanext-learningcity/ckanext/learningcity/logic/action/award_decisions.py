"""What the secretariat decides about an application: more time, a level, an appeal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, rounds, trail
from ckanext.learningcity.logic import award_access, award_schema, award_views

from .award_reviews import _in_review, _whole


@tk.validate_action_data(award_schema.extend)
def learningcity_award_application_extend(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give one application more time, before the round is decided.

    :param id: its id
    :param until: the first moment that is too late; without an offset Thailand's
    :param reason: which the city is told
    """
    tk.check_access("learningcity_award_application_decide", context, data_dict)
    row = applications.lock(data_dict["id"])
    round_row = award_access.existing_round(row["round"])
    if round_row["stage"] != rounds.ANNOUNCED or row["state"] not in applications.EDITABLE:
        message = tk._("Only an application that is not handed in gets more time.")
        raise award_access.refused("state", message)
    if data_dict["until"] <= round_row["closes"]:
        message = tk._("This is not later than the deadline of the round.")
        raise award_access.refused("until", message)
    act = award_access.act(context, "extended", data_dict["reason"])
    trail.change("application", row["id"], act, extended_until=data_dict["until"])
    model.Session.commit()
    return _whole(context, row["id"])


@tk.validate_action_data(award_schema.decide)
def learningcity_award_application_decide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Decide an application. The city is told when the whole round is decided.

    :param id: its id
    :param level: the id of a level of the round; without one there is no award
    :param reason: which the city is told
    """
    tk.check_access("learningcity_award_application_decide", context, data_dict)
    row, round_row = _in_review(data_dict["id"])
    level = data_dict.get("level")
    if level and level not in round_row["levels"]:
        message = tk._("“{found}” is not a level of this round: {expected}.")
        expected = ", ".join(round_row["levels"])
        raise award_access.refused("level", message.format(found=level, expected=expected))
    found = award_views.summary(row, round_row)
    if found["waiting"] or not found["submitted"]:
        raise award_access.refused("state", tk._("Its reviews are not all handed in."))
    if found["apart"] and row["turn"] == 1:
        message = tk._("The reviewers are too far apart: begin a second turn first.")
        raise award_access.refused("state", message)
    act = award_access.act(context, "decided", data_dict["reason"])
    values = {"level": level or None, "decision": data_dict["reason"], "decided_by": act.user_id}
    trail.change("application", row["id"], act, state=applications.DECIDED, **values)
    model.Session.commit()
    return _whole(context, row["id"])


@tk.validate_action_data(award_schema.because)
def learningcity_award_application_reopen(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a decision back that no city has been told.

    :param id: the application's id
    :param reason: why
    """
    tk.check_access("learningcity_award_application_decide", context, data_dict)
    row = applications.lock(data_dict["id"])
    round_row = award_access.existing_round(row["round"])
    if row["state"] != applications.DECIDED or round_row["stage"] != rounds.ANNOUNCED:
        message = tk._("Once cities are told, only an appeal reopens a decision.")
        raise award_access.refused("state", message)
    _reopen(row, award_access.act(context, "reopened", data_dict["reason"]))
    model.Session.commit()
    return _whole(context, row["id"])


@tk.validate_action_data(award_schema.appeal_answer)
def learningcity_award_appeal_answer(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Answer a city's appeal; reopening it takes the decision back, and it is decided again.

    :param id: the application's id
    :param reopen: whether the decision is reopened
    :param reason: which the city is told
    """
    tk.check_access("learningcity_award_application_decide", context, data_dict)
    row = applications.lock(data_dict["id"])
    if not row["appeal"] or row["appeal"]["state"] != "open":
        raise award_access.refused("state", tk._("There is no appeal that waits for an answer."))
    state = "reopened" if data_dict["reopen"] else "rejected"
    appeal = {**row["appeal"], "state": state, "answer": data_dict["reason"]}
    act = award_access.act(context, "appeal answered", data_dict["reason"])
    if data_dict["reopen"]:
        _reopen(row, act, appeal=appeal)
    else:
        trail.change("application", row["id"], act, appeal=appeal)
    model.Session.commit()
    return _whole(context, row["id"])


def _reopen(row: dict[str, Any], act: trail.Act, **values: Any) -> None:
    nothing = dict.fromkeys(("level", "decision", "decided_by"))
    trail.change("application", row["id"], act, state=applications.SUBMITTED, **nothing, **values)
