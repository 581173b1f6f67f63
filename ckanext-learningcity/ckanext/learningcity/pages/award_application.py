"""A city's application: the form that saves while one types, its steps, and its files.

The page has one form: every button of it saves what was written, with or without a script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity import addressed
from ckanext.learningcity.award import applications, evidence
from ckanext.learningcity.tables import codelists

from .accounts import log_in_first
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


def _figure_chosen() -> dict[str, Any]:
    return {name: tk.request.form.get(name, "") for name in ("indicator", "area")}


def _figure_listed() -> dict[str, Any]:
    indicator, _, area = tk.request.form.get("figure", "").partition("/")
    return {"indicator": indicator, "area": area}


#: Parts beside the texts, by the button that was pressed: what the action takes from the form.
_PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "figure_add": _figure_chosen,
    "figure_remove": _figure_listed,
    "file_add": lambda: {"upload": tk.request.files.get("upload") or ""},
    "file_remove": lambda: {"file": tk.request.form.get("file", "")},
}


award_application.before_request(log_in_first)


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
        found = _write(application_id, given)
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
    """Keep what was written, and add or remove a figure or a file."""
    given = _PARTS[part]()
    done = tk._("The file is attached.") if part == "file_add" else tk._("It is saved.")
    return _do(part, application_id, given, done)


@award_file.get("/<application_id>/file/<file_id>")
def download(application_id: str, file_id: str) -> FlaskResponse:
    """Return a file of evidence to those who may see its application."""
    found = call("learningcity_award_file_show", id=application_id, file=file_id)
    try:
        content = evidence.content(found["sha256"])
    except addressed.GoneError:
        return tk.abort(404, tk._("There is no such file."))
    response = FlaskResponse(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found["name"])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _written() -> dict[str, Any]:
    """Return what the form holds of texts; nothing where it is another form."""
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
    wrote = any(name.startswith(("title-", "summary-", "answer-")) for name in form)
    return {**texts, "answers": answers} if wrote else {}


def _write(application_id: str, written: Mapping[str, Any]) -> dict[str, Any]:
    return call("learningcity_award_application_update", id=application_id, **written)


def _do(
    action: str, application_id: str, given: Mapping[str, Any], done: str
) -> Response | tuple[str, int]:
    written = _written()
    try:
        if written:
            _write(application_id, written)
        call(f"learningcity_award_{action}", id=application_id, **given)
    except tk.ValidationError as error:
        found = call("learningcity_award_application_show", id=application_id)
        return _page(found, {**written, **given}, error.error_dict), 400
    tk.h.flash_success(done)
    return _back(application_id)


def _back(application_id: str) -> Response:
    return tk.redirect_to("learningcity_award_application.read", application_id=application_id)


def _page(found: dict[str, Any], given: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    round_ = found_round(found["round"])
    above = [place["id"] for place in codelists.area_ancestors(found["area"])]
    places = [found["area"], *(code for code in above if code != "TH")]
    kept = "answers" in given  # what came too late stays before the eyes of who wrote it
    shown = {
        "application": found,
        "round": round_,
        "given": {**found, **given},
        "errors": errors,
        "criteria": criteria(round_, found["category"]),
        "places": [codelists.areas()[code] for code in places],
        "indicators": codelists.indicators(),
        "editable": found["state"] in applications.EDITABLE and (found["taken"] or kept),
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
