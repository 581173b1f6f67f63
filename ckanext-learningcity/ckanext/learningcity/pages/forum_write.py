"""Writing in the forum: forms with a preview, for topics, replies, edits and reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from .accounts import log_in_first
from .calls import call
from .forum import reference

forum_write = Blueprint("learningcity_forum_write", __name__, url_prefix="/forum")

Answer = str | tuple[str, int] | Response
Shown = dict[str, Any]


@forum_write.get("/new")
def new() -> Answer:
    """Ask for a topic: `space`, and what it is about as `about=city:TH-56`."""
    args = tk.request.args
    given = {name: args.get(name, "") for name in ("space", "about")}
    given["subscribe"] = tk.h.learningcity_forum_mailed()
    return log_in_first() or _form("new", given, {}, {})


@forum_write.post("/new")
def create() -> Answer:
    """Begin a topic."""
    given = _given("space", "about", "title", "body")
    kind, _, id_ = given["about"].partition(":")
    asked = {name: given[name] for name in ("space", "title", "body", "subscribe")}
    if id_:
        asked |= {"object_kind": kind, "object_id": id_}

    def save() -> Response:
        made = call("learningcity_topic_create", **asked)
        _thank(made["state"])
        return tk.redirect_to("learningcity_forum.topic", ref=reference(made))

    return _answer("new", given, {}, save)


@forum_write.get("/topic/<topic_id>/reply")
def reply(topic_id: str) -> Answer:
    """Ask for a reply; `quote` is the id of a post."""
    shown = {"topic": call("learningcity_topic_show", id=topic_id, limit=1)}
    given = {"body": _quoted(tk.request.args.get("quote", ""))}
    given["subscribe"] = tk.h.learningcity_forum_mailed()
    return log_in_first() or _form("reply", given, {}, shown)


@forum_write.post("/topic/<topic_id>/reply")
def answer(topic_id: str) -> Answer:
    """Reply to a topic."""
    given = _given("body")

    def save() -> Response:
        made = call("learningcity_reply_create", topic=topic_id, **given)
        _thank(made["state"])
        return tk.redirect_to("learningcity_forum.post", post_id=made["id"])

    shown = {"topic": call("learningcity_topic_show", id=topic_id, limit=1)}
    return _answer("reply", given, shown, save)


@forum_write.get("/post/<post_id>/edit")
def edit(post_id: str) -> Answer:
    """Ask for another text of a post."""
    shown = _of_post(post_id)
    if not tk.h.check_access("learningcity_forum_post_update", {"id": post_id}):
        tk.abort(403, tk._("Only the author may edit this."))
    given = {"title": shown["post"]["title"], "body": shown["post"]["body"]}
    return _form("edit", given, {}, shown)


@forum_write.post("/post/<post_id>/edit")
def update(post_id: str) -> Answer:
    """Give a post another text."""
    given = _given("title", "body")

    def save() -> Response:
        made = call(
            "learningcity_forum_post_update", id=post_id, title=given["title"], body=given["body"]
        )
        _thank(made["state"])
        return tk.redirect_to("learningcity_forum.post", post_id=post_id)

    return _answer("edit", given, _of_post(post_id), save)


@forum_write.get("/post/<post_id>/report")
def report(post_id: str) -> Answer:
    """Ask what is wrong with a post."""
    return log_in_first() or _report(post_id, {}, {})


@forum_write.post("/post/<post_id>/report")
def receive_report(post_id: str) -> Answer:
    """Tell the moderators."""
    given = {"reason": tk.request.form.get("reason", "")}
    shown = _of_post(post_id)
    try:
        call("learningcity_forum_post_report", id=post_id, **given)
    except tk.ValidationError as error:
        return _report(post_id, given, error.error_dict), 400
    tk.h.flash_success(tk._("Thank you. The moderators will look at it."))
    if shown["post"]["first"]:  # with it the topic may be out of sight
        return tk.redirect_to("learningcity_forum.space", space_id=shown["topic"]["space"])
    return tk.redirect_to("learningcity_forum.topic", ref=reference(shown["topic"]))


def _answer(kind: str, given: Shown, shown: Shown, save: Callable[[], Response]) -> Answer:
    """Save what was written, or show it: as it will look, or with what is wrong beside it."""
    try:
        if tk.request.form.get("act") != "preview":
            return save()
        html = call("learningcity_forum_preview", body=given["body"])["html"]
    except tk.ValidationError as error:
        return _form(kind, given, error.error_dict, shown), 400
    return _form(kind, given, {}, {**shown, "preview": html})


def _form(kind: str, given: Shown, errors: Any, shown: Shown) -> str:
    shown = {"kind": kind, "given": given, "errors": errors, "post": None, "topic": None, **shown}
    return tk.render("learningcity/forum/form.html", shown)


def _report(post_id: str, given: Shown, errors: Any) -> str:
    shown = {**_of_post(post_id), "given": given, "errors": errors}
    return tk.render("learningcity/forum/report.html", shown)


def _of_post(post_id: str) -> Shown:
    found = call("learningcity_forum_post_show", id=post_id)
    return {"post": found, "topic": call("learningcity_topic_show", id=found["topic"], limit=1)}


def _given(*names: str) -> Shown:
    form = tk.request.form
    return {
        **{name: form.get(name, "") for name in names},
        "subscribe": bool(form.get("subscribe")),
    }


def _quoted(post_id: str) -> str:
    if not post_id:
        return ""
    found = call("learningcity_forum_post_show", id=post_id)
    return "\n".join(f"> {line}" for line in found["body"].splitlines()) + "\n\n"


def _thank(state: str) -> None:
    if state == "waiting":
        tk.h.flash_notice(
            tk._("Thank you. A moderator reads the first posts of a new account; then all see it.")
        )
    else:
        tk.h.flash_success(tk._("Thank you. Everybody can read it now."))
