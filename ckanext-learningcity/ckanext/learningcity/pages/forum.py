"""The forum as one reads it: its spaces, topics, and the words in them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from flask import Blueprint
from werkzeug.wrappers import Response

from .calls import call

forum = Blueprint("learningcity_forum", __name__, url_prefix="/forum")

PAGE_SIZE = 20


@forum.get("/", strict_slashes=False)
def index() -> str:
    """Show the spaces with their newest topics, or the topics asked for.

    By their words, `q`, or by what they are about, `about=city:TH-56`.
    """
    args = tk.request.args
    asked = {name: args[name].strip() for name in ("q", "about") if args.get(name, "").strip()}
    shown: dict[str, Any] = {"spaces": call("learningcity_forum_space_list"), "asked": asked}
    if asked:
        shown["page"] = topic_page(**_wanted(asked))
    if tk.h.learningcity_forum_moderator():
        shown["queued"] = call("learningcity_forum_queue", limit=1)["count"]
    return tk.render("learningcity/forum/index.html", shown)


@forum.get("/<space_id>")
def space(space_id: str) -> str:
    """Show the topics of a space, or those with the words asked for."""
    asked = tk.request.args.get("q", "").strip()
    shown = {"space": find_space(space_id), "q": asked}
    shown["page"] = topic_page(space=space_id, **({"q": asked} if asked else {}))
    return tk.render("learningcity/forum/space.html", shown)


@forum.get("/topic/<ref>")
def topic(ref: str) -> str | Response:
    """Show a topic; its id finds it, and other words after that lead to its address."""
    topic_id = ref.partition("-")[0]
    number = tk.h.get_page_number(tk.request.args)
    found = call(
        "learningcity_topic_show", id=topic_id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    if ref != reference(found):
        return tk.redirect_to("learningcity_forum.topic", ref=reference(found))
    if not found["posts"]:
        tk.abort(404, tk._("There is no such page."))
    shown = {"topic": found, "page": _page(found["posts"], found["count"], number)}
    if tk.h.learningcity_forum_moderator():
        shown["decisions"] = call("learningcity_topic_decisions", id=topic_id)
    return tk.render("learningcity/forum/topic.html", shown)


@forum.get("/post/<post_id>")
def post(post_id: str) -> Response:
    """Lead to the page of its topic on which a post stands."""
    found = call("learningcity_forum_post_show", id=post_id)
    number = found["place"] // PAGE_SIZE + 1
    shown = call("learningcity_topic_show", id=found["topic"], limit=1)
    page = {"page": number} if number > 1 else {}
    return tk.redirect_to(
        "learningcity_forum.topic", ref=reference(shown), **page, _anchor=f"post-{post_id}"
    )


@forum.get("/post/<post_id>/history")
def history(post_id: str) -> str:
    """Show what stood in a post before it was edited."""
    found = call("learningcity_forum_post_show", id=post_id)
    shown = {
        "post": found,
        "topic": call("learningcity_topic_show", id=found["topic"], limit=1),
        "versions": call("learningcity_forum_post_history", id=post_id),
    }
    return tk.render("learningcity/forum/history.html", shown)


def reference(found: dict[str, Any]) -> str:
    """Return what stands in the address of a topic."""
    return f"{found['id']}-{found['slug']}"


def find_space(space_id: str) -> dict[str, Any]:
    """Return a space; answers 404 where there is none."""
    spaces = {row["id"]: row for row in call("learningcity_forum_space_list")}
    return spaces.get(space_id) or tk.abort(404, tk._("There is no such page."))


def topic_page(**asked: Any) -> Page:
    """Return the page of topics that the request asks for; answers 400 to a wrong filter."""
    number = tk.h.get_page_number(tk.request.args)
    offset = (number - 1) * PAGE_SIZE
    try:
        found = call("learningcity_topic_list", **asked, limit=PAGE_SIZE, offset=offset)
    except tk.ValidationError as error:
        text = "; ".join(f"{key}: {text}" for key, text in error.error_summary.items())
        return tk.abort(400, text)
    return _page(found["results"], found["count"], number)


def _wanted(asked: dict[str, str]) -> dict[str, str]:
    wanted = {"q": asked["q"]} if "q" in asked else {}
    if "about" in asked:
        kind, _, id_ = asked["about"].partition(":")
        wanted |= {"object_kind": kind, "object_id": id_}
    return wanted


def _page(items: list[dict[str, Any]], count: int, number: int) -> Page:
    return Page(
        items,
        page=number,
        items_per_page=PAGE_SIZE,
        item_count=count,
        presliced_list=True,
        url=tk.h.pager_url,
    )
