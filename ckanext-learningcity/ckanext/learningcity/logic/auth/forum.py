"""Who may do what in the forum.

What somebody may not see is not found, whoever asks; `forum/readers.py` says what that is.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.forum.model import VISIBLE
from ckanext.learningcity.forum.readers import reader
from ckanext.learningcity.logic import forum_common as common

from .common import anyone

_YES: AuthResult = {"success": True}


@tk.auth_allow_anonymous_access
def learningcity_topic_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees it."""
    common.topic(context, data_dict["id"])
    return _YES


@tk.auth_allow_anonymous_access
def learningcity_forum_post_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees it."""
    common.post(context, data_dict["id"])
    return _YES


@tk.auth_allow_anonymous_access
def learningcity_forum_post_history(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever sees the post."""
    return learningcity_forum_post_show(context, data_dict)


def learningcity_topic_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account; moderators alone mark something as demonstration."""
    if data_dict.get("demonstration"):
        return _moderator(context)
    return _YES


def learningcity_forum_preview(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account."""
    return _YES


def learningcity_reply_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account and sees the topic, unless it waits or is locked."""
    row = common.topic(context, data_dict["topic"])
    if reader(context).moderator:
        return _YES
    if row["locked"]:
        return {"success": False, "msg": tk._("This topic is locked.")}
    if row["state"] != VISIBLE:
        return {"success": False, "msg": tk._("This topic waits for a moderator.")}
    return _YES


@tk.auth_sysadmins_check
def learningcity_forum_post_update(context: Context, data_dict: DataDict) -> AuthResult:
    """The author, unless the topic is locked. Nobody changes the words of somebody else."""
    row, who = common.post(context, data_dict["id"]), reader(context)
    if row["author_id"] != who.user_id:
        return {"success": False, "msg": tk._("Only the author may edit this.")}
    if row["locked"] and not who.moderator:
        return {"success": False, "msg": tk._("This topic is locked.")}
    return _YES


@tk.auth_sysadmins_check
def learningcity_forum_post_report(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account and sees the post, which is not their own."""
    row = common.post(context, data_dict["id"])
    if row["author_id"] == reader(context).user_id:
        return {"success": False, "msg": tk._("This is your own post.")}
    if row["state"] != VISIBLE:
        return {"success": False, "msg": tk._("Nobody but moderators sees this.")}
    return _YES


def learningcity_forum_queue(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators: the network's secretariat and the portal's administrators."""
    return _moderator(context)


def learningcity_forum_space_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    return _moderator(context)


def learningcity_forum_space_update(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    return _moderator(context)


def learningcity_forum_space_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    return _moderator(context)


def learningcity_topic_moderate(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    common.topic(context, data_dict["id"])
    return _moderator(context)


def learningcity_topic_decisions(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    return learningcity_topic_moderate(context, data_dict)


def learningcity_forum_post_hide(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    common.post(context, data_dict["id"])
    return _moderator(context)


def learningcity_forum_post_restore(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    return learningcity_forum_post_hide(context, data_dict)


def learningcity_forum_version_hide(context: Context, data_dict: DataDict) -> AuthResult:
    """The moderators."""
    return learningcity_forum_post_hide(context, data_dict)


def learningcity_forum_subscription_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account; it is about their own."""
    return _YES


def learningcity_forum_subscribe(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account and sees what it is about."""
    return _YES


def learningcity_forum_unsubscribe(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has an account; the action finds their own subscriptions only."""
    return _YES


@tk.auth_allow_anonymous_access
def learningcity_forum_confirm(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has the signed link: nobody else can make one."""
    return anyone(context, data_dict)


@tk.auth_allow_anonymous_access
def learningcity_forum_leave(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever has the signed link."""
    return anyone(context, data_dict)


def _moderator(context: Context) -> AuthResult:
    if reader(context).moderator:
        return _YES
    return {"success": False, "msg": tk._("Only moderators of the forum may do this.")}
