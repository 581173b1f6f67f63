"""Note with each sign-up what the person was last told of the session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = "learningcity_signup"


def upgrade() -> None:
    """Add the column; who signed up before is told of the next change but one."""
    op.add_column(TABLE, sa.Column("told", JSONB, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column(TABLE, "told")
