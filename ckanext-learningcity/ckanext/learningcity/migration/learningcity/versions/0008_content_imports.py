"""Create the table of imports of learning spaces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = "learningcity_content_import"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("organization_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("rows", JSONB, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("learningcity_content_import_state", TABLE, ["state"])


def downgrade() -> None:
    """Drop the table; imports that have not been written are lost with it."""
    op.drop_table(TABLE)
