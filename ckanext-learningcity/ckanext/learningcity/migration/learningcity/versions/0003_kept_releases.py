"""Record withdrawals, let the database itself keep releases, and find series by breakdown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INDEXES = {
    "learningcity_series_indicator": ["indicator", "breakdown", "ref_area"],
    "learningcity_series_area": ["ref_area", "breakdown", "indicator"],
    "learningcity_series_history": ["indicator", "breakdown", "ref_area", "valid_from"],
}

_KEPT = ("learningcity_release", "learningcity_withdrawal")


def upgrade() -> None:
    """Create the table of withdrawals and the triggers."""
    op.create_table(
        "learningcity_withdrawal",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.execute(
        """
        CREATE FUNCTION learningcity_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a row of % is never altered', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION learningcity_keep()"
        )
    op.create_table(
        "learningcity_breakdown",
        sa.Column("breakdown", sa.Text(collation="C"), primary_key=True),
    )
    op.execute(
        "INSERT INTO learningcity_breakdown SELECT DISTINCT breakdown FROM learningcity_series"
    )
    op.drop_column("learningcity_series", "dimensions")
    for name, columns in _INDEXES.items():
        op.drop_index(name, "learningcity_series")
        op.create_index(
            name,
            "learningcity_series",
            columns,
            postgresql_where=None if name.endswith("history") else sa.text("valid_to IS NULL"),
        )


def downgrade() -> None:
    """Drop the triggers, and with the table the record of withdrawals."""
    op.drop_table("learningcity_breakdown")
    op.add_column(
        "learningcity_series",
        sa.Column("dimensions", JSONB, nullable=False, server_default="{}"),
    )
    op.execute("DROP FUNCTION learningcity_keep() CASCADE")
    op.drop_table("learningcity_withdrawal")
