"""Preparing evaluations and giving grades."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.words import faults_by_field

from .accounts import log_in_first
from .calls import call

evaluation_desk = Blueprint("learningcity_evaluation_desk", __name__, url_prefix="/evaluation")

Form = MultiDict[str, str]

_PLAIN = ("id", "year", "normalisation", "missing", "coverage", "fresh_years", "readers")
_MOVES = ("open", "close", "reopen", "publish")
_BLANK_TARGETS = 3


evaluation_desk.before_request(log_in_first)


@evaluation_desk.get("/new")
def new() -> str:
    """Ask for a new evaluation, with the network's members filled in."""
    _only_who_prepares()
    members = [code for code, area in codelists.areas().items() if area.get("network")]
    data = {"areas": members, "coverage": "0.5", "fresh_years": "3", "weights": {}, "targets": []}
    return _form("create", {**data, "normalisation": "min_max", "missing": "share"}, {})


@evaluation_desk.post("/new")
def create() -> Response | tuple[str, int]:
    """Prepare a new evaluation."""
    return _save("create", _data(tk.request.form))


@evaluation_desk.get("/<evaluation_id>/edit")
def edit(evaluation_id: str) -> str:
    """Ask for changes of an evaluation."""
    _only_who_prepares()
    found = call("learningcity_evaluation_show", id=evaluation_id)
    targets = [{"indicator": code, **target} for code, target in found["targets"].items()]
    data = {**found, **found["method"], "targets": targets, "readers": ", ".join(found["readers"])}
    return _form("update", data, {})


@evaluation_desk.post("/<evaluation_id>/edit")
def update(evaluation_id: str) -> Response | tuple[str, int]:
    """Change an evaluation."""
    return _save("update", {**_data(tk.request.form), "id": evaluation_id})


@evaluation_desk.post(f"/<evaluation_id>/<any({', '.join(_MOVES)}):act>")
def move(evaluation_id: str, act: str) -> Response:
    """Move an evaluation on."""
    given = {"reason": tk.request.form["reason"]} if tk.request.form.get("reason") else {}
    try:
        call(f"learningcity_evaluation_{act}", id=evaluation_id, **given)
    except tk.ValidationError as error:
        for texts in faults_by_field(error).values():
            tk.h.flash_error("; ".join(texts))
    else:
        tk.h.flash_success(_DONE[act]())
    return tk.redirect_to("learningcity_evaluation.read", evaluation_id=evaluation_id)


@evaluation_desk.get("/<evaluation_id>/grades")
def grades(evaluation_id: str) -> str:
    """List what the reader may grade, what waits for them first."""
    return _grades(evaluation_id, {}, {})


@evaluation_desk.post("/<evaluation_id>/grades")
def grade(evaluation_id: str) -> Response | tuple[str, int]:
    """Take a grade in."""
    form = tk.request.form
    names = ("area", "indicator", "role", "grade", "evidence", "comment")
    given = {name: form.get(name, "") for name in names}
    try:
        call("learningcity_reading_create", evaluation=evaluation_id, **given)
    except tk.ValidationError as error:
        return _grades(evaluation_id, given, error.error_dict), 400
    tk.h.flash_success(tk._("Your grade has been taken down."))
    address = tk.h.url_for(
        "learningcity_evaluation_desk.grades", evaluation_id=evaluation_id, area=given["area"]
    )
    return tk.redirect_to(f"{address}#{given['indicator']}")


def _grades(evaluation_id: str, given: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    found = call("learningcity_evaluation_show", id=evaluation_id)
    mine = call("learningcity_reading_list", evaluation=evaluation_id)
    areas = list(dict.fromkeys(entry["area"] for entry in mine))
    asked = given.get("area") or tk.request.args.get("area", "")
    area = asked if asked in areas else next(iter(areas), None)
    shown = {
        "evaluation": found,
        "areas": [
            {
                "area": codelists.areas()[code],
                "waiting": sum(
                    bool({"second", "decision"} & set(entry["possible"]))
                    for entry in mine
                    if entry["area"] == code
                ),
            }
            for code in areas
        ],
        "area": codelists.areas().get(area or ""),
        "entries": [entry for entry in mine if entry["area"] == area],
        "indicators": codelists.indicators(),
        "grades": codelists.grades(),
        "states": codelists.evaluation_words("readings"),
        "given": given,
        "errors": errors,
    }
    return tk.render("learningcity/evaluation/grades.html", shown)


def _data(form: Form) -> dict[str, Any]:
    """Return the parameters of an evaluation that the form describes."""
    data: dict[str, Any] = {name: form.get(name, "").strip() for name in _PLAIN}
    data["title"] = {language: form.get(f"title-{language}", "") for language in ("en", "th")}
    data["areas"] = form.getlist("areas")
    weights = ((code, form.get(f"weight-{code}", "").strip()) for code in codelists.focal_areas())
    data["weights"] = {code: weight for code, weight in weights if weight}
    columns = ("indicator", "value", "year", "source")
    rows = zip(*(form.getlist(f"target-{column}") for column in columns), strict=False)
    targets = [dict(zip(columns, row, strict=True)) for row in rows]
    data["targets"] = [target for target in targets if any(target.values())]
    return data


def _save(act: str, data: dict[str, Any]) -> Response | tuple[str, int]:
    targets = {
        target["indicator"]: {key: target[key] for key in ("value", "year", "source")}
        for target in data["targets"]
    }
    asked = {name: value for name, value in data.items() if value not in ("", [])}
    asked |= {"title": json.dumps(data["title"]), "weights": json.dumps(data["weights"])}
    try:
        made = call(f"learningcity_evaluation_{act}", **asked | {"targets": json.dumps(targets)})
    except tk.ValidationError as error:
        return _form(act, data, error.error_dict), 400
    tk.h.flash_success(tk._("The evaluation has been saved."))
    return tk.redirect_to("learningcity_evaluation.read", evaluation_id=made["id"])


def _form(act: str, data: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    levels = codelists.area_levels()
    shown = {
        "act": act,
        "data": data,
        "errors": errors,
        "targets": [*data["targets"], *({} for _ in range(_BLANK_TARGETS))],
        "areas": {
            level: [area for area in codelists.areas().values() if area["level"] == level]
            for level in levels
            if level not in ("country", "region")
        },
        "levels": levels,
        "focal_areas": codelists.focal_areas(),
        "indicators": codelists.reported_indicators(),
        "words": {kind: codelists.evaluation_words(kind) for kind in ("normalisations", "missing")},
    }
    return tk.render("learningcity/evaluation/form.html", shown)


def _only_who_prepares() -> None:
    if not tk.h.check_access("learningcity_evaluation_create", {}):
        tk.abort(403, tk._("Only the network's secretariat may do this."))


_DONE = {
    "open": lambda: tk._("The evaluation is open."),
    "close": lambda: tk._("The evaluation is closed; its figures stand."),
    "reopen": lambda: tk._("The evaluation is open again."),
    "publish": lambda: tk._("The results have been published."),
}
