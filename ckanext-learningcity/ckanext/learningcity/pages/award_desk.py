"""The awards' desk of the secretariat: rounds, assignment, decisions, appeals, the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.award.rounds import CALENDAR
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.words import faults_by_field

from .accounts import log_in_first
from .award import criteria, found_round, prepares
from .calls import call

award_desk = Blueprint("learningcity_award_desk", __name__, url_prefix="/award")

_FIELDS = ("id", "year", *CALENDAR, "spread_max", "appeal_days", "reason")
_MOVES = ("announce", "decide", "publish")

#: What the secretariat does with an application: the action and its parameters in the form.
_ACTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "assign": ("review_assign", ("reviewer",)),
    "extend": ("application_extend", ("until", "reason")),
    "again": ("review_again", ("reason",)),
    "decide": ("application_decide", ("level", "reason")),
    "reopen": ("application_reopen", ("reason",)),
    "answer": ("appeal_answer", ("reopen", "reason")),
}


@award_desk.before_request
def _only_the_secretariat() -> Response | None:
    """Send who is not logged in to the login page; all but the secretariat are refused."""
    if asked := log_in_first():
        return asked
    if not prepares():
        tk.abort(403, tk._("Only the network's secretariat may do this."))
    return None


@award_desk.get("/new")
def new() -> str:
    """Ask for a new round."""
    standard = {name: entry["weight"] for name, entry in codelists.awards("criteria").items()}
    data = {
        "title": {},
        "weights": dict.fromkeys(codelists.awards("categories"), standard),
        "levels": list(codelists.awards("levels")),
        "spread_max": 3,
        "appeal_days": 7,
    }
    return _form("create", data, {})


@award_desk.post("/new")
def create() -> Response | tuple[str, int]:
    """Prepare a new round."""
    return _save("create", _given())


@award_desk.get("/<round_id>/edit")
def edit(round_id: str) -> str:
    """Ask for changes of a round."""
    return _form("update", found_round(round_id), {})


@award_desk.post("/<round_id>/edit")
def update(round_id: str) -> Response | tuple[str, int]:
    """Change a round."""
    return _save("update", {**_given(), "id": round_id})


@award_desk.get("/<round_id>/desk")
def overview(round_id: str) -> str:
    """Show the applications of a round in their order, and what happened in it."""
    found = found_round(round_id)
    shown = {
        "round": found,
        "ranking": call("learningcity_award_ranking", round=round_id),
        "begun": call("learningcity_award_begun_list", round=round_id),
        "trail": call("learningcity_award_trail", round=round_id),
    }
    return tk.render("learningcity/award/desk.html", shown)


@award_desk.post(f"/<round_id>/<any({', '.join(_MOVES)}):act>")
def move(round_id: str, act: str) -> Response:
    """Move a round on."""
    try:
        call(f"learningcity_award_round_{act}", id=round_id)
    except tk.ValidationError as error:
        _flash(error)
    else:
        tk.h.flash_success(_MOVED[act]())
    return tk.redirect_to("learningcity_award_desk.overview", round_id=round_id)


@award_desk.get("/application/<application_id>/desk")
def application(application_id: str) -> str:
    """Show an application with its reviews to the secretariat."""
    return _application(application_id, {}, {})


@award_desk.post(f"/application/<application_id>/desk/<any({', '.join(_ACTS)}):act>")
def act(application_id: str, act: str) -> Response | tuple[str, int]:
    """Assign, extend, decide, answer."""
    action, names = _ACTS[act]
    given = {name: tk.request.form.get(name, "") for name in names}
    try:
        call(f"learningcity_award_{action}", id=application_id, **given)
    except tk.ValidationError as error:
        return _application(application_id, {**given, "act": act}, error.error_dict), 400
    tk.h.flash_success(tk._("It is saved."))
    return tk.redirect_to("learningcity_award_desk.application", application_id=application_id)


@award_desk.post("/application/<application_id>/desk/release/<review_id>")
def release(application_id: str, review_id: str) -> Response | tuple[str, int]:
    """Take a review off a reviewer."""
    reason = tk.request.form.get("reason", "")
    try:
        call("learningcity_award_review_release", id=review_id, reason=reason)
    except tk.ValidationError as error:
        given = {"act": f"release {review_id}", "reason": reason}
        return _application(application_id, given, error.error_dict), 400
    tk.h.flash_success(tk._("It is saved."))
    return tk.redirect_to("learningcity_award_desk.application", application_id=application_id)


def _application(application_id: str, given: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    found = call("learningcity_award_application_show", id=application_id)
    if found["viewpoint"] != "secretariat":
        tk.abort(404, tk._("There is no such application."))
    round_ = found_round(found["round"])
    shown = {
        "application": found,
        "round": round_,
        "criteria": criteria(round_, found["category"]),
        "trail": call("learningcity_award_trail", round=found["round"], application=application_id),
        "indicators": codelists.indicators(),
        "given": given,
        "errors": errors,
    }
    return tk.render("learningcity/award/desk_application.html", shown)


def _given() -> dict[str, Any]:
    form = tk.request.form
    weights = {
        category: {
            criterion: form.get(f"weight-{category}-{criterion}", "").strip() or "0"
            for criterion in codelists.awards("criteria")
        }
        for category in codelists.awards("categories")
    }
    return {
        **{name: form.get(name, "").strip() for name in _FIELDS},
        "title": {language: form.get(f"title-{language}", "") for language in ("th", "en")},
        "levels": form.getlist("levels"),
        "weights": weights,
        "demonstration": form.get("demonstration", "false"),
    }


def _save(act: str, data: dict[str, Any]) -> Response | tuple[str, int]:
    asked = {name: value for name, value in data.items() if value not in ("", [])}
    try:
        made = call(f"learningcity_award_round_{act}", **asked)
    except tk.ValidationError as error:
        return _form(act, data, error.error_dict), 400
    tk.h.flash_success(tk._("The round is saved."))
    return tk.redirect_to("learningcity_award_desk.overview", round_id=made["id"])


def _form(act: str, data: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    shown = {"act": act, "data": data, "errors": errors, "calendar": CALENDAR}
    return tk.render("learningcity/award/form.html", shown)


def _flash(error: tk.ValidationError) -> None:
    for texts in faults_by_field(error).values():
        tk.h.flash_error(" ".join(texts))


_MOVED = {
    "announce": lambda: tk._("The round is announced."),
    "decide": lambda: tk._("The cities are told. They may appeal now."),
    "publish": lambda: tk._("The results are published."),
}
