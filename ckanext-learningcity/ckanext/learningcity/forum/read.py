"""Reading the forum: every query takes the reader, and gives what that reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from . import words
from .model import WAITING, decision, post, report, space, subscription, topic, version
from .readers import Reader

Row = dict[str, Any]

_POST = [column for column in post.c if column.name not in ("words", "announced")]


def spaces(reader: Reader) -> list[Row]:
    """Return the spaces in their order, each with `topics`, how many the reader sees there."""
    counted = (
        sa.select(sa.func.count())
        .where(topic.c.space_id == space.c.id, reader.topics())
        .scalar_subquery()
    )
    rows = sa.select(space, counted.label("topics")).order_by(space.c.position, space.c.id)
    return _rows(rows)


def is_empty(space_id: str) -> bool:
    """Return whether a space has no topic in any state."""
    row = sa.select(topic.c.id).where(topic.c.space_id == space_id).limit(1)
    return model.Session.execute(row).first() is None


def topics(
    reader: Reader, wanted: Mapping[str, Any], limit: int, offset: int
) -> tuple[int, list[Row]]:
    """Return how many topics there are, and a page of them: pinned ones first, then the latest.

    :param wanted: `space`, `object_kind`, `object_id`, `q`; with words the best matches come first
    """
    found = sa.select(topic).where(reader.topics())
    if wanted.get("space"):
        found = found.where(topic.c.space_id == wanted["space"])
    if wanted.get("object_kind"):
        found = found.where(topic.c.object_kind == wanted["object_kind"])
        found = found.where(topic.c.object_id == wanted["object_id"])
    order: list[Any] = [topic.c.active.desc(), topic.c.id]
    if wanted.get("q"):
        asked = words.query(wanted["q"])
        if asked is None:
            return 0, []
        hits = (
            sa.select(post.c.topic_id, sa.func.max(words.rank(asked)).label("rank"))
            .where(words.matches(asked), reader.posts())
            .group_by(post.c.topic_id)
            .subquery()
        )
        found = found.join(hits, hits.c.topic_id == topic.c.id)
        order.insert(0, hits.c.rank.desc())
    elif wanted.get("space"):
        order.insert(0, topic.c.pinned.desc())
    count = model.Session.execute(sa.select(sa.func.count()).select_from(found.subquery()))
    return count.scalar_one(), _rows(found.order_by(*order).limit(limit).offset(offset))


def one_topic(reader: Reader, topic_id: str) -> Row | None:
    """Return a topic that the reader sees."""
    return _first(sa.select(topic).where(topic.c.id == topic_id, reader.topics()))


def one_post(reader: Reader, post_id: str) -> Row | None:
    """Return a post that the reader sees, with `title`, `locked`, `space_id` of its topic."""
    also = [topic.c.title, topic.c.locked, topic.c.space_id]
    joined = sa.select(*_POST, *also).join(topic, topic.c.id == post.c.topic_id)
    return _first(joined.where(post.c.id == post_id, reader.topics(), reader.posts()))


def posts(reader: Reader, topic_id: str, limit: int, offset: int) -> tuple[int, list[Row]]:
    """Return how many posts of a topic the reader sees, and a page of them, the first one first."""
    own = (post.c.topic_id == topic_id, reader.posts())
    count = model.Session.execute(sa.select(sa.func.count()).where(*own)).scalar_one()
    rows = sa.select(*_POST).where(*own).order_by(post.c.created, post.c.id)
    return count, _rows(rows.limit(limit).offset(offset))


def place(reader: Reader, row: Mapping[str, Any]) -> int:
    """Return how many posts of its topic stand before a post, as the reader sees it."""
    own = sa.tuple_(sa.literal(row["created"]), sa.literal(row["id"]))
    before = sa.select(sa.func.count()).where(
        post.c.topic_id == row["topic_id"],
        reader.posts(),
        sa.tuple_(post.c.created, post.c.id) < own,
    )
    return model.Session.execute(before).scalar_one()


def newest(
    reader: Reader, limit: int, space_id: str | None = None, topic_id: str | None = None
) -> list[Row]:
    """Return the newest posts with `title` of their topic: what a feed has."""
    rows = (
        sa.select(*_POST, topic.c.title)
        .join(topic, topic.c.id == post.c.topic_id)
        .where(reader.topics(), reader.posts())
        .order_by(post.c.created.desc(), post.c.id)
        .limit(limit)
    )
    if space_id:
        rows = rows.where(topic.c.space_id == space_id)
    return _rows(rows.where(topic.c.id == topic_id) if topic_id else rows)


def versions(post_id: str) -> list[Row]:
    """Return what stood in a post before, the latest first."""
    rows = sa.select(version).where(version.c.post_id == post_id)
    return _rows(rows.order_by(version.c.number.desc()))


def edited(post_ids: Iterable[str]) -> dict[str, int]:
    """Return how often posts were edited, those that were."""
    rows = sa.select(version.c.post_id, sa.func.count()).where(version.c.post_id.in_([*post_ids]))
    return dict(model.Session.execute(rows.group_by(version.c.post_id)).tuples().all())


def queue(limit: int, offset: int) -> tuple[int, list[Row]]:
    """Return how many posts wait or are reported, and a page of them, the oldest first."""
    reported = sa.select(report.c.post_id).where(report.c.settled.is_(None))
    asked = sa.or_(post.c.state == WAITING, post.c.id.in_(reported))
    count = model.Session.execute(sa.select(sa.func.count()).select_from(post).where(asked))
    rows = sa.select(*_POST, topic.c.title, topic.c.space_id).join(
        topic, topic.c.id == post.c.topic_id
    )
    page = rows.where(asked).order_by(post.c.created, post.c.id).limit(limit).offset(offset)
    return count.scalar_one(), _rows(page)


def reports(post_ids: Iterable[str]) -> list[Row]:
    """Return the reports of posts on which nobody has decided."""
    rows = sa.select(report).where(report.c.post_id.in_([*post_ids]), report.c.settled.is_(None))
    return _rows(rows.order_by(report.c.created))


def decisions(topic_id: str) -> list[Row]:
    """Return what moderators decided about a topic and its posts, the latest first."""
    rows = sa.select(decision).where(decision.c.topic_id == topic_id)
    return _rows(rows.order_by(decision.c.id.desc()))


def subscriptions(user_id: str) -> list[Row]:
    """Return what an account wants mail of."""
    rows = sa.select(subscription).where(subscription.c.user_id == user_id)
    return _rows(rows.order_by(subscription.c.created, subscription.c.id))


def authors(user_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return `name` and `display_name` of the accounts that are still there, by id."""
    users = model.Session.query(model.User).filter(
        model.User.id.in_({*user_ids}), model.User.state == model.State.ACTIVE
    )
    return {user.id: {"name": user.name, "display_name": user.display_name} for user in users}


def _first(rows: sa.Select[Any]) -> Row | None:
    return next(iter(_rows(rows)), None)


def _rows(rows: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in model.Session.execute(rows).mappings()]
