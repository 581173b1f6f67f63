"""Create the publishing desk's table of submissions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE = "learningcity_submission"


def upgrade() -> None:
    """Create the table and the indexes of the work list and of the remembered mapping."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("file_kept", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("mapping", JSONB),
        sa.Column("headings", JSONB, nullable=False, server_default="{}"),
        sa.Column("confirmed", JSONB, nullable=False, server_default="[]"),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("difference", JSONB),
        sa.Column("base_release", sa.Integer, nullable=False),
        sa.Column("release", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("progress", JSONB),
        sa.Column("history", JSONB, nullable=False, server_default="[]"),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("learningcity_submission_dataset", TABLE, ["dataset_id", "modified"])
    op.create_index("learningcity_submission_modified", TABLE, ["modified"])
    op.create_index("learningcity_submission_sha256", TABLE, ["sha256"])


def downgrade() -> None:
    """Drop the table; drafts are lost with it."""
    op.drop_table(TABLE)
