"""Writing in the forum: topics, replies, edits and reports."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.forum import mailing, objects, reports, subscriptions, text, write
from ckanext.learningcity.forum.model import HIDDEN, VISIBLE
from ckanext.learningcity.logic import forum_common as common
from ckanext.learningcity.logic import forum_schema

from .subscribing import ask_to_confirm


@tk.validate_action_data(forum_schema.topic_create)
def learningcity_topic_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a topic. The first posts of a new account wait for a moderator.

    :param space: id of the space
    :param title: one line
    :param body: Markdown
    :param object_kind: `city`, `indicator` or `dataset`: what it is about, with `object_id`
    :param object_id: code, or name or id of a public dataset of any type
    :param subscribe: true for mail of the replies
    :param demonstration: true for what is made up to show the portal; for moderators
    :returns: as `learningcity_topic_show`; `state` says whether it waits
    """
    tk.check_access("learningcity_topic_create", context, data_dict)
    space = common.space(context, data_dict["space"])
    kind, object_id = _about(data_dict)
    moment = common.now()
    state, user = common.begin(context, moment), common.user(context)
    values = {
        "space_id": space["id"],
        "title": data_dict["title"],
        "object_kind": kind,
        "object_id": object_id,
        "demonstration": data_dict["demonstration"],
    }
    written = _written(user, data_dict, state) | {"created": moment}
    topic_id, post_id = write.add_topic(values, written)
    _finish(user, topic_id, data_dict)
    _announce(post_id, state)
    return tk.get_action("learningcity_topic_show")(Context(context), {"id": topic_id})


@tk.validate_action_data(forum_schema.reply_create)
def learningcity_reply_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Reply to a topic.

    :param topic: id of the topic
    :param body: Markdown
    :param subscribe: true for mail of further replies
    :returns: as `learningcity_forum_post_show`; `state` says whether it waits
    """
    tk.check_access("learningcity_reply_create", context, data_dict)
    row = common.topic(context, data_dict["topic"])
    moment = common.now()
    state, user = common.begin(context, moment), common.user(context)
    post_id = write.add_reply(row["id"], _written(user, data_dict, state) | {"created": moment})
    _finish(user, row["id"], data_dict)
    _announce(post_id, state)
    return _shown(context, post_id)


@tk.validate_action_data(forum_schema.post_update)
def learningcity_forum_post_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Edit one's own post. What stood there before stays in its history.

    :param id: of the post
    :param title: of the topic, for a first post; as it is where it is left out
    :param body: Markdown
    :returns: as `learningcity_forum_post_show`; what an account edits that posts cannot be shown
        at once of, waits again
    """
    tk.check_access("learningcity_forum_post_update", context, data_dict)
    row = common.post(context, data_dict["id"])
    title = data_dict.get("title") or row["title"]
    if title == row["title"] and data_dict["body"] == row["body"]:
        return _shown(context, row["id"])
    moment = common.now()
    state = common.begin(context, moment)
    if row["state"] == HIDDEN:
        state = HIDDEN
    write.edit(row, title, data_dict["body"], moment, state)
    model.Session.commit()
    _announce(row["id"], state)
    return _shown(context, row["id"])


@tk.validate_action_data(forum_schema.reasoned)
def learningcity_forum_post_report(context: Context, data_dict: DataDict) -> None:
    """Report a post to the moderators; an account does so once.

    Until a moderator decides, the post is hidden from all others: see `forum/reports.py`.

    :param id: of the post
    :param reason: what is wrong with it
    """
    tk.check_access("learningcity_forum_post_report", context, data_dict)
    row, user, moment = common.post(context, data_dict["id"]), common.user(context), common.now()
    common.limit(user.id, moment)
    if not reports.add(row["id"], user.id, data_dict["reason"], moment):
        model.Session.rollback()
        message = tk._("You have reported this post already. The moderators know of it.")
        raise tk.ValidationError({"reason": [message]})
    if reports.hide(row):
        write.set_state(row, HIDDEN)
    model.Session.commit()


@tk.side_effect_free
@tk.validate_action_data(forum_schema.preview)
def learningcity_forum_preview(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Return what a post will look like; nothing is kept.

    :param body: Markdown
    :returns: `html`
    """
    tk.check_access("learningcity_forum_preview", context, data_dict)
    return {"html": str(text.html(data_dict["body"]))}


def _about(data_dict: DataDict) -> tuple[str | None, str | None]:
    """Return kind and id of what a topic is about.

    :raises ValidationError: there is no such thing, or not everybody may see it
    """
    kind, reference = data_dict.get("object_kind"), data_dict.get("object_id")
    if kind is None and reference is None:
        return None, None
    if kind is None:
        raise tk.ValidationError({"object_kind": [tk._("Missing value")]})
    found = objects.find(kind, reference or "")
    if found is None:
        message = tk._("There is no “{found}” that everybody may see.")
        raise tk.ValidationError({"object_id": [message.format(found=reference or "")]})
    return kind, found


def _written(user: model.User, data_dict: DataDict, state: str) -> dict[str, Any]:
    return {"author_id": user.id, "body": data_dict["body"], "state": state}


def _finish(user: model.User, topic_id: str, data_dict: DataDict) -> None:
    """Subscribe the author if that is wanted, and commit."""
    row = None
    if data_dict["subscribe"]:
        row = subscriptions.add(user, "topic", topic_id, common.now())
    model.Session.commit()
    if row:
        ask_to_confirm(row, user)


def _announce(post_id: str, state: str) -> None:
    if state == VISIBLE:
        mailing.announce(post_id)


def _shown(context: Context, post_id: str) -> dict[str, Any]:
    return tk.get_action("learningcity_forum_post_show")(Context(context), {"id": post_id})
