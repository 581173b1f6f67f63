"""Signing up for a session: the form, the page behind the signed link, and the host's list."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from .calls import call
from .tables import csv_file

signup = Blueprint("learningcity_signup", __name__)

COLUMNS = (
    *("session", "session_title", "state", "name", "contact", "confirmed", "created", "consent"),
)

_FIELDS = ("name", "contact", "consent")


@signup.get("/event/<event>/sign-up/<session>")
def form(event: str, session: str) -> str:
    """Ask for a name, an address and consent."""
    return _form(event, session, {}, {})


@signup.post("/event/<event>/sign-up/<session>")
def receive(event: str, session: str) -> Response | tuple[str, int]:
    """Sign a person up, and lead to the page behind the signed link."""
    given = {name: tk.request.form.get(name, "") for name in _FIELDS}
    try:
        made = call("learningcity_signup_create", event=event, session=session, **given)
    except tk.ValidationError as error:
        return _form(event, session, given, error.error_dict), 400
    return tk.redirect_to("learningcity_signup.read", token=made["token"], new="1")


@signup.get("/week/sign-up/<token>")
def read(token: str) -> FlaskResponse:
    """Show whether a person has a place, and let them confirm or cancel."""
    shown = call("learningcity_signup_show", token=token)
    new = bool(tk.request.args.get("new"))
    page = tk.render("learningcity/week/signup.html", {"signup": shown, "token": token, "new": new})
    return _unshared(page)


@signup.post("/week/sign-up/<token>/<any(confirm, cancel):act>")
def act(token: str, act: str) -> Response:
    """Confirm or cancel; only a button does that, because programs follow links."""
    done = call(f"learningcity_signup_{act}", token=token)
    if act == "confirm":
        tk.h.flash_success(tk._("Thank you. You are expected."))
        return tk.redirect_to("learningcity_signup.read", token=token)
    tk.h.flash_success(tk._("Your sign-up is cancelled, and your name and address are deleted."))
    return tk.redirect_to("event.read", id=done["event"])


@signup.get("/event/<event>/sign-ups")
def listed(event: str) -> FlaskResponse:
    """Show the host who signed up."""
    people = call("learningcity_signup_list", event=event)
    package = call("package_show", id=event)
    page = tk.render("learningcity/week/signups.html", {"pkg": package, "people": people})
    return _unshared(page)


@signup.get("/event/<event>/sign-ups.csv")
def download(event: str) -> FlaskResponse:
    """Return the host's list as CSV."""
    people = [
        {**person, "session_title": tk.h.learningcity_text(person["session_title"])}
        for person in call("learningcity_signup_list", event=event)
    ]
    return _unshared(csv_file(people, COLUMNS, "sign-ups.csv"))


@signup.post("/event/<event>/sign-ups/<signup_id>/cancel")
def cancel(event: str, signup_id: str) -> Response:
    """Let the host take somebody off the list who asked for it in another way."""
    call("learningcity_signup_cancel", id=signup_id)
    tk.h.flash_success(tk._("The sign-up is cancelled, and the person's data are deleted."))
    return tk.redirect_to("learningcity_signup.listed", event=event)


def _form(event: str, session: str, given: dict[str, str], errors: dict[str, Any]) -> str:
    package = call("package_show", id=event)
    sessions = tk.h.learningcity_event_sessions(package)
    found = next((entry for entry in sessions if entry["session"] == session), None)
    if package["type"] != "event" or not package.get("sign_up") or found is None:
        tk.abort(404, tk._("There is no such page."))
    shown = {"pkg": package, "session": found, "given": given, "errors": errors}
    return tk.render("learningcity/week/form.html", shown)


def _unshared(page: str | FlaskResponse) -> FlaskResponse:
    """Return a page that no cache keeps and no other site learns the address of."""
    response = page if isinstance(page, FlaskResponse) else FlaskResponse(page)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
