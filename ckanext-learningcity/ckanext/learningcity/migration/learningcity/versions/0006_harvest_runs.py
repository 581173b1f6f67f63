"""Remember what each source has given, and how each of its runs went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a dataset's fingerprint moves to the record that it was made of."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "learningcity_harvest_record",
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("guid", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("url", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Text),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("made", sa.Text),
        sa.Column("gone", moment),
        sa.Column("rows", sa.Integer),
        sa.Column("error", JSONB),
        sa.Column("problems", JSONB, nullable=False, server_default="[]"),
        sa.Column("checked", moment, nullable=False),
    )
    op.create_index(
        "learningcity_harvest_record_dataset", "learningcity_harvest_record", ["dataset_id"]
    )
    op.create_table(
        "learningcity_harvest_run",
        sa.Column("job_id", sa.Text, primary_key=True),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("asked", JSONB, nullable=False, server_default="{}"),
        sa.Column("holder", sa.Text),
        sa.Column("lease", moment),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("started", moment),
        sa.Column("finished", moment),
        sa.Column("expected", sa.Integer, nullable=False, server_default="0"),
        sa.Column("listed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("counts", JSONB, nullable=False, server_default="{}"),
        sa.Column("outcome", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("notes", JSONB, nullable=False, server_default="[]"),
        sa.Column("state", sa.Text),
    )
    op.create_index(
        "learningcity_harvest_run_source", "learningcity_harvest_run", ["source_id", "started"]
    )
    op.drop_column("learningcity_publication", "fingerprint")


def downgrade() -> None:
    """Drop the tables; the next harvest then reads every dataset again."""
    op.add_column("learningcity_publication", sa.Column("fingerprint", sa.String(64)))
    op.drop_table("learningcity_harvest_run")
    op.drop_table("learningcity_harvest_record")
