"""The authorization table: every action, every role, every state, as one loop."""

from __future__ import annotations

import itertools

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.learningcity.forum import model as tables
from ckanext.learningcity.forum import subscriptions
from ckanext.learningcity.logic.action import forum as reading
from ckanext.learningcity.logic.action import moderation, subscribing, topics
from ckanext.learningcity.logic.gather import functions

YES, NO, NONE = "may", "may not", "not found"

ROLES = {
    "anonymous": "",
    "new account": "newcomer",
    "member": "member",
    "author": "author",
    "moderator": "curator",
    "administrator": "administrator",
}
STATES = ("visible", "waiting", "hidden", "locked")
ACCOUNTS = {"new account", "member", "author"}
MODERATORS = {"moderator", "administrator"}


def sees(role: str, state: str) -> bool:
    if state in ("visible", "locked") or role in MODERATORS:
        return True
    return state == "waiting" and role == "author"


def everybody(role: str, state: str) -> str:
    return YES


def who_sees(role: str, state: str) -> str:
    return YES if sees(role, state) else NONE


def with_account(role: str, state: str) -> str:
    return NO if role == "anonymous" else YES


def with_account_who_sees(role: str, state: str) -> str:
    return NO if role == "anonymous" else who_sees(role, state)


def may_reply(role: str, state: str) -> str:
    if role == "anonymous":
        return NO
    if role in MODERATORS:
        return YES
    return NONE if not sees(role, state) else YES if state == "visible" else NO


def may_edit(role: str, state: str) -> str:
    if role == "anonymous":
        return NO
    if not sees(role, state):
        return NONE
    return YES if role == "author" and state != "locked" else NO


def may_report(role: str, state: str) -> str:
    if role == "anonymous":
        return NO
    if not sees(role, state):
        return NONE
    return YES if role != "author" and state in ("visible", "locked") else NO


def moderators(role: str, state: str) -> str:
    return YES if role in MODERATORS else NO


def moderators_of_it(role: str, state: str) -> str:
    if role in MODERATORS:
        return YES
    return NONE if role != "anonymous" and not sees(role, state) else NO


#: Action, its parameters (`TOPIC` and `POST` stand for the ids), and who may.
TABLE = {
    "learningcity_forum_space_list": ({}, everybody),
    "learningcity_topic_list": ({}, everybody),
    "learningcity_forum_post_list": ({}, everybody),
    "learningcity_topic_show": ({"id": "TOPIC"}, who_sees),
    "learningcity_forum_post_show": ({"id": "POST"}, who_sees),
    "learningcity_forum_post_history": ({"id": "POST"}, who_sees),
    "learningcity_topic_create": ({"space": "questions", "title": "x", "body": "x"}, with_account),
    "learningcity_forum_preview": ({"body": "x"}, with_account),
    "learningcity_reply_create": ({"topic": "TOPIC", "body": "x"}, may_reply),
    "learningcity_forum_post_update": ({"id": "POST", "body": "x"}, may_edit),
    "learningcity_forum_post_report": ({"id": "POST", "reason": "x"}, may_report),
    "learningcity_forum_subscription_list": ({}, with_account),
    "learningcity_forum_subscribe": ({"scope": "topic", "target": "TOPIC"}, with_account_who_sees),
    "learningcity_forum_unsubscribe": ({"id": "SUBSCRIPTION"}, None),
    "learningcity_forum_confirm": ({"token": "x"}, None),
    "learningcity_forum_leave": ({"token": "x"}, None),
    "learningcity_forum_queue": ({}, moderators),
    "learningcity_forum_space_create": (
        {"id": "third", "name": {"en": "x", "th": "x"}, "about": {"en": "x", "th": "x"}},
        moderators,
    ),
    "learningcity_forum_space_update": (
        {"id": "practice", "name": {"en": "x", "th": "x"}, "about": {"en": "x", "th": "x"}},
        moderators,
    ),
    "learningcity_forum_space_delete": ({"id": "practice"}, moderators),
    "learningcity_topic_moderate": (
        {"id": "TOPIC", "pinned": True, "reason": "x"},
        moderators_of_it,
    ),
    "learningcity_topic_decisions": ({"id": "TOPIC"}, moderators_of_it),
    "learningcity_forum_post_hide": ({"id": "POST", "reason": "x"}, moderators_of_it),
    "learningcity_forum_post_restore": ({"id": "POST", "reason": "x"}, moderators_of_it),
    "learningcity_forum_version_hide": (
        {"id": "POST", "number": 1, "reason": "x"},
        moderators_of_it,
    ),
}


def put(state: str, topic_id: str, post_id: str) -> None:
    """Bring the topic to a state, whatever was done to it."""
    shown = "visible" if state == "locked" else state
    model.Session.execute(
        tables.post.update().where(tables.post.c.id == post_id).values(state=shown)
    )
    row = tables.topic.update().where(tables.topic.c.id == topic_id)
    model.Session.execute(row.values(state=shown, locked=state == "locked", pinned=False))
    model.Session.execute(tables.report.delete())
    model.Session.execute(tables.space.delete().where(tables.space.c.id == "third"))
    there = sa.select(tables.space).where(tables.space.c.id == "practice")
    if model.Session.execute(there).first() is None:
        texts = {"en": "x", "th": "x"}
        row = tables.space.insert().values(id="practice", name=texts, about=texts, position=1)
        model.Session.execute(row)
    model.Session.commit()


def outcome(forum, user: str, action: str, parameters: dict) -> str:
    try:
        forum.act(user, action, **parameters)
    except tk.NotAuthorized:
        return NO
    except tk.ObjectNotFound:
        return NONE
    finally:
        model.Session.rollback()
    return YES


def test_every_action_for_every_role_in_every_state(forum):
    topic = forum.topic()
    post = forum.first(topic)
    forum.act("author", "learningcity_forum_post_update", id=post, body="Another text")
    ids = {"TOPIC": topic["id"], "POST": post}
    wrong = []
    for action, (given, expected) in TABLE.items():
        if expected is None:
            continue
        parameters = {name: ids.get(str(value), value) for name, value in given.items()}
        for (role, user), state in itertools.product(ROLES.items(), STATES):
            put(state, topic["id"], post)
            found = outcome(forum, user, action, parameters)
            if found != expected(role, state):
                wrong.append((action, role, state, found, expected(role, state)))
    assert not wrong


def test_the_table_has_every_action_of_the_forum():
    assert set(TABLE) == set(functions(reading, topics, moderation, subscribing)) - {
        "ask_to_confirm"
    }


def test_nobody_ends_the_mail_of_somebody_else_or_forges_a_link(forum):
    forum.act("member", "learningcity_forum_subscribe", scope="all")
    (row,) = forum.act("member", "learningcity_forum_subscription_list")
    for user in ("author", "curator", "administrator"):
        with pytest.raises(tk.ObjectNotFound):
            forum.act(user, "learningcity_forum_unsubscribe", id=row["id"])
    for action in ("learningcity_forum_confirm", "learningcity_forum_leave"):
        with pytest.raises(tk.ObjectNotFound):
            forum.act("", action, token="forged")
    assert subscriptions.get(row["id"])
    forum.act("member", "learningcity_forum_unsubscribe", id=row["id"])
    assert forum.act("member", "learningcity_forum_subscription_list") == []
