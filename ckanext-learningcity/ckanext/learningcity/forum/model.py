"""The forum's tables. `migration/learningcity` creates them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

#: States of topics and posts. A topic's is that of its first post.
VISIBLE, WAITING, HIDDEN = "visible", "waiting", "hidden"

_moment = sa.DateTime(timezone=True)

#: Where topics stand; the secretariat makes them.
space = sa.Table(
    "learningcity_forum_space",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # of the address
    sa.Column("name", JSONB, nullable=False),  # {en, th}
    sa.Column("about", JSONB, nullable=False),  # {en, th}
    sa.Column("position", sa.Integer, nullable=False),
)

#: `state`, `replies` and `active` follow from its posts: see `write.refresh`.
topic = sa.Table(
    "learningcity_forum_topic",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("space_id", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("object_kind", sa.Text),  # `objects.KINDS`; null where it stands on its own
    sa.Column("object_id", sa.Text),
    sa.Column("author_id", sa.Text, nullable=False),
    sa.Column("created", _moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("demonstration", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("replies", sa.Integer, nullable=False, server_default="0"),  # visible ones
    sa.Column("active", _moment, nullable=False),  # when its last visible post was written
)

#: What somebody wrote: the first post of a topic, and the replies.
post = sa.Table(
    "learningcity_forum_post",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("topic_id", sa.Text, nullable=False),
    sa.Column("first", sa.Boolean, nullable=False),
    sa.Column("author_id", sa.Text, nullable=False),
    sa.Column("created", _moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # Markdown
    sa.Column("edited", _moment),
    sa.Column("words", TSVECTOR, nullable=False),  # of the body, and of the title in a first post
    sa.Column("announced", _moment),  # when everybody had been told of it by mail
)

#: What stood in a post before it was edited.
version = sa.Table(
    "learningcity_forum_version",
    metadata,
    sa.Column("post_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 1
    sa.Column("title", sa.Text),  # of a first post
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("written", _moment, nullable=False),
    sa.Column("replaced", _moment, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()),
)

#: One row a post and account that reported it.
report = sa.Table(
    "learningcity_forum_report",
    metadata,
    sa.Column("post_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", _moment, nullable=False),
    sa.Column("settled", _moment),  # when a moderator decided
)

#: What moderators decided, and why; rows are only added.
decision = sa.Table(
    "learningcity_forum_decision",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("topic_id", sa.Text, nullable=False),
    sa.Column("post_id", sa.Text),  # null where it was about the topic
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("decided", _moment, nullable=False),
)

#: Who wants mail of what; the scope `quiet` says that its account wants none when it is mentioned.
subscription = sa.Table(
    "learningcity_forum_subscription",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),  # id of the space or topic, else empty
    sa.Column("created", _moment, nullable=False),
    sa.Column("address_hash", sa.Text),  # of the address that was confirmed by its link
    sa.UniqueConstraint("user_id", "scope", "target"),
)

#: One row a post and account that is told of it: nobody is told twice.
mail = sa.Table(
    "learningcity_forum_mail",
    metadata,
    sa.Column("post_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # of `schemas/mails.yaml`
    sa.Column("subscription_id", sa.Text),  # the one by which the mail is sent
    sa.Column("claimed", _moment),  # when a job took it; from then on nobody else does
    sa.Column("sent", _moment),
)
