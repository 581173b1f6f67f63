"""Evaluations of the network: prepare, open, close, publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.assessment import results, rounds
from ckanext.learningcity.indicators.derived import account
from ckanext.learningcity.logic import evaluation_schema, schema

#: Parts of the action's parameters that are columns; the others are the definition.
_COLUMNS = ("id", "title", "year")


@tk.side_effect_free
def learningcity_evaluation_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the evaluations, the newest first; those in preparation to the secretariat only."""
    states = [rounds.OPEN, rounds.CLOSED, rounds.PUBLISHED]
    if _prepares(context):
        states.append(rounds.DRAFT)
    return [described(found) for found in rounds.search(states)]


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_evaluation_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an evaluation.

    :param id: its id
    :returns: `id`, `title`, `year`, `state`, `areas`, `method` (`normalisation`, `missing`,
        `weights`, `coverage`), `targets`, `fresh_years`, `readers`, `as_of`, `dataset` and, for the
        secretariat, `history`
    """
    tk.check_access("learningcity_evaluation_show", context, data_dict)
    found = existing(data_dict["id"])
    shown = described(found)
    if _prepares(context):
        shown["history"] = [_told(line) for line in found.history]
    return shown


@tk.validate_action_data(evaluation_schema.definition)
def learningcity_evaluation_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Prepare an evaluation.

    :param id: as it stands in the address, such as `2026`
    :param title: in both languages, `{"en": …, "th": …}`
    :param year: the last year whose values count, Gregorian
    :param areas: codes of the places that are compared
    :param normalisation: `min_max`, `z_score` or `rank`
    :param missing: `share`, `mean` or `exclude`
    :param coverage: the least share of weight with values that a composite needs, 0 to 1
    :param weights: by focal area, 1 where none is given
    :param targets: by indicator, each with `value`, `year` and `source`
    :param fresh_years: how many years old a fresh value may be
    :param readers: names of organizations whose editors read the grades of other places
    """
    tk.check_access("learningcity_evaluation_create", context, data_dict)
    if rounds.get(data_dict["id"]):
        raise tk.ValidationError({"id": [tk._("There is an evaluation of this id already.")]})
    user = account(context.get("user", ""))
    rounds.create(user.id, _row(data_dict))
    model.Session.commit()
    return described(existing(data_dict["id"]))


@tk.validate_action_data(evaluation_schema.definition)
def learningcity_evaluation_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change an evaluation that is not closed; the parameters are those of its creation."""
    tk.check_access("learningcity_evaluation_update", context, data_dict)
    _locked(data_dict["id"], (rounds.DRAFT, rounds.OPEN))
    user = account(context.get("user", ""))
    rounds.write(data_dict["id"], rounds.happened("updated", user.id), **_row(data_dict))
    return described(existing(data_dict["id"]))


@tk.validate_action_data(evaluation_schema.move)
def learningcity_evaluation_open(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let everybody see an evaluation, and cities and readers give their grades.

    :param id: its id
    """
    return _move(context, data_dict, "open")


@tk.validate_action_data(evaluation_schema.move)
def learningcity_evaluation_close(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Fix an evaluation's figures as of now.

    :param id: its id
    """
    return _move(context, data_dict, "close")


@tk.validate_action_data(evaluation_schema.move)
def learningcity_evaluation_reopen(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Open a closed evaluation once more, for everybody to see why.

    :param id: its id
    :param reason: why
    """
    if not data_dict.get("reason"):
        raise tk.ValidationError({"reason": [tk._("Say why.")]})
    return _move(context, data_dict, "reopen")


@tk.validate_action_data(evaluation_schema.move)
def learningcity_evaluation_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish the results of a closed evaluation as a dataset with releases.

    :param id: its id
    """
    tk.check_access("learningcity_evaluation_update", context, data_dict)
    found = _locked(data_dict["id"], (rounds.CLOSED,))
    model.Session.rollback()  # what follows takes seconds and is made again if it is interrupted
    user = account(context.get("user", ""))
    dataset = results.publish(user.name, found)
    _locked(data_dict["id"], (rounds.CLOSED,))
    what = rounds.happened("publish", user.id)
    rounds.write(found.id, what, state=rounds.PUBLISHED, dataset=dataset)
    return described(existing(found.id))


def existing(evaluation_id: str) -> rounds.Evaluation:
    """Return an evaluation.

    :raises ObjectNotFound: there is none of this id
    """
    found = rounds.get(evaluation_id)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such evaluation."))
    return found


def described(found: rounds.Evaluation) -> dict[str, Any]:
    """Return what everybody may know of an evaluation."""
    return {
        "id": found.id,
        "title": found.title,
        "year": found.year,
        "state": found.state,
        "areas": list(found.areas),
        "method": {
            "normalisation": found.method.normalisation,
            "missing": found.method.missing,
            "weights": dict(found.method.weights),
            "coverage": found.method.coverage,
        },
        "fresh_years": found.rules.fresh_years,
        "targets": {
            code: {"value": target.value, "year": target.year, "source": target.source}
            for code, target in found.targets.items()
        },
        "readers": list(found.readers),
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "dataset": _name(found.dataset),
        "reopened": [
            {"at": line["at"], "reason": line["reason"]}
            for line in found.history
            if line["kind"] == "reopen"
        ],
    }


def _row(data_dict: DataDict) -> dict[str, Any]:
    row = {name: data_dict[name] for name in _COLUMNS}
    return {**row, "definition": {k: v for k, v in data_dict.items() if k not in _COLUMNS}}


def _move(context: Context, data_dict: DataDict, act: str) -> dict[str, Any]:
    tk.check_access("learningcity_evaluation_update", context, data_dict)
    before, after = rounds.MOVES[act]
    found = _locked(data_dict["id"], before)
    user = account(context.get("user", ""))
    what = rounds.happened(act, user.id, data_dict.get("reason"))
    moment = rounds.now() if act == "close" else None
    rounds.write(found.id, what, state=after, as_of=moment)
    return described(existing(found.id))


def _locked(evaluation_id: str, states: tuple[str, ...]) -> rounds.Evaluation:
    existing(evaluation_id)
    try:
        return rounds.lock(evaluation_id, states)
    except rounds.StateError as error:
        message = tk._("This is not possible while the evaluation is in the state “{state}”.")
        raise tk.ValidationError({"state": [message.format(state=error.state)]}) from error


def _prepares(context: Context) -> bool:
    try:
        return tk.check_access("learningcity_evaluation_create", context, {})
    except tk.NotAuthorized:
        return False


def _told(line: Mapping[str, Any]) -> dict[str, Any]:
    user = model.User.get(line["user"])
    return {**line, "user": user.display_name if user else None}


def _name(dataset_id: str | None) -> str | None:
    dataset = model.Package.get(dataset_id) if dataset_id else None
    return dataset.name if dataset else None
