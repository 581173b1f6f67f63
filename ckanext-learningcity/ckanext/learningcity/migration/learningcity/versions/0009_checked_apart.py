"""Keep with a submission what its pages show of the file, so that none has to read it again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "learningcity_submission"


def upgrade() -> None:
    """Add the columns; drafts made before show no rows and no changes until they are checked."""
    op.add_column(TABLE, sa.Column("preview", JSONB, nullable=False, server_default="[]"))
    op.add_column(TABLE, sa.Column("changes", sa.String(64)))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column(TABLE, "changes")
    op.drop_column(TABLE, "preview")
