"""A city's application: the form that saves while one types, its steps, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity.award import evidence
from ckanext.learningcity.tables import codelists

from .award import criteria, found_round, prepares
from .calls import call

award_application = Blueprint(
    "learningcity_award_application", __name__, url_prefix="/award/application"
)
award_file = Blueprint("learningcity_award_file", __name__, url_prefix="/award/application")

#: Acts without a page of their own: the parameters that they take from the form.
_ACTS: Mapping[str, tuple[str, ...]] = {
    "submit": (),
    "withdraw": (),
    "appeal": ("reason",),
}
_PARTS: Mapping[str, tuple[str, ...]] = {
    "figure_add": ("indicator", "area"),
    "figure_remove": ("indicator", "area"),
    "file_remove": ("file",),
}


@award_application.before_request
def _logged_in() -> Response | None:
    """Send who is not logged in to the login page, whatever the address, and back afterwards."""
    if tk.current_user.is_authenticated:
        return None
    return tk.redirect_to("user.login", came_from=tk.request.full_path)


@award_application.get("/<application_id>")
def read(application_id: str) -> str | Response:
    """Show an application to its city; the secretariat has its own page of it."""
    found = call("learningcity_award_application_show", id=application_id)
    if found["viewpoint"] == "secretariat":
        return tk.redirect_to("learningcity_award_desk.application", application_id=application_id)
    if found["viewpoint"] == "reviewer":
        return tk.redirect_to("learningcity_award.index")
    return _page(found, {}, {})


@award_application.post("/<application_id>")
def save(application_id: str) -> Response | FlaskResponse | tuple[str | FlaskResponse, int]:
    """Keep what was written; a script asks for JSON, and saves while one types."""
    by_script = tk.request.headers.get("X-Requested-With") == "XMLHttpRequest"
    given = _written()
    try:
        found = call("learningcity_award_application_update", id=application_id, **given)
        if not by_script and tk.request.form.get("then") == "submit":
            call("learningcity_award_application_submit", id=application_id)
    except tk.ValidationError as error:
        if by_script:
            return jsonify(errors=error.error_summary), 400
        found = call("learningcity_award_application_show", id=application_id)
        return _page(found, given, error.error_dict), 400
    if by_script:
        share = found["completeness"]["share"]
        missing = [tk.h.learningcity_award_part(part) for part in found["completeness"]["missing"]]
        return jsonify(share=round(share * 100), missing=missing)
    submitted = tk.request.form.get("then") == "submit"
    tk.h.flash_success(tk._("It is handed in.") if submitted else tk._("It is saved."))
    return _back(application_id)


@award_application.post(f"/<application_id>/<any({', '.join(_ACTS)}):act>")
def act(application_id: str, act: str) -> Response | tuple[str, int]:
    """Hand it in, take it back, appeal."""
    given = {name: tk.request.form.get(name, "") for name in _ACTS[act]}
    return _do(f"application_{act}", application_id, given, _DONE[act]())


@award_application.post(f"/<application_id>/<any({', '.join(_PARTS)}):part>")
def part(application_id: str, part: str) -> Response | tuple[str, int]:
    """Add or remove a figure, remove a file."""
    given = {name: tk.request.form.get(name, "") for name in _PARTS[part]}
    return _do(part, application_id, given, tk._("It is saved."))


@award_application.post("/<application_id>/file_add")
def attach(application_id: str) -> Response | tuple[str, int]:
    """Attach a file of evidence."""
    given = {"upload": tk.request.files.get("upload") or ""}
    return _do("file_add", application_id, given, tk._("The file is attached."))


@award_file.get("/<application_id>/file/<file_id>")
def download(application_id: str, file_id: str) -> FlaskResponse:
    """Return a file of evidence to those who may see its application."""
    found = call("learningcity_award_file_show", id=application_id, file=file_id)
    try:
        content = evidence.content(found["sha256"])
    except evidence.GoneError:
        return tk.abort(404, tk._("There is no such file."))
    response = FlaskResponse(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found["name"])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _written() -> dict[str, Any]:
    """Return what the form holds of texts."""
    form = tk.request.form
    texts = {
        name: {language: form.get(f"{name}-{language}", "") for language in ("th", "en")}
        for name in ("title", "summary")
    }
    answers = {
        criterion: form[f"answer-{criterion}"]
        for criterion in codelists.awards("criteria")
        if f"answer-{criterion}" in form
    }
    return {**texts, "answers": answers}


def _do(
    action: str, application_id: str, given: Mapping[str, Any], done: str
) -> Response | tuple[str, int]:
    try:
        call(f"learningcity_award_{action}", id=application_id, **given)
    except tk.ValidationError as error:
        found = call("learningcity_award_application_show", id=application_id)
        return _page(found, dict(given), error.error_dict), 400
    tk.h.flash_success(done)
    return _back(application_id)


def _back(application_id: str) -> Response:
    return tk.redirect_to("learningcity_award_application.read", application_id=application_id)


def _page(found: dict[str, Any], given: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    round_ = found_round(found["round"])
    above = [place["id"] for place in codelists.area_ancestors(found["area"])]
    places = [found["area"], *(code for code in above if code != "TH")]
    shown = {
        "application": found,
        "round": round_,
        "given": {**found, **given},
        "errors": errors,
        "criteria": criteria(round_, found["category"]),
        "places": [codelists.areas()[code] for code in places],
        "indicators": codelists.indicators(),
        "editable": found["taken"] and found["state"] in ("draft", "withdrawn"),
        "prepares": prepares(),
        "largest": tk.config["ckanext.learningcity.award.file_max"],
        "formats": ", ".join(f".{name}" for name in evidence.FORMATS),
    }
    return tk.render("learningcity/award/application.html", shown)


_DONE = {
    "submit": lambda: tk._("It is handed in."),
    "withdraw": lambda: tk._("It is withdrawn. You can change it and hand it in again."),
    "appeal": lambda: tk._("The secretariat has your appeal."),
}
