"""Mail of the forum: who wants which, and the links by which it begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.types import Context, DataDict

from ckanext.learningcity.forum import links, mailing, read, subscriptions
from ckanext.learningcity.forum.readers import reader
from ckanext.learningcity.logic import forum_common as common
from ckanext.learningcity.logic import forum_schema, forum_shown, schema

_BETWEEN_LINKS = 600  # seconds


@tk.side_effect_free
@tk.validate_action_data(schema.nothing)
def learningcity_forum_subscription_list(
    context: Context, data_dict: DataDict
) -> list[dict[str, Any]]:
    """Return what the caller gets mail of.

    :returns: `id`, `scope` (`all`, `space`, `topic`; `quiet`: no mail when mentioned), `target`
        (id), `title` (text or `{en, th}`), `slug` of a topic, `confirmed`
    """
    tk.check_access("learningcity_forum_subscription_list", context, data_dict)
    user = common.user(context)
    found = [_described(context, row, user) for row in read.subscriptions(user.id)]
    return [row for row in found if row is not None]


@tk.validate_action_data(forum_schema.subscribe)
def learningcity_forum_subscribe(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask for mail of new posts. It begins when the account's address is confirmed by a link.

    :param scope: `all`, `space`, `topic`; or `quiet` for no mail when one is mentioned
    :param target: id of the space or topic
    :returns: as in `learningcity_forum_subscription_list`
    """
    tk.check_access("learningcity_forum_subscribe", context, data_dict)
    scope, target = data_dict["scope"], data_dict.get("target") or ""
    if scope == "topic":
        common.topic(context, target)
    elif scope == "space":
        common.space(context, target, "target")
    else:
        target = ""
    user = common.user(context)
    if not user.email:
        raise tk.ValidationError({"scope": [tk._("Your account has no e-mail address.")]})
    row = subscriptions.add(user, scope, target, common.now())
    model.Session.commit()
    ask_to_confirm(row, user)
    described = _described(context, row, user)
    assert described is not None  # noqa: S101 - what it is about was found just now
    return described


@tk.validate_action_data(schema.identifier)
def learningcity_forum_unsubscribe(context: Context, data_dict: DataDict) -> None:
    """End a subscription of one's own.

    :param id: of the subscription
    """
    tk.check_access("learningcity_forum_unsubscribe", context, data_dict)
    row = subscriptions.get(data_dict["id"])
    if row is None or row["user_id"] != common.user(context).id:
        raise tk.ObjectNotFound(tk._("There is no such subscription."))
    subscriptions.remove(row["id"])
    model.Session.commit()


@tk.validate_action_data(forum_schema.token)
def learningcity_forum_confirm(context: Context, data_dict: DataDict) -> None:
    """Confirm an address, by the link that was sent to it.

    :param token: of the signed link
    """
    tk.check_access("learningcity_forum_confirm", context, data_dict)
    what = links.read(links.CONFIRM, data_dict["token"])
    if what is None or not subscriptions.confirm(*what):
        message = tk._("This link is void. Ask for a new one on the page of your subscriptions.")
        raise tk.ObjectNotFound(message)
    model.Session.commit()


@tk.validate_action_data(forum_schema.token)
def learningcity_forum_leave(context: Context, data_dict: DataDict) -> None:
    """End the kind of mail that a signed link came with; again, it changes nothing.

    :param token: of the signed link
    """
    tk.check_access("learningcity_forum_leave", context, data_dict)
    what = links.read(links.LEAVE, data_dict["token"])
    if what is None:
        raise tk.ObjectNotFound(tk._("This link is void."))
    subscription_id, user_id = what
    user = model.User.get(user_id)
    if subscription_id:
        subscriptions.remove(subscription_id)
    elif user is not None:
        subscriptions.add(user, subscriptions.QUIET, "", common.now())
    model.Session.commit()


def ask_to_confirm(row: Mapping[str, Any], user: model.User) -> None:
    """Send the confirming link, where one is needed and mail is on.

    An account gets one in ten minutes: its address may be somebody else's, and one link confirms
    all of its subscriptions.
    """
    mailed = tk.config["ckanext.learningcity.mail"] and row["scope"] != subscriptions.QUIET
    if not mailed or subscriptions.confirmed(row, user):
        return
    key = f"learningcity:forum:confirm:{user.id}:{links.address_hash(user.email or '')}"
    if connect_to_redis().set(key, 1, nx=True, ex=_BETWEEN_LINKS):
        tk.enqueue_job(mailing.ask_to_confirm, [row["id"]], title="Mail: forum_confirm")


def _described(context: Context, row: Mapping[str, Any], user: model.User) -> dict[str, Any] | None:
    """Return a subscription; None where its topic is not for the caller any more."""
    shown = {name: row[name] for name in ("id", "scope", "target")}
    shown |= {"title": "", "slug": "", "confirmed": subscriptions.confirmed(row, user)}
    if row["scope"] == "topic":
        topic = read.one_topic(reader(context), row["target"])
        if topic is None:
            return None
        return {**shown, "title": topic["title"], "slug": forum_shown.slug(topic["title"])}
    if row["scope"] == "space":
        return {**shown, "title": common.space(context, row["target"])["name"]}
    return shown
