"""Who sees what. Every list, count, feed, search and mail of the forum asks here.

What is hidden is seen by moderators only, what waits by its author as well. A topic about a dataset
that has become private is seen by moderators only.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model
from ckan.model import package_table as package
from ckan.types import Context

from ckanext.learningcity.content.curators import may_curate

from .model import VISIBLE, WAITING, post, topic

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: `user_id` is None for who has not logged in."""

    user_id: str | None = None
    moderator: bool = False

    def topics(self) -> Condition:
        """Return the condition on `topic` by which the reader sees one."""
        return sa.true() if self.moderator else sa.and_(self._states(topic), _public())

    def posts(self) -> Condition:
        """Return the condition on `post` by which the reader sees one of a topic that is seen."""
        return sa.true() if self.moderator else self._states(post)

    def _states(self, table: sa.Table) -> Condition:
        seen = table.c.state == VISIBLE
        if self.user_id is None:
            return seen
        own = sa.and_(table.c.state == WAITING, table.c.author_id == self.user_id)
        return sa.or_(seen, own)


#: As whom feeds and mails are made: everybody may read them.
EVERYBODY = Reader()


def reader(context: Context) -> Reader:
    """Return who reads in `context`."""
    name = context.get("user")
    user = model.User.get(name) if name else None
    if user is not None and user.state != model.State.ACTIVE:
        user = None
    trusted = bool(context.get("ignore_auth"))
    return Reader(user.id if user else None, trusted or may_curate(user.name if user else None))


def _public() -> Condition:
    """What a topic is about is not private; of what is gone, the topic stays."""
    private = sa.select(package.c.id).where(
        package.c.id == topic.c.object_id,
        sa.or_(package.c.private.is_(True), package.c.state == "draft"),
    )
    return sa.or_(topic.c.object_kind.is_distinct_from("dataset"), ~private.exists())
