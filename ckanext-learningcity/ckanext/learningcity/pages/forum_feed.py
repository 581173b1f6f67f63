"""The forum's Atom feeds: what everybody may see, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from feedgen.feed import FeedGenerator
from flask import Blueprint
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from .calls import call

forum_feed = Blueprint("learningcity_forum_feed", __name__, url_prefix="/forum")

_NEWEST = 30


@forum_feed.get("/feed.atom")
def everything() -> Response:
    """Return the newest posts of the forum."""
    return _feed(tk._("Forum"), tk.url_for("learningcity_forum.index", qualified=True))


@forum_feed.get("/<space_id>/feed.atom")
def space(space_id: str) -> Response:
    """Return the newest posts of a space."""
    spaces = {row["id"]: row for row in call("learningcity_forum_space_list")}
    if space_id not in spaces:
        return tk.abort(404, tk._("There is no such page."))
    address = tk.url_for("learningcity_forum.space", space_id=space_id, qualified=True)
    title = f"{tk._('Forum')}: {tk.h.learningcity_text(spaces[space_id]['name'])}"
    return _feed(title, address, space=space_id)


@forum_feed.get("/topic/<topic_id>/feed.atom")
def topic(topic_id: str) -> Response:
    """Return the newest posts of a topic."""
    asked = Context(user="")
    try:
        found = tk.get_action("learningcity_topic_show")(asked, {"id": topic_id, "limit": 1})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such topic."))
    ref = f"{found['id']}-{found['slug']}"
    address = tk.url_for("learningcity_forum.topic", ref=ref, qualified=True)
    return _feed(found["title"], address, topic=topic_id)


def _feed(title: str, address: str, **wanted: str) -> Response:
    posts = tk.get_action("learningcity_forum_post_list")(
        {"user": ""}, {**wanted, "limit": _NEWEST}
    )
    feed = FeedGenerator()
    feed.id(address)
    feed.title(title)
    feed.language(tk.h.lang())
    feed.link(href=address, rel="alternate")
    feed.link(href=tk.url_for(tk.request.path, qualified=True), rel="self")
    feed.updated(max((post["edited"] or post["created"] for post in posts), default=_NEVER))
    for post in posts:
        _add(feed, post)
    response = FlaskResponse(feed.atom_str(pretty=True), content_type=_TYPE)
    response.add_etag()
    return response.make_conditional(tk.request.environ)


_TYPE = "application/atom+xml; charset=utf-8"
_NEVER = "1970-01-01T00:00:00+00:00"


def _add(feed: FeedGenerator, post: Mapping[str, Any]) -> None:
    address = tk.url_for(
        "learningcity_forum.post", post_id=post["id"], locale="default", qualified=True
    )
    entry = feed.add_entry(order="append")
    entry.id(address)
    entry.title(post["title"] if post["first"] else tk._("Re: {title}").format(title=post["title"]))
    entry.link(href=address)
    author = post["author"]
    entry.author(name=author["display_name"] if author else tk._("deleted account"))
    entry.published(post["created"])
    entry.updated(post["edited"] or post["created"])
    entry.content(post["html"], type="html")
