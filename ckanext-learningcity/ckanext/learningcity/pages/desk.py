"""The publishing desk: the work list, the upload, and a submission's way step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint, jsonify
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity import addressed
from ckanext.learningcity.desk import returned, states
from ckanext.learningcity.logic.languages import current_language

from . import desk_forms, desk_steps
from .accounts import log_in_first
from .calls import call

desk = Blueprint("learningcity_desk", __name__)

PAGE_SIZE = 20

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EARLIER = 10  # submissions shown beside the upload
_FILTERS = ("whose", "state", "organization", "q")
_ACTS = ("submit", "approve", "return", "publish", "discard", "mapping", "confirm")


desk.before_request(log_in_first)


@desk.get("/desk")
def index() -> str:
    """List the submissions that the reader may edit: all, their own, or those waiting for them."""
    query = {name: tk.request.args.get(name, "") for name in _FILTERS}
    number = tk.h.get_page_number(tk.request.args)
    asked = {name: value for name, value in query.items() if value}
    try:
        found = _list(**asked, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    except tk.ValidationError as error:
        tk.abort(400, " ".join(desk_forms.faults(error)))
    waiting = _list(whose="to_approve", limit=0)["count"]
    page = Page(
        found["results"],
        page=number,
        item_count=found["count"],
        items_per_page=PAGE_SIZE,
        presliced_list=True,
        url=lambda page: tk.h.url_for("learningcity_desk.index", **asked, page=page),
    )
    shown = {
        "page": page,
        "query": query,
        "waiting": waiting,
        "states": states.STATES,
        "organizations": _organizations(),
    }
    return tk.render("learningcity/desk/index.html", shown)


@desk.get("/dataset/<dataset>/publish")
def upload(dataset: str) -> str:
    """Ask for the file of a dataset's next state."""
    package = _dataset(dataset)
    return tk.render("learningcity/desk/upload.html", _upload_page(package))


@desk.post("/dataset/<dataset>/publish")
def receive(dataset: str) -> Response | str | tuple[str | FlaskResponse, int]:
    """Take a file in; a script asks for JSON to show how far the upload is."""
    by_script = tk.request.headers.get("X-Requested-With") == "XMLHttpRequest"
    given = tk.request.files.get("upload")
    try:
        made = call("learningcity_submission_create", id=dataset, upload=given)
    except tk.ValidationError as error:
        faults = desk_forms.faults(error)
        if by_script:
            return jsonify(error=faults), 400
        shown = {**_upload_page(_dataset(dataset)), "faults": faults}
        return tk.render("learningcity/desk/upload.html", shown), 400
    address = tk.h.url_for("learningcity_desk.read", submission_id=made["id"])
    return jsonify(address=address) if by_script else tk.redirect_to(address)


@desk.get("/submission/<submission_id>")
def read(submission_id: str) -> str:
    """Show a submission, one of its steps in full."""
    submission = _show(submission_id)
    step = tk.request.args.get("step") or desk_steps.first(submission)
    if step not in desk_steps.STEPS:
        tk.abort(400, tk._("step: there is no such step"))
    package = call("package_show", id=submission["dataset"])
    checking = submission["state"] == states.CHECKING
    shown = {
        "submission": submission,
        "package": package,
        "step": step,
        "steps": desk_steps.overview(submission, step),
        "why": desk_steps.why_again(submission),
        **({} if checking else desk_steps.content(step, submission)),
    }
    name = "checking" if checking else f"step_{step}"
    return tk.render(f"learningcity/desk/{name}.html", shown)


@desk.post(f"/submission/<submission_id>/<any({', '.join(_ACTS)}):act>")
def act(submission_id: str, act: str) -> Response:
    """Carry out what a button says, and go to the step that follows."""
    form = tk.request.form
    try:
        step = desk_forms.HANDLERS[act](submission_id, form)
    except tk.ValidationError as error:
        for fault in desk_forms.faults(error):
            tk.h.flash_error(fault)
        step = form.get("step") or None
    return tk.redirect_to("learningcity_desk.read", submission_id=submission_id, step=step)


@desk.get("/submission/<submission_id>/progress")
def progress(submission_id: str) -> FlaskResponse:
    """Return how far a check or a publication is, for the script that waits for it."""
    submission = _show(submission_id)
    return jsonify(state=submission["state"], progress=submission["progress"])


@desk.get("/submission/<submission_id>/report.json")
def report(submission_id: str) -> FlaskResponse:
    """Return the report as JSON."""
    return jsonify(_show(submission_id)["report"])


@desk.get("/submission/<submission_id>/marked.xlsx")
def marked(submission_id: str) -> FlaskResponse:
    """Return the uploaded table as a workbook in which the faulty cells are marked."""
    _show(submission_id)
    try:
        content = returned.workbook(submission_id, current_language())
    except addressed.GoneError:
        return tk.abort(404, tk._("The file of this submission is no longer kept."))
    response = FlaskResponse(content, mimetype=_WORKBOOK)
    response.headers["Content-Disposition"] = "attachment; filename=marked.xlsx"
    return response


@desk.post("/dataset/<dataset>/release/<int:number>/<any(withdraw, rollback):correction>")
def correct(dataset: str, number: int, correction: str) -> Response:
    """Withdraw a release, or go back to its state."""
    reason = tk.request.form.get("reason", "")
    try:
        call(f"learningcity_release_{correction}", id=dataset, number=number, reason=reason)
    except tk.ValidationError as error:
        for fault in desk_forms.faults(error):
            tk.h.flash_error(fault)
    return tk.redirect_to("learningcity_desk.upload", dataset=dataset)


def _show(submission_id: str) -> dict[str, Any]:
    return call("learningcity_submission_show", id=submission_id)


def _list(**parameters: Any) -> dict[str, Any]:
    return call("learningcity_submission_list", **parameters)


def _dataset(name: str) -> dict[str, Any]:
    """Return a dataset that the reader may edit."""
    package = call("package_show", id=name)
    if not tk.h.learningcity_may_publish(package):
        tk.abort(403, tk._("You may not change this dataset."))
    return package


def _upload_page(package: Mapping[str, Any]) -> dict[str, Any]:
    earlier = _list(dataset=package["id"], limit=_EARLIER)
    owner = package.get("owner_org")
    organization = call("organization_show", id=owner) if owner else {}
    releases = call("learningcity_release_list", id=package["id"], limit=_EARLIER)
    return {
        "package": package,
        "earlier": earlier["results"],
        "area": organization.get("area"),
        "largest": tk.config["ckanext.learningcity.upload_max"],
        "releases": releases["results"],
    }


def _organizations() -> list[dict[str, Any]]:
    found = call("organization_list_for_user", permission="update_dataset")
    return sorted(found, key=lambda organization: organization["title"])
