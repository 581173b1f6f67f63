"""Create the tables of the forum."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PREFIX = "learningcity_forum"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, with the indexes of lists, search and limits."""
    _topics()
    _moderation()
    _mail()


def _topics() -> None:
    op.create_table(
        f"{PREFIX}_space",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", JSONB, nullable=False),
        sa.Column("about", JSONB, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        f"{PREFIX}_topic",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("space_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("object_kind", sa.Text),
        sa.Column("object_id", sa.Text),
        sa.Column("author_id", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("demonstration", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("replies", sa.Integer, nullable=False, server_default="0"),
        sa.Column("active", _MOMENT, nullable=False),
    )
    op.create_index(f"{PREFIX}_topic_space", f"{PREFIX}_topic", ["space_id", "active"])
    op.create_index(f"{PREFIX}_topic_object", f"{PREFIX}_topic", ["object_kind", "object_id"])
    op.create_table(
        f"{PREFIX}_post",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("topic_id", sa.Text, nullable=False),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("edited", _MOMENT),
        sa.Column("words", TSVECTOR, nullable=False),
        sa.Column("announced", _MOMENT),
    )
    op.create_index(f"{PREFIX}_post_topic", f"{PREFIX}_post", ["topic_id", "created"])
    op.create_index(f"{PREFIX}_post_author", f"{PREFIX}_post", ["author_id", "created"])
    op.create_index(f"{PREFIX}_post_words", f"{PREFIX}_post", ["words"], postgresql_using="gin")
    op.create_table(
        f"{PREFIX}_version",
        sa.Column("post_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("written", _MOMENT, nullable=False),
        sa.Column("replaced", _MOMENT, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def _moderation() -> None:
    op.create_table(
        f"{PREFIX}_report",
        sa.Column("post_id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("settled", _MOMENT),
    )
    op.create_table(
        f"{PREFIX}_decision",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("topic_id", sa.Text, nullable=False),
        sa.Column("post_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("decided", _MOMENT, nullable=False),
    )
    op.create_index(f"{PREFIX}_decision_topic", f"{PREFIX}_decision", ["topic_id", "id"])


def _mail() -> None:
    op.create_table(
        f"{PREFIX}_subscription",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("address_hash", sa.Text),
        sa.UniqueConstraint("user_id", "scope", "target"),
    )
    op.create_index(f"{PREFIX}_subscription_target", f"{PREFIX}_subscription", ["scope", "target"])
    op.create_table(
        f"{PREFIX}_mail",
        sa.Column("post_id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subscription_id", sa.Text),
        sa.Column("claimed", _MOMENT),
        sa.Column("sent", _MOMENT),
    )


def downgrade() -> None:
    """Drop the tables; everything that was said is lost."""
    for name in (
        *("mail", "subscription", "decision", "report", "version", "post", "topic", "space"),
    ):
        op.drop_table(f"{PREFIX}_{name}")
