"""The figures of an evaluation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.assessment import figures, rounds
from ckanext.learningcity.evaluation.normalise import METHODS
from ckanext.learningcity.logic import evaluation_schema

from .areas import learningcity_area_show
from .evaluations import described, existing


@tk.side_effect_free
@tk.validate_action_data(evaluation_schema.scorecard)
def learningcity_scorecard_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how a place stands, indicator by indicator.

    :param id: the place's code
    :param evaluation: an evaluation's id; without it, the newest that is open to all
    :param peers: codes of the places to compare with; without it, those of the evaluation on the
        same level
    :param as_of: a moment in place of the evaluation's own
    :returns: `evaluation`, `area`, `as_of`, `peers`, `demonstration` (whether any value is made
        up), `totals` and `groups`: each with its `focal_areas`, those with `indicators`, each with
        `reported`, `value`, `record`, `fresh`, `age`, `trend`, `since`, `target`, `position` and
        `reading`
    """
    data_dict["evaluation"] = data_dict.get("evaluation") or _newest()
    tk.check_access("learningcity_scorecard_show", context, data_dict)
    evaluation = existing(data_dict["evaluation"])
    area = learningcity_area_show(Context(context), {"id": data_dict["id"]})
    compared = [code for code in data_dict.get("peers") or () if code != area["id"]]
    compared = compared or figures.peers(evaluation, area["id"])
    moment = _moment(evaluation, data_dict)
    held = figures.gather(model.Session.connection(), evaluation, moment, [area["id"], *compared])
    card = figures.card(held, area["id"], compared)
    return {
        "evaluation": described(evaluation),
        "area": {key: area[key] for key in ("id", "name", "level")},
        "as_of": moment.isoformat(),
        "peers": compared,
        "demonstration": any(
            entry["demonstration"]
            for group in card["groups"]
            for focal_area in group["focal_areas"]
            for entry in focal_area["indicators"]
        ),
        **card,
    }


@tk.side_effect_free
@tk.validate_action_data(evaluation_schema.composite)
def learningcity_composite_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the composite of an evaluation, and how much of it is the method.

    :param id: the evaluation's id
    :param normalisation: `min_max`, `z_score` or `rank`, in place of the evaluation's own
    :param missing: `share`, `mean` or `exclude`, likewise
    :param as_of: a moment in place of the evaluation's own
    :returns: `evaluation`, `as_of`, `method`, `methods` (the normalisations there are),
        `demonstration`, `measures` and `places`, the best first: `area`, `score`, `rank`,
        `coverage`, `focal_areas` and `ranks` (`best`, `worst`, `middle` of `methods`)
    """
    tk.check_access("learningcity_composite_show", context, data_dict)
    evaluation = existing(data_dict["id"])
    chosen = {name: data_dict[name] for name in ("normalisation", "missing") if data_dict.get(name)}
    method = replace(evaluation.method, **chosen)
    moment = _moment(evaluation, data_dict)
    held = figures.gather(model.Session.connection(), evaluation, moment)
    return {
        "evaluation": described(evaluation),
        "as_of": moment.isoformat(),
        "method": {"normalisation": method.normalisation, "missing": method.missing},
        "methods": list(METHODS),
        "demonstration": held.demonstration,
        **figures.table(held, method),
    }


def _moment(evaluation: rounds.Evaluation, data_dict: DataDict) -> datetime:
    return data_dict.get("as_of") or evaluation.as_of or rounds.now()


def _newest() -> str:
    """Return the id of the newest evaluation that everybody may see."""
    found = rounds.search([rounds.OPEN, rounds.CLOSED, rounds.PUBLISHED])
    if not found:
        raise tk.ObjectNotFound(tk._("There is no evaluation yet."))
    return found[0].id
