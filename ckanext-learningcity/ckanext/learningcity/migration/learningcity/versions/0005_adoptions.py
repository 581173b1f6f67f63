"""Create the table of adoptions of innovations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLE = "learningcity_adoption"


def upgrade() -> None:
    """Create the table, and an index for the page of a city."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("innovation_id", sa.Text, nullable=False),
        sa.Column("organization_id", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started", sa.Date),
        sa.Column("ended", sa.Date),
        sa.Column("outcome", JSONB, nullable=False, server_default="{}"),
        sa.Column("indicators", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("demonstration", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("history", JSONB, nullable=False, server_default="[]"),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("innovation_id", "organization_id"),
    )
    op.create_index("learningcity_adoption_area", TABLE, ["area"])


def downgrade() -> None:
    """Drop the table; what cities recorded is lost with it."""
    op.drop_table(TABLE)
