"""Create the table of sign-ups for sessions of events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "learningcity_signup"


def upgrade() -> None:
    """Create the table, with an index of the order in which those who wait move up."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("waiting", sa.Boolean, nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True)),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("event_id", "session_id", "contact"),
    )
    op.create_index("learningcity_signup_order", TABLE, ["event_id", "session_id", "created"])


def downgrade() -> None:
    """Drop the table; who signed up is forgotten."""
    op.drop_table(TABLE)
