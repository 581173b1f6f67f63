"""Rounds of the awards: prepare, announce, close the decisions, publish."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.award import applications, clock, publish, rounds, trail
from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.logic import award_access, award_schema, award_views

#: What stays as it is once cities apply: they were told by what they are judged.
_FIXED = ("year", "weights", "levels", "spread_max", "opens")


@tk.side_effect_free
def learningcity_award_round_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the rounds of the awards, the newest first; those in preparation to the secretariat.

    :returns: each as `learningcity_award_round_show` gives it
    """
    tk.check_access("learningcity_award_round_list", context, data_dict)
    prepares = may_curate(context.get("user"))
    return [
        award_views.round_(row)
        for row in rounds.search()
        if prepares or row["stage"] != rounds.DRAFT
    ]


@tk.side_effect_free
@tk.validate_action_data(award_schema.round_)
def learningcity_award_round_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a round.

    :param id: its id
    :returns: `id`, `year`, `title`, `state` (draft, announced, open, review, decided, published, or
        recorded for one held before the portal), the moments `opens`, `closes` (the first that is
        too late), `review_until`, `publishes`, `decided`, `appeals_until`, `published`; `weights`
        by category and criterion, `levels`, `spread_max`, `appeal_days`, `demonstration`, and
        `facts` of a recorded one
    """
    tk.check_access("learningcity_award_round_show", context, data_dict)
    return award_views.round_(award_access.existing_round(data_dict["id"]))


@tk.validate_action_data(award_schema.round_definition)
def learningcity_award_round_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Prepare a round.

    :param id: as it stands in the address: the year, and words after hyphens if needed
    :param year: Gregorian
    :param title: in both languages, `{"en": …, "th": …}`
    :param opens: first moment of the call; moments without an offset are Thailand's
    :param closes: the first moment that is too late
    :param review_until: when reviewers should be done
    :param publishes: when the results appear
    :param weights: by category and criterion
    :param levels: ids of the levels of award that there are
    :param spread_max: how far the reviewers of an application may be apart, 0 to 10
    :param appeal_days: how long cities may appeal after the decisions
    :param demonstration: whether it only shows how the awards work
    """
    tk.check_access("learningcity_award_round_create", context, data_dict)
    _refuse_twice(data_dict["id"])
    given = {name: value for name, value in data_dict.items() if name != "reason"}
    nothing = {"decided": None, "published": None, "facts": {}}
    values = {**given, **nothing, "stage": rounds.DRAFT}
    trail.add("round", award_access.act(context, "created"), values)
    model.Session.commit()
    return award_views.round_(award_access.existing_round(data_dict["id"]))


@tk.validate_action_data(award_schema.recorded_round)
def learningcity_award_round_record(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Record a round that was held before the portal; it takes no applications.

    :param id: as it stands in the address
    :param year: Gregorian
    :param title: in both languages
    :param facts: `source` (address), `verified`, and perhaps `date` and how many `cities`
    """
    tk.check_access("learningcity_award_round_create", context, data_dict)
    _refuse_twice(data_dict["id"])
    none = dict.fromkeys((*rounds.CALENDAR, "decided", "published"))
    rules = {"weights": {}, "levels": [], "spread_max": 0, "appeal_days": 0}
    values = {**data_dict, **none, **rules, "stage": rounds.RECORDED, "demonstration": False}
    trail.add("round", award_access.act(context, "recorded"), values)
    model.Session.commit()
    return award_views.round_(award_access.existing_round(data_dict["id"]))


@tk.validate_action_data(award_schema.round_definition)
def learningcity_award_round_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change a round: all of it before it is announced, then the rest of its calendar and title.

    The parameters are those of its creation, and after its announcement `reason`.
    """
    tk.check_access("learningcity_award_round_update", context, data_dict)
    award_access.existing_round(data_dict["id"])
    row = rounds.lock(data_dict["id"])
    if row["stage"] not in (rounds.DRAFT, rounds.ANNOUNCED, rounds.DECIDED):
        raise _not_now(row)
    values = {name: value for name, value in data_dict.items() if name not in ("id", "reason")}
    if row["stage"] != rounds.DRAFT:
        _refuse_late_changes(row, data_dict)
    act = award_access.act(context, "changed", data_dict.get("reason"))
    trail.change("round", row["id"], act, **values)
    model.Session.commit()
    return award_views.round_(award_access.existing_round(row["id"]))


@tk.validate_action_data(award_schema.round_)
def learningcity_award_round_announce(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let everybody see a round; the clock opens and closes it.

    :param id: its id
    """
    row = _locked(context, data_dict, (rounds.DRAFT,))
    act = award_access.act(context, "announced")
    trail.change("round", row["id"], act, stage=rounds.ANNOUNCED)
    model.Session.commit()
    return award_views.round_(award_access.existing_round(row["id"]))


@tk.validate_action_data(award_schema.round_)
def learningcity_award_round_decide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell each city its decision; cities may appeal from now on.

    :param id: its id
    """
    row = _locked(context, data_dict, (rounds.ANNOUNCED,))
    if rounds.state(row) != rounds.REVIEW:
        raise _not_now(row)
    entries = applications.search(round=row["id"])
    if any(applications.taken(entry, row) for entry in entries):
        message = tk._("An application is still taken: its deadline was extended.")
        raise award_access.refused("state", message)
    _refuse_undecided(entries)
    act = award_access.act(context, "decided")
    trail.change("round", row["id"], act, stage=rounds.DECIDED, decided=clock.now())
    model.Session.commit()
    return award_views.round_(award_access.existing_round(row["id"]))


@tk.validate_action_data(award_schema.round_)
def learningcity_award_round_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish the results at once, as the scheduler does when their moment has come.

    :param id: its id
    """
    row = _locked(context, data_dict, (rounds.DECIDED, rounds.PUBLISHED))
    if hindrance := publish.hindrance(row):
        raise award_access.refused("state", _hindrances()[hindrance])
    publish.publish(row, award_access.act(context, "published"))
    return award_views.round_(award_access.existing_round(row["id"]))


def _locked(context: Context, data_dict: DataDict, stages: tuple[str, ...]) -> dict[str, Any]:
    tk.check_access("learningcity_award_round_update", context, data_dict)
    award_access.existing_round(data_dict["id"])
    row = rounds.lock(data_dict["id"])
    if row["stage"] not in stages:
        raise _not_now(row)
    return row


def _not_now(row: dict[str, Any]) -> tk.ValidationError:
    message = tk._("This is not possible while the round is in the state “{state}”.")
    return award_access.refused("state", message.format(state=rounds.state(row)))


def _refuse_twice(round_id: str) -> None:
    if rounds.get(round_id):
        raise award_access.refused("id", tk._("There is a round of this id already."))


def _refuse_late_changes(row: dict[str, Any], data_dict: DataDict) -> None:
    for name in _FIXED:
        if data_dict[name] != row[name]:
            message = tk._("This cannot be changed any more: the round is announced.")
            raise award_access.refused(name, message)
    if data_dict["closes"] != row["closes"] and rounds.state(row) not in ("announced", "open"):
        raise award_access.refused("closes", tk._("The deadline is over."))
    if not data_dict.get("reason"):
        raise award_access.refused("reason", tk._("Say why."))


def _refuse_undecided(entries: list[dict[str, Any]]) -> None:
    open_ = [entry for entry in entries if entry["state"] == applications.SUBMITTED]
    if open_:
        message = tk.ungettext(
            "{number} application is not decided yet.",
            "{number} applications are not decided yet.",
            len(open_),
        )
        raise award_access.refused("state", message.format(number=len(open_)))


def _hindrances() -> dict[str, str]:
    return {
        "moment": tk._("The moment of publication in the calendar has not come."),
        "window": tk._("Cities may still appeal."),
        "appeal": tk._("An appeal waits for an answer."),
        "undecided": tk._("An application is not decided yet."),
    }
