"""Mail of the forum: what the reader gets, and the pages behind the signed links."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from .accounts import log_in_first
from .calls import call

forum_mail = Blueprint("learningcity_forum_mail", __name__, url_prefix="/forum")


@forum_mail.get("/subscriptions")
def index() -> str | Response:
    """Show what the reader gets mail of."""
    if asked := log_in_first():
        return asked
    shown = {
        "subscriptions": call("learningcity_forum_subscription_list"),
        "spaces": call("learningcity_forum_space_list"),
        "mailed": tk.config["ckanext.learningcity.mail"],
    }
    return tk.render("learningcity/forum/subscriptions.html", shown)


@forum_mail.post("/subscriptions")
def subscribe() -> Response:
    """Ask for mail."""
    form = tk.request.form
    try:
        made = call(
            "learningcity_forum_subscribe",
            scope=form.get("scope", ""),
            target=form.get("target", ""),
        )
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_summary.values()))
        return tk.redirect_to("learningcity_forum_mail.index")
    if made["confirmed"] or made["scope"] == "quiet":
        tk.h.flash_success(tk._("Noted."))
    else:
        tk.h.flash_notice(tk._("Noted. Mail begins when you follow the link that is sent to you."))
    return tk.redirect_to("learningcity_forum_mail.index")


@forum_mail.post("/subscriptions/<subscription_id>/end")
def end(subscription_id: str) -> Response:
    """End a subscription."""
    call("learningcity_forum_unsubscribe", id=subscription_id)
    tk.h.flash_success(tk._("No more mail of this."))
    return tk.redirect_to("learningcity_forum_mail.index")


@forum_mail.get("/confirm/<token>")
def confirm(token: str) -> FlaskResponse:
    """Ask whether mail is wanted; only a button says yes, because programs follow links."""
    return _page("confirm", token)


@forum_mail.post("/confirm/<token>")
def confirmed(token: str) -> FlaskResponse:
    """Begin with the mail."""
    call("learningcity_forum_confirm", token=token)
    return _page("confirmed", token)


@forum_mail.get("/leave/<token>")
def leave(token: str) -> FlaskResponse:
    """Ask whether mail is to end."""
    return _page("leave", token)


@csrf.exempt
@forum_mail.post("/leave/<token>")
def left(token: str) -> FlaskResponse:
    """End the mail. Mail programs do so with one click (RFC 8058), and have no token of a form."""
    call("learningcity_forum_leave", token=token)
    return _page("left", token)


def _page(state: str, token: str) -> FlaskResponse:
    page = tk.render("learningcity/forum/link.html", {"state": state, "token": token})
    response = FlaskResponse(page)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
