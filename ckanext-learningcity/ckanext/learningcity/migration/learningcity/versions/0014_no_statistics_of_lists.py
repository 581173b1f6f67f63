"""Keep no statistics of the lists in series: nothing is found by them, reading them is slow."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LISTS = ("observed", "statuses", "comments", "evidence", "period_originals", "area_originals")


def upgrade() -> None:
    """Take the lists out of what ANALYZE looks at."""
    _set(0)


def downgrade() -> None:
    """Let ANALYZE look at them again."""
    _set(-1)


def _set(target: int) -> None:
    for column in (*_LISTS, "periods"):
        op.execute(f"ALTER TABLE learningcity_series ALTER COLUMN {column} SET STATISTICS {target}")
