"""Create the table of problems that readers report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "learningcity_problem"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("dataset_id", sa.Text),
        sa.Column("indicator", sa.Text),
        sa.Column("areas", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("view_id", sa.Text),
        sa.Column("release", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("user_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True)),
        sa.Column("closed", sa.DateTime(timezone=True)),
    )
    op.create_index("learningcity_problem_state", TABLE, ["state", "created"])


def downgrade() -> None:
    """Drop the table; reports are lost with it."""
    op.drop_table(TABLE)
