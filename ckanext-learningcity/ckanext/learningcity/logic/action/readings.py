"""Grades of qualitative indicators: the city's own, the second reader's, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.assessment import readings, rounds
from ckanext.learningcity.evaluation.rubric import DECISION, OWN, SECOND, standing
from ckanext.learningcity.indicators.derived import account
from ckanext.learningcity.logic import evaluation_schema
from ckanext.learningcity.tables import codelists

from .evaluations import existing


@tk.side_effect_free
@tk.validate_action_data(evaluation_schema.reading_list)
def learningcity_reading_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the grades that the caller may see, and which they may give.

    A second reader does not see the city's grade before giving their own.

    :param evaluation: the evaluation's id
    :param area: one place; without it, all in which the caller has a role
    :returns: for each place and qualitative indicator `area`, `indicator`, `state`, `grade` (once
        agreed or decided), `possible` (roles in which the caller may grade now) and `readings`:
        `role`, `grade`, `evidence`, `comment`, `at`
    """
    tk.check_access("learningcity_reading_list", context, data_dict)
    evaluation = existing(data_dict["evaluation"])
    user = account(context.get("user", ""))
    areas = [data_dict["area"]] if data_dict.get("area") else evaluation.areas
    held = readings.history(evaluation)
    graded = [i["id"] for i in codelists.indicators().values() if i["measure"] == "qualitative"]
    found = []
    for area in areas:
        roles = readings.roles(evaluation, user.name, area)
        if roles:
            found.extend(
                _shown(evaluation, user.id, roles, (area, code), held.get((area, code), []))
                for code in graded
            )
    return found


@tk.validate_action_data(evaluation_schema.reading_create)
def learningcity_reading_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Grade a place, in the role that the caller has; an earlier grade stays on record.

    :param evaluation: the evaluation's id
    :param area: the place's code
    :param indicator: a qualitative indicator
    :param role: `own`, `second` or `decision`, where the caller has more than one
    :param grade: 0 to 4, see the rubric in `schemas/codelists/indicators.yaml`
    :param evidence: address of the page that shows it; a city's own grade above 0 needs one
    :param comment: what is behind it; a decision needs one
    """
    tk.check_access("learningcity_reading_create", context, data_dict)
    evaluation = existing(data_dict["evaluation"])
    user = account(context.get("user", ""))
    key = (data_dict["area"], data_dict["indicator"])
    _refuse_what_lacks(evaluation, data_dict)
    try:
        rounds.lock(evaluation.id, (rounds.OPEN,))
    except rounds.StateError as error:
        message = tk._("Grades are given while an evaluation is open.")
        raise tk.ValidationError({"evaluation": [message]}) from error
    roles = readings.roles(evaluation, user.name, data_dict["area"])
    rows = readings.history(evaluation, data_dict["area"]).get(key, [])
    possible = _possible(user.id, roles, rows)
    role = data_dict.get("role") or next(iter(possible), None)
    if role not in possible:
        model.Session.rollback()
        raise tk.ValidationError({"role": [_why_not(role)]})
    given = {
        name: data_dict[name] for name in ("area", "indicator", "grade", "evidence", "comment")
    }
    given |= {"role": role, "reader": user.id, "organization": roles[role]}
    if role == OWN and given["grade"] and not given["evidence"]:
        model.Session.rollback()
        raise tk.ValidationError({"evidence": [tk._("Give the address of a page that shows it.")]})
    if role == DECISION and not given["comment"]:
        model.Session.rollback()
        raise tk.ValidationError({"comment": [tk._("Say why.")]})
    readings.add(evaluation, given)
    model.Session.commit()
    rows = readings.history(evaluation, data_dict["area"])[key]
    return _shown(evaluation, user.id, roles, key, rows)


def _refuse_what_lacks(evaluation: rounds.Evaluation, data_dict: DataDict) -> None:
    if data_dict["area"] not in evaluation.areas:
        message = tk._("This place is not in the evaluation.")
        raise tk.ValidationError({"area": [message]})


def _possible(user: str, roles: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Return the roles in which `user` may grade now."""
    state = standing(rows)["state"]
    found = [OWN] if OWN in roles else []
    if SECOND in roles and state == "waiting":
        found.append(SECOND)
    readers = {row["reader"] for row in rows if row["role"] == SECOND}
    if DECISION in roles and state == "differs" and user not in readers:
        found.append(DECISION)
    return found


def _why_not(role: str | None) -> str:
    if role == SECOND:
        return tk._("Nothing of this place waits for a second reader.")
    if role == DECISION:
        return tk._("There is nothing to decide, or you were the second reader yourself.")
    return tk._("You may not grade this place now.")


def _shown(
    evaluation: rounds.Evaluation,
    user: str,
    roles: Mapping[str, Any],
    key: readings.Key,
    rows: list[dict[str, Any]],
) -> dict[str, Any]:
    found = standing(rows)
    open_ = evaluation.state == rounds.OPEN
    possible = _possible(user, roles, rows) if open_ else []
    blind = SECOND in possible
    return {
        "area": key[0],
        "indicator": key[1],
        **found,
        "possible": possible,
        "readings": [
            {
                "role": row["role"],
                "grade": None if blind else row["grade"],
                "evidence": row["evidence"],
                "comment": "" if blind else row["comment"],
                "at": row["at"].isoformat(),
            }
            for row in rows
        ],
    }
