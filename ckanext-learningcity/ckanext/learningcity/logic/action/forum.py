"""The forum's spaces and topics as one reads them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.learningcity.forum import read, text, write
from ckanext.learningcity.forum.readers import reader
from ckanext.learningcity.logic import forum_common as common
from ckanext.learningcity.logic import forum_schema, forum_shown, schema

_NEWEST = 3


@tk.side_effect_free
@tk.validate_action_data(schema.nothing)
def learningcity_forum_space_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the spaces of the forum.

    :returns: each with `id`, `name` and `about` (`{en, th}`), `position`, `topics` (how many), and
        `newest`, a few topics as of `learningcity_topic_list`
    """
    tk.check_access("learningcity_forum_space_list", context, data_dict)
    who = reader(context)
    found = read.spaces(who)
    for row in found:
        _, newest = read.topics(who, {"space": row["id"]}, _NEWEST, 0)
        row["newest"] = forum_shown.topics(context, newest)
    return found


@tk.validate_action_data(forum_schema.space_put)
def learningcity_forum_space_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make a space. Only the secretariat may.

    :param id: of its address: small letters, digits and hyphens
    :param name: `{"en": …, "th": …}`
    :param about: what it is for, `{"en": …, "th": …}`
    :param position: spaces stand in this order
    :returns: the space
    """
    tk.check_access("learningcity_forum_space_create", context, data_dict)
    if data_dict["id"] in {row["id"] for row in read.spaces(reader(context))}:
        raise tk.ValidationError({"id": [tk._("There is a space with this address already.")]})
    return _put(context, data_dict)


@tk.validate_action_data(forum_schema.space_put)
def learningcity_forum_space_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change a space.

    :param id: of the space; the other parameters are as of `learningcity_forum_space_create`
    :returns: the space
    """
    tk.check_access("learningcity_forum_space_update", context, data_dict)
    common.space(context, data_dict["id"], "id")
    return _put(context, data_dict)


@tk.validate_action_data(schema.identifier)
def learningcity_forum_space_delete(context: Context, data_dict: DataDict) -> None:
    """Delete a space without topics; move its topics first.

    :param id: of the space
    """
    tk.check_access("learningcity_forum_space_delete", context, data_dict)
    row = common.space(context, data_dict["id"], "id")
    if not read.is_empty(row["id"]):
        raise tk.ValidationError({"id": [tk._("Move its topics to another space first.")]})
    write.drop_space(row["id"])
    model.Session.commit()


@tk.side_effect_free
@tk.validate_action_data(forum_schema.topic_list)
def learningcity_topic_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return topics: with words the best matches first, else the latest, pinned ones before.

    :param space: id of a space
    :param object_kind: `city`, `indicator` or `dataset`, with `object_id`
    :param object_id: code, or name or id of a dataset of any type
    :param q: words in titles and posts
    :param limit: 20 unless set, 100 at most
    :param offset: 0 unless set
    :returns: `count`, and `results`: `id`, `slug`, `title`, `space`, `author` (`name`,
        `display_name`; null where the account was deleted), `created`, `active`, `replies`,
        `state`, `locked`, `pinned`, `demonstration`, `object` (`kind`, `id`, `type`, `title`)
    """
    tk.check_access("learningcity_topic_list", context, data_dict)
    wanted = {name: data_dict.get(name) for name in ("space", "q", "object_kind")}
    if wanted["space"]:
        common.space(context, data_dict["space"])
    if wanted["object_kind"]:
        wanted["object_id"] = _object(data_dict)
    limit, offset = data_dict["limit"], data_dict["offset"]
    count, rows = read.topics(reader(context), wanted, limit, offset)
    return {"count": count, "results": forum_shown.topics(context, rows)}


@tk.side_effect_free
@tk.validate_action_data(forum_schema.topic_show)
def learningcity_topic_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a topic with a page of its posts, the first one first.

    :param id: of the topic
    :param limit: 20 unless set, 100 at most
    :param offset: 0 unless set
    :returns: as of `learningcity_topic_list`, and `count` and `posts`: `id`, `first`, `author`,
        `created`, `edited`, `edits` (how often), `state`, `body` (Markdown) and `html`
    """
    tk.check_access("learningcity_topic_show", context, data_dict)
    row = common.topic(context, data_dict["id"])
    limit, offset = data_dict["limit"], data_dict["offset"]
    count, rows = read.posts(reader(context), row["id"], limit, offset)
    return {
        **forum_shown.topics(context, [row])[0],
        "count": count,
        "posts": forum_shown.posts(rows),
    }


@tk.side_effect_free
@tk.validate_action_data(forum_schema.post_list)
def learningcity_forum_post_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the newest posts, of the whole forum, a space or a topic.

    :param space: id of a space
    :param topic: id of a topic
    :param limit: 20 unless set, 100 at most
    :returns: as in `learningcity_topic_show`, with the `title` of the topic
    """
    tk.check_access("learningcity_forum_post_list", context, data_dict)
    space, topic = data_dict.get("space"), data_dict.get("topic")
    return forum_shown.posts(read.newest(reader(context), data_dict["limit"], space, topic))


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_forum_post_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a post with the `title` of its topic, and `place`: how many posts stand before it.

    :param id: of the post
    :returns: as in `learningcity_topic_show`
    """
    tk.check_access("learningcity_forum_post_show", context, data_dict)
    row = common.post(context, data_dict["id"])
    return {**forum_shown.posts([row])[0], "place": read.place(reader(context), row)}


@tk.side_effect_free
@tk.validate_action_data(schema.identifier)
def learningcity_forum_post_history(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return what stood in a post before it was edited, the latest first.

    :param id: of the post
    :returns: `number`, `title` (of a first post), `body`, `html`, `written`, `replaced`, `hidden`;
        of a hidden one moderators alone get the text
    """
    tk.check_access("learningcity_forum_post_history", context, data_dict)
    row = common.post(context, data_dict["id"])
    return [_version(entry, reader(context).moderator) for entry in read.versions(row["id"])]


def _put(context: Context, data_dict: DataDict) -> dict[str, Any]:
    values = {name: data_dict[name] for name in ("name", "about", "position")}
    write.put_space(data_dict["id"], values)
    model.Session.commit()
    return common.space(context, data_dict["id"])


def _object(data_dict: DataDict) -> str:
    """Return the id of what topics are to be about; of what one may not see there are none."""
    kind, reference = data_dict["object_kind"], data_dict.get("object_id") or ""
    if kind != "dataset":
        return reference
    package = model.Package.get(reference)
    return package.id if package else reference


def _version(row: dict[str, Any], moderator: bool) -> dict[str, Any]:
    moments = {name: row[name].isoformat() for name in ("written", "replaced")}
    shown = {"number": row["number"], "hidden": row["hidden"], **moments}
    if row["hidden"] and not moderator:
        return {**shown, "title": None, "body": None, "html": None}
    html = str(text.html(row["body"]))
    return {**shown, "title": row["title"], "body": row["body"], "html": html}
