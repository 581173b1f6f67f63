"""Create the tables of evaluations and of the grades that people give in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables; the index serves one evaluation's list of a place."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "learningcity_evaluation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", JSONB, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("definition", JSONB, nullable=False),
        sa.Column("as_of", moment),
        sa.Column("dataset", sa.Text),
        sa.Column("history", JSONB, nullable=False, server_default="[]"),
        sa.Column("created", moment, nullable=False),
    )
    op.create_table(
        "learningcity_reading",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("evaluation", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("indicator", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("organization", sa.Text),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False, server_default=""),
        sa.Column("comment", sa.Text, nullable=False, server_default=""),
        sa.Column("at", moment, nullable=False),
    )
    op.create_index("learningcity_reading_place", "learningcity_reading", ["evaluation", "area"])


def downgrade() -> None:
    """Drop both tables; the grades are lost with them."""
    op.drop_table("learningcity_reading")
    op.drop_table("learningcity_evaluation")
