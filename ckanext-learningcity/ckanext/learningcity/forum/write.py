"""Writing topics and posts. The caller commits; who may write was checked before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from . import words
from .model import VISIBLE, WAITING, decision, post, report, space, subscription, topic, version

Row = dict[str, Any]


def new_id() -> str:
    """Return an id that tells nothing of how many there are."""
    return secrets.token_hex(6)


def add_topic(values: Mapping[str, Any], written: Mapping[str, Any]) -> tuple[str, str]:
    """Add a topic with its first post and return the ids of both.

    :param values: `space_id`, `title`, `object_kind`, `object_id`, `demonstration`
    :param written: `author_id`, `body`, `created`, `state`
    """
    topic_id = new_id()
    of_post = {name: written[name] for name in ("author_id", "created", "state")}
    row = {"id": topic_id, "active": written["created"], **of_post}
    model.Session.execute(topic.insert().values(**values, **row))
    return topic_id, _add_post(topic_id, written, first=True, title=values["title"])


def add_reply(topic_id: str, written: Mapping[str, Any]) -> str:
    """Add a reply to a topic and return its id.

    :param written: `author_id`, `body`, `created`, `state`
    """
    post_id = _add_post(topic_id, written, first=False, title="")
    refresh(topic_id)
    return post_id


def _add_post(topic_id: str, written: Mapping[str, Any], *, first: bool, title: str) -> str:
    row = {"id": new_id(), "topic_id": topic_id, "first": first, **written}
    vector = words.vector(title, written["body"])
    model.Session.execute(post.insert().values(**row, words=vector))
    return row["id"]


def edit(row: Mapping[str, Any], title: str, body: str, now: datetime, state: str) -> None:
    """Give a post another text, and keep the one that it had.

    :param row: the post, with the `title` of its topic
    :param title: of a first post; of a reply it is ignored
    """
    title = title if row["first"] else ""
    earlier = sa.select(sa.func.count()).where(version.c.post_id == row["id"])
    former = {
        "post_id": row["id"],
        "number": model.Session.execute(earlier).scalar_one() + 1,
        "title": row["title"] if row["first"] else None,
        "body": row["body"],
        "written": row["edited"] or row["created"],
        "replaced": now,
    }
    model.Session.execute(version.insert().values(former))
    changed = {"body": body, "words": words.vector(title, body), "edited": now, "state": state}
    model.Session.execute(post.update().where(post.c.id == row["id"]).values(changed))
    if row["first"]:
        own = topic.update().where(topic.c.id == row["topic_id"])
        model.Session.execute(own.values(title=title))
    refresh(row["topic_id"])


def set_state(row: Mapping[str, Any], state: str) -> None:
    """Show or hide a post, and with its first one a topic."""
    model.Session.execute(post.update().where(post.c.id == row["id"]).values(state=state))
    refresh(row["topic_id"])


def set_topic(topic_id: str, **values: Any) -> None:
    """Change `locked`, `pinned` or `space_id` of a topic."""
    model.Session.execute(topic.update().where(topic.c.id == topic_id).values(**values))


def hide_version(post_id: str, number: int, *, hidden: bool) -> bool:
    """Hide or show what stood in a post before; return whether there is such a version."""
    row = version.update().where(version.c.post_id == post_id, version.c.number == number)
    return model.Session.execute(row.values(hidden=hidden)).rowcount > 0  # pyright: ignore[reportAttributeAccessIssue]


def decide(row: Mapping[str, Any]) -> None:
    """Record what a moderator decided; reports of the post are settled by it.

    :param row: of `decision`
    """
    model.Session.execute(decision.insert().values(**row))
    if row["post_id"]:
        own = report.update().where(report.c.post_id == row["post_id"], report.c.settled.is_(None))
        model.Session.execute(own.values(settled=row["decided"]))


def put_space(space_id: str, values: Mapping[str, Any]) -> None:
    """Make a space, or change it."""
    if not _changed(space_id, values):
        model.Session.execute(space.insert().values(id=space_id, **values))


def drop_space(space_id: str) -> None:
    """Delete an empty space, and who wanted mail of it."""
    model.Session.execute(space.delete().where(space.c.id == space_id))
    wanted = subscription.delete().where(
        subscription.c.scope == "space", subscription.c.target == space_id
    )
    model.Session.execute(wanted)


def refresh(topic_id: str) -> None:
    """Bring what a topic says of its posts up to date."""
    posts = sa.select(
        sa.func.max(post.c.state).filter(post.c.first),
        sa.func.count().filter(~post.c.first, post.c.state == VISIBLE),
        sa.func.max(post.c.created).filter(sa.or_(post.c.first, post.c.state == VISIBLE)),
    ).where(post.c.topic_id == topic_id)
    state, replies, active = model.Session.execute(posts).one()
    set_topic(topic_id, state=state, replies=replies, active=active)


def state_of_new(*, waits: bool) -> str:
    """Return the state in which what is written begins."""
    return WAITING if waits else VISIBLE


def _changed(space_id: str, values: Mapping[str, Any]) -> bool:
    row = space.update().where(space.c.id == space_id).values(**values)
    return model.Session.execute(row).rowcount > 0  # pyright: ignore[reportAttributeAccessIssue]
