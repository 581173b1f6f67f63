"""Evaluations: the list, one with its composite, the scorecard of a place."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables import codelists

from .calls import call

evaluation = Blueprint("learningcity_evaluation", __name__)


@evaluation.get("/evaluation", strict_slashes=False)
def index() -> str:
    """List the evaluations, the newest first."""
    shown = {
        "evaluations": call("learningcity_evaluation_list"),
        "prepares": prepares(),
        "states": codelists.evaluation_words("states"),
    }
    return tk.render("learningcity/evaluation/index.html", shown)


@evaluation.get("/evaluation/<evaluation_id>")
def read(evaluation_id: str) -> str:
    """Show an evaluation: its composite where the reader may see it, and its scorecards."""
    found = call("learningcity_evaluation_show", id=evaluation_id)
    asked = {
        name: tk.request.args[name]
        for name in ("normalisation", "missing")
        if tk.request.args.get(name)
    }
    shown = {
        "evaluation": found,
        "composite": _composite(evaluation_id, asked),
        "asked": {**found["method"], **asked},
        "words": {
            kind: codelists.evaluation_words(kind)
            for kind in ("states", "normalisations", "missing")
        },
        "focal_areas": codelists.focal_areas(),
        "areas": codelists.areas(),
        "indicators": codelists.indicators(),
        "prepares": prepares(),
        "graded": _graded(evaluation_id),
    }
    return tk.render("learningcity/evaluation/read.html", shown)


@evaluation.get("/city/<area_id>/scorecard")
def scorecard(area_id: str) -> str | Response:
    """Show how a place stands, indicator by indicator."""
    evaluations = call("learningcity_evaluation_list")
    if not evaluations:
        area = call("learningcity_area_show", id=area_id)
        return tk.render("learningcity/evaluation/none.html", {"area": area})
    asked = {
        name: tk.request.args[name] for name in ("evaluation", "as_of") if tk.request.args.get(name)
    }
    peers = [code for code in tk.request.args.getlist("peers") if code]
    if peers:
        asked["peers"] = peers
    try:
        card = call("learningcity_scorecard_show", id=area_id, **asked)
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))
    shown = {
        **card,
        "evaluations": evaluations,
        "trends": codelists.evaluation_words("trends"),
        "readings": codelists.evaluation_words("readings"),
        "areas": codelists.areas(),
        "grades": codelists.grades(),
    }
    return tk.render("learningcity/evaluation/scorecard.html", shown)


def prepares() -> bool:
    """Return whether the reader of this page prepares evaluations."""
    return tk.h.check_access("learningcity_evaluation_create", {})


def _composite(evaluation_id: str, asked: dict[str, Any]) -> dict[str, Any] | None:
    """Return the composite, None for whom it is too early."""
    try:
        return tk.get_action("learningcity_composite_show")({}, {"id": evaluation_id, **asked})
    except tk.NotAuthorized:
        return None
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(f"{key}: {text}" for key, text in error.error_summary.items()))


def _graded(evaluation_id: str) -> dict[str, int] | None:
    """Return how many grades the reader may give in each role; None for who has none at all."""
    if not tk.current_user.is_authenticated:
        return None
    found = call("learningcity_reading_list", evaluation=evaluation_id)
    if not found:
        return None
    waiting = ("second", "decision")
    return {role: sum(role in entry["possible"] for entry in found) for role in waiting}
