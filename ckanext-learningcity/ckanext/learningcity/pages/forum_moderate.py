"""Moderating the forum: the queue, decisions on posts and topics, and the spaces."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from werkzeug.wrappers import Response

from .calls import call
from .forum import PAGE_SIZE, find_space, reference

forum_moderate = Blueprint("learningcity_forum_moderate", __name__, url_prefix="/forum")

Answer = str | tuple[str, int] | Response

_SPACE_TEXTS = ("name", "about")


@forum_moderate.get("/moderation")
def queue() -> str:
    """Show what waits or is reported."""
    return _queue()


@forum_moderate.post("/post/<post_id>/<any(hide, restore):act>")
def decide(post_id: str, act: str) -> Answer:
    """Hide a post or show it, with a reason."""
    asked = {"id": post_id, "reason": tk.request.form.get("reason", "")}
    try:
        call(f"learningcity_forum_post_{act}", **asked)
    except tk.ValidationError as error:
        tk.h.flash_error(_said(error))
        return _back(post_id)
    tk.h.flash_success(tk._("Done. Your reason is in the topic's record."))
    return _back(post_id)


@forum_moderate.post("/post/<post_id>/version/<int:number>")
def version(post_id: str, number: int) -> Answer:
    """Hide a former text of a post, or show it again."""
    form = tk.request.form
    asked = {"reason": form.get("reason", ""), "hidden": form.get("hidden", "true")}
    try:
        call("learningcity_forum_version_hide", id=post_id, number=number, **asked)
    except tk.ValidationError as error:
        tk.h.flash_error(_said(error))
    return tk.redirect_to("learningcity_forum.history", post_id=post_id)


@forum_moderate.post("/topic/<topic_id>/moderate")
def topic(topic_id: str) -> Answer:
    """Lock, pin or move a topic, with a reason."""
    form = tk.request.form
    asked = {
        "locked": "locked" in form,
        "pinned": "pinned" in form,
        "space": form.get("space", ""),
        "reason": form.get("reason", ""),
    }
    try:
        found = call("learningcity_topic_moderate", id=topic_id, **asked)
    except tk.ValidationError as error:
        tk.h.flash_error(_said(error))
        found = call("learningcity_topic_show", id=topic_id, limit=1)
    else:
        tk.h.flash_success(tk._("Done. Your reason is in the topic's record."))
    return tk.redirect_to("learningcity_forum.topic", ref=reference(found))


@forum_moderate.get("/spaces/new")
def new_space() -> str:
    """Ask for a space."""
    _may()
    return _space_form(None, {}, {})


@forum_moderate.post("/spaces/new")
def create_space() -> Answer:
    """Make a space."""
    given = _given_space(tk.request.form.get("id", ""))
    try:
        call("learningcity_forum_space_create", **given)
    except tk.ValidationError as error:
        return _space_form(None, given, error.error_dict), 400
    return tk.redirect_to("learningcity_forum.space", space_id=given["id"])


@forum_moderate.get("/<space_id>/edit")
def edit_space(space_id: str) -> str:
    """Ask what a space is to be called."""
    _may()
    space = find_space(space_id)
    return _space_form(space, space, {})


@forum_moderate.post("/<space_id>/edit")
def update_space(space_id: str) -> Answer:
    """Change a space, or delete an empty one."""
    space = find_space(space_id)
    given = _given_space(space_id)
    try:
        if tk.request.form.get("act") == "delete":
            call("learningcity_forum_space_delete", id=space_id)
            return tk.redirect_to("learningcity_forum.index")
        call("learningcity_forum_space_update", **given)
    except tk.ValidationError as error:
        return _space_form(space, given, error.error_dict), 400
    return tk.redirect_to("learningcity_forum.space", space_id=space_id)


def _queue() -> str:
    number = tk.h.get_page_number(tk.request.args)
    offset = (number - 1) * PAGE_SIZE
    found = call("learningcity_forum_queue", limit=PAGE_SIZE, offset=offset)
    page = Page(
        found["results"],
        page=number,
        items_per_page=PAGE_SIZE,
        item_count=found["count"],
        presliced_list=True,
        url=tk.h.pager_url,
    )
    return tk.render("learningcity/forum/queue.html", {"page": page})


def _back(post_id: str) -> Response:
    if tk.request.form.get("from") == "queue":
        return tk.redirect_to("learningcity_forum_moderate.queue")
    return tk.redirect_to("learningcity_forum.post", post_id=post_id)


def _may() -> None:
    if not tk.h.learningcity_forum_moderator():
        tk.abort(403, tk._("Only moderators of the forum may do this."))


def _space_form(space: dict[str, Any] | None, given: dict[str, Any], errors: Any) -> str:
    shown = {"space": space, "given": given, "errors": errors}
    return tk.render("learningcity/forum/space_form.html", shown)


def _given_space(space_id: str) -> dict[str, Any]:
    form = tk.request.form
    texts = {
        name: {language: form.get(f"{name}-{language}", "") for language in ("th", "en")}
        for name in _SPACE_TEXTS
    }
    return {"id": space_id, "position": form.get("position", ""), **texts}


def _said(error: tk.ValidationError) -> str:
    return "; ".join(f"{key}: {text}" for key, text in error.error_summary.items())
