"""Reporting a problem with data, and the list of those who answer."""

from __future__ import annotations

from itertools import chain
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity.logic.action.problems import TooManyError
from ckanext.learningcity.problems.model import KINDS, STATES
from ckanext.learningcity.words import faults_by_field

from .accounts import log_in_first
from .calls import call

problem = Blueprint("learningcity_problem", __name__)

PAGE_SIZE = 20

_ABOUT = ("dataset", "indicator", "area", "view", "release")
_FIELDS = ("kind", "text", "email", "website")
_LARGEST = 2**31 - 1
_NUMBER = f"<int(min=1, max={_LARGEST}):number>"


@problem.get("/problem/new")
def form() -> FlaskResponse:
    """Ask what is wrong."""
    return _form({}, {})


@problem.post("/problem/new")
def receive() -> Response | tuple[FlaskResponse, int]:
    """Take a report in; what was typed stays where something is wrong with it."""
    _found()
    given = {name: tk.request.form.get(name, "") for name in _FIELDS}
    try:
        made = call("learningcity_problem_create", **_asked(), **given)
    except TooManyError as error:
        return _form(given, error.error_dict), 429
    except tk.ValidationError as error:
        return _form(given, error.error_dict), 400
    return tk.redirect_to("learningcity_problem.received", number=made["number"])


@problem.get(f"/problem/received/{_NUMBER}")
def received(number: int) -> FlaskResponse:
    """Say thank you, with the report's number."""
    return _unshared(tk.render("learningcity/problem/received.html", {"number": number}))


@problem.get("/problems")
def index() -> FlaskResponse | Response:
    """List the reports that the reader may answer."""
    if login := log_in_first():
        return login
    query = {name: tk.request.args.get(name, "") for name in ("state", "q")}
    asked = {name: value for name, value in query.items() if value}
    page = tk.h.get_page_number(tk.request.args)
    try:
        found = call(
            "learningcity_problem_list", **asked, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )
    except tk.ValidationError as error:
        tk.abort(400, " ".join(chain(*faults_by_field(error).values())))
    pages = Page(
        found["results"],
        page=page,
        item_count=found["count"],
        items_per_page=PAGE_SIZE,
        presliced_list=True,
        url=lambda page: tk.h.url_for("learningcity_problem.index", **asked, page=page),
    )
    shown = {"page": pages, "query": query, "counts": found["states"], "states": STATES}
    return _unshared(tk.render("learningcity/problem/index.html", shown))


@problem.get(f"/problem/{_NUMBER}")
def read(number: int) -> FlaskResponse | Response:
    """Show a report, with the form of its answer."""
    return log_in_first() or _read(number, {}, {})


@problem.post(f"/problem/{_NUMBER}/<any(answer, close):act>")
def act(number: int, act: str) -> Response | tuple[FlaskResponse, int]:
    """Answer or close a report."""
    given = {"answer": tk.request.form.get("answer", "")} if act == "answer" else {}
    try:
        call(f"learningcity_problem_{act}", number=number, **given)
    except tk.ValidationError as error:
        return _read(number, given, error.error_dict), 400
    tk.h.flash_success(
        tk._("The answer is kept.") if act == "answer" else tk._("The report is closed.")
    )
    return tk.redirect_to("learningcity_problem.read", number=number)


def _asked() -> dict[str, str]:
    given = tk.request.args
    return {name: given[name] for name in _ABOUT if given.get(name)}


def _found() -> dict[str, Any]:
    """Return what the report is about; answers 404 also to who may not see it."""
    try:
        return tk.get_action("learningcity_problem_about")({}, _asked())
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("There is no such page."))
    except tk.ValidationError as error:
        return tk.abort(404, " ".join(chain(*faults_by_field(error).values())))


def _form(given: dict[str, str], errors: dict[str, Any]) -> FlaskResponse:
    shown = {"about": _found(), "given": given, "errors": errors, "kinds": KINDS}
    return _unshared(tk.render("learningcity/problem/form.html", shown))


def _read(number: int, given: dict[str, str], errors: dict[str, Any]) -> FlaskResponse:
    shown = {"report": call("learningcity_problem_show", number=number)}
    page = tk.render("learningcity/problem/read.html", {**shown, "given": given, "errors": errors})
    return _unshared(page)


def _unshared(page: str) -> FlaskResponse:
    """Return a page that no cache keeps and no search engine lists."""
    response = FlaskResponse(page)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
