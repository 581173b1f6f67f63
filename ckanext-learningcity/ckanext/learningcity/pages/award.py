"""The awards for everybody: the rounds, one round with its rules, its gallery; and applying."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from ckanext.learningcity.tables import codelists

from .calls import call

award = Blueprint("learningcity_award", __name__, url_prefix="/award")


@award.get("/", strict_slashes=False)
def index() -> str:
    """List the rounds, and what the reader has to do with them."""
    known = tk.current_user.is_authenticated
    shown = {
        "rounds": call("learningcity_award_round_list"),
        "applications": call("learningcity_award_application_list") if known else [],
        "reviews": call("learningcity_award_review_list") if known else [],
        "prepares": prepares(),
    }
    return tk.render("learningcity/award/index.html", shown)


@award.get("/<round_id>")
def read(round_id: str) -> str:
    """Show a round: its calendar and rules, and once it is published its gallery."""
    return _page(round_id, {}, {})


@award.post("/<round_id>/apply")
def apply(round_id: str) -> Response | tuple[str, int]:
    """Begin an application of one of the reader's cities."""
    form = tk.request.form
    given = {name: form.get(name, "") for name in ("category", "organization")}
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=_address(round_id))
    try:
        made = call("learningcity_award_application_create", round=round_id, **given)
    except tk.ValidationError as error:
        return _page(round_id, given, error.error_dict), 400
    return tk.redirect_to("learningcity_award_application.read", application_id=made["id"])


def prepares() -> bool:
    """Return whether the reader of this page works for the secretariat."""
    return tk.h.check_access("learningcity_award_round_create", {})


def found_round(round_id: str) -> dict[str, Any]:
    """Return a round; an address that cannot be one's answers 404."""
    try:
        return call("learningcity_award_round_show", id=round_id)
    except tk.ValidationError:
        return tk.abort(404, tk._("There is no such round of the awards."))


def criteria(round_: dict[str, Any], category: str) -> list[str]:
    """Return the criteria that count in a category of a round."""
    return [name for name, weight in round_["weights"][category].items() if weight]


def _page(round_id: str, given: dict[str, Any], errors: dict[str, Any]) -> str:
    found = found_round(round_id)
    known = tk.current_user.is_authenticated
    mine = call("learningcity_award_application_list") if known else []
    shown = {
        "round": found,
        "entries": call("learningcity_award_gallery", id=round_id),
        "applications": [entry for entry in mine if entry["round"] == round_id],
        "cities": tk.h.learningcity_own_cities() if found["state"] == "open" else [],
        "categories": list(codelists.awards("categories")),
        "prepares": prepares(),
        "given": given,
        "errors": errors,
    }
    return tk.render("learningcity/award/round.html", shown)


def _address(round_id: str) -> str:
    return tk.h.url_for("learningcity_award.read", round_id=round_id)
