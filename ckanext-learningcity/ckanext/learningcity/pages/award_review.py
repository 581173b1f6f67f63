"""A reviewer's page: the application, the scores, and the way out of a conflict of interest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from ckanext.learningcity.tables import codelists

from .accounts import log_in_first
from .calls import call

award_review = Blueprint("learningcity_award_review", __name__, url_prefix="/award/review")


award_review.before_request(log_in_first)


@award_review.get("/<review_id>")
def read(review_id: str) -> str:
    """Show a review to its reviewer."""
    return _page(call("learningcity_award_review_show", id=review_id), {}, {})


@award_review.post("/<review_id>")
def save(review_id: str) -> Response | FlaskResponse | tuple[str | FlaskResponse, int]:
    """Keep scores and comments, and hand them in if that button was pressed."""
    by_script = tk.request.headers.get("X-Requested-With") == "XMLHttpRequest"
    hand_in = tk.request.form.get("then") == "submit" and not by_script
    given = _written()
    try:
        call("learningcity_award_review_update", id=review_id, **given)
        if hand_in:
            call("learningcity_award_review_submit", id=review_id)
    except tk.ValidationError as error:
        if by_script:
            return jsonify(errors=error.error_summary), 400
        found = call("learningcity_award_review_show", id=review_id)
        return _page(found, given, error.error_dict), 400
    if by_script:
        return jsonify(saved=True)
    tk.h.flash_success(tk._("Your review is handed in.") if hand_in else tk._("It is saved."))
    return tk.redirect_to("learningcity_award_review.read", review_id=review_id)


@award_review.post("/<review_id>/conflict")
def conflict(review_id: str) -> Response | tuple[str, int]:
    """Declare a conflict of interest."""
    reason = tk.request.form.get("reason", "")
    try:
        call("learningcity_award_review_declare", id=review_id, reason=reason)
    except tk.ValidationError as error:
        found = call("learningcity_award_review_show", id=review_id)
        return _page(found, {}, error.error_dict), 400
    tk.h.flash_success(tk._("The secretariat knows of your conflict of interest."))
    return tk.redirect_to("learningcity_award.index")


def _written() -> dict[str, Any]:
    form = tk.request.form
    return {
        name: {
            criterion: form.get(f"{part}-{criterion}", "").strip()
            for criterion in codelists.awards("criteria")
            if form.get(f"{part}-{criterion}", "").strip()
        }
        for name, part in (("scores", "score"), ("comments", "comment"))
    }


def _page(found: dict[str, Any], given: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    shown = {
        "review": found,
        "application": found["application"],
        "given": {**found, **given},
        "errors": errors,
        "indicators": codelists.indicators(),
    }
    return tk.render("learningcity/award/review.html", shown)
