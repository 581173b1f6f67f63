"""Moderating the forum: what waits or is reported, and what the moderators decide."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.forum import mailing, read, write
from ckanext.learningcity.forum.model import HIDDEN, VISIBLE, WAITING
from ckanext.learningcity.logic import forum_common as common
from ckanext.learningcity.logic import forum_schema, forum_shown, schema


@tk.side_effect_free
@tk.validate_action_data(forum_schema.queue)
def learningcity_forum_queue(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the posts that wait for a moderator or are reported, the oldest first.

    :param limit: 20 unless set, 100 at most
    :param offset: 0 unless set
    :returns: `count`, and `results`: as `learningcity_forum_post_show`, with `reports`: `reason`,
        `created` and `by` (as `author`)
    """
    tk.check_access("learningcity_forum_queue", context, data_dict)
    count, rows = read.queue(data_dict["limit"], data_dict["offset"])
    reports = read.reports(row["id"] for row in rows)
    accounts = read.authors(row["user_id"] for row in reports)
    found = forum_shown.posts(rows)
    for entry in found:
        entry["reports"] = [
            {
                "reason": row["reason"],
                "created": row["created"].isoformat(),
                "by": accounts.get(row["user_id"]),
            }
            for row in reports
            if row["post_id"] == entry["id"]
        ]
    return {"count": count, "results": found}


@tk.validate_action_data(forum_schema.reasoned)
def learningcity_forum_post_hide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hide a post from all but moderators; with its first post a topic is hidden.

    :param id: of the post
    :param reason: why
    :returns: as `learningcity_forum_post_show`
    """
    tk.check_access("learningcity_forum_post_hide", context, data_dict)
    return _set_state(context, data_dict, HIDDEN)


@tk.validate_action_data(forum_schema.reasoned)
def learningcity_forum_post_restore(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a post that is hidden or waits; of one that is reported, settle the reports.

    :param id: of the post
    :param reason: why
    :returns: as `learningcity_forum_post_show`
    """
    tk.check_access("learningcity_forum_post_restore", context, data_dict)
    return _set_state(context, data_dict, VISIBLE)


@tk.validate_action_data(forum_schema.version_hide)
def learningcity_forum_version_hide(context: Context, data_dict: DataDict) -> None:
    """Hide what stood in a post before it was edited, or show it again.

    :param id: of the post
    :param number: of the version
    :param hidden: false to show it again
    :param reason: why
    """
    tk.check_access("learningcity_forum_version_hide", context, data_dict)
    row = common.post(context, data_dict["id"])
    if not write.hide_version(row["id"], data_dict["number"], hidden=data_dict["hidden"]):
        raise tk.ObjectNotFound(tk._("There is no such version."))
    kind = "version_hidden" if data_dict["hidden"] else "version_shown"
    _decide(context, kind, data_dict["reason"], row["topic_id"])
    model.Session.commit()


@tk.validate_action_data(forum_schema.topic_moderate)
def learningcity_topic_moderate(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Lock, pin or move a topic. Parameters that are left out stay as they are.

    :param id: of the topic
    :param locked: true to let nobody reply or edit
    :param pinned: true to keep it above the others of its space
    :param space: id of the space that it moves to
    :param reason: why
    :returns: as `learningcity_topic_show`
    """
    tk.check_access("learningcity_topic_moderate", context, data_dict)
    row = common.topic(context, data_dict["id"])
    wanted = {name: data_dict[name] for name in ("locked", "pinned") if name in data_dict}
    if data_dict.get("space"):
        wanted["space_id"] = common.space(context, data_dict["space"])["id"]
    changed = {name: value for name, value in wanted.items() if row[name] != value}
    if changed:
        write.set_topic(row["id"], **changed)
    for name, value in changed.items():
        _decide(context, _KINDS[name, value is not False], data_dict["reason"], row["id"])
    model.Session.commit()
    return tk.get_action("learningcity_topic_show")(Context(context), {"id": row["id"]})


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_topic_decisions(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return what moderators decided about a topic and its posts, the latest first.

    :param id: of the topic
    :returns: `kind`, `reason`, `decided`, `post` (id) and `by` (as `author`)
    """
    tk.check_access("learningcity_topic_decisions", context, data_dict)
    rows = read.decisions(common.topic(context, data_dict["id"])["id"])
    accounts = read.authors(row["user_id"] for row in rows)
    return [
        {
            "kind": row["kind"],
            "reason": row["reason"],
            "decided": row["decided"].isoformat(),
            "post": row["post_id"],
            "by": accounts.get(row["user_id"]),
        }
        for row in rows
    ]


_KINDS = {
    ("locked", True): "locked",
    ("locked", False): "unlocked",
    ("pinned", True): "pinned",
    ("pinned", False): "unpinned",
    ("space_id", True): "moved",
}


def _set_state(context: Context, data_dict: DataDict, state: str) -> dict[str, Any]:
    row = common.post(context, data_dict["id"])
    kind = "hidden" if state == HIDDEN else _SHOWN[row["state"]]
    write.set_state(row, state)
    _decide(context, kind, data_dict["reason"], row["topic_id"], row["id"])
    model.Session.commit()
    if state == VISIBLE and row["state"] == WAITING:
        mailing.announce(row["id"])
    return tk.get_action("learningcity_forum_post_show")(Context(context), {"id": row["id"]})


_SHOWN = {WAITING: "approved", HIDDEN: "restored", VISIBLE: "dismissed"}


def _decide(
    context: Context, kind: str, reason: str, topic_id: str, post_id: str | None = None
) -> None:
    row = {"topic_id": topic_id, "post_id": post_id, "kind": kind, "reason": reason}
    write.decide({**row, "user_id": common.user(context).id, "decided": common.now()})
