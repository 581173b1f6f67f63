"""A forum with two spaces, its moderator, its members and a new account."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.tests import factories
from content.conftest import made
from content.people import People

from ckanext.learningcity.forum import model as tables

#: The accounts beside those of the cities: `member` has written before, `newcomer` never.
ACCOUNTS = ("author", "member", "newcomer")

TABLES = ("mail", "subscription", "decision", "report", "version", "post", "topic", "space")


class Forum(People):
    """What people do in the forum; every step through its action, with authorization."""

    def topic(self, user: str = "author", **fields: Any) -> dict[str, Any]:
        given = {"space": "questions", "title": "A question", "body": "How is it done?", **fields}
        return self.act(user, "learningcity_topic_create", **given)

    def reply(self, topic: dict[str, Any], user: str = "member", **fields: Any) -> dict[str, Any]:
        given = {"topic": topic["id"], "body": "Like this.", **fields}
        return self.act(user, "learningcity_reply_create", **given)

    def first(self, topic: dict[str, Any]) -> str:
        """The id of a topic's first post."""
        return topic["posts"][0]["id"]

    def hide(self, post_id: str) -> dict[str, Any]:
        return self.act("curator", "learningcity_forum_post_hide", id=post_id, reason="Spam")

    def show(self, post_id: str) -> dict[str, Any]:
        return self.act("curator", "learningcity_forum_post_restore", id=post_id, reason="Fine")


@pytest.fixture
def forum(reset_db, with_plugins, reset_index, reset_redis, ckan_config, monkeypatch) -> Forum:
    """The people stay from test to test; what was written goes.

    Nobody's posts wait here and nobody is too quick, but where a test says so.
    """
    for name, value in (("first_posts", 0), ("posts_minute", 1000), ("posts_hour", 5000)):
        monkeypatch.setitem(ckan_config, f"ckanext.learningcity.forum.{name}", value)
    if model.Group.get("forum-tests") is None:
        reset_db()
        reset_redis()
        reset_index()
        made()
        for name in ACCOUNTS:
            factories.User(name=name, fullname=name.title(), email=f"{name}@example.org")
        factories.Sysadmin(name="administrator")
        model.Session.add(model.Group(name="forum-tests", title="Marks this module's portal"))
        model.Session.commit()
    for name in TABLES:
        model.Session.execute(getattr(tables, name).delete())
    model.Session.commit()
    found = Forum()
    for position, space in enumerate(("questions", "practice")):
        found.act(
            "curator",
            "learningcity_forum_space_create",
            id=space,
            name={"en": space.title(), "th": "พื้นที่"},
            about={"en": "What it is for", "th": "มีไว้ทำอะไร"},
            position=position,
        )
    return found
