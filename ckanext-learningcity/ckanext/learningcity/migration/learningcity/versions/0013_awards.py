"""Create the tables of the awards, and the trail of every change, which the database keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = ("event", "review", "file", "application", "round")


def upgrade() -> None:
    """Create the tables; the trail's trigger is the one of releases."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "learningcity_award_round",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("title", JSONB, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("opens", moment),
        sa.Column("closes", moment),
        sa.Column("review_until", moment),
        sa.Column("publishes", moment),
        sa.Column("weights", JSONB, nullable=False),
        sa.Column("levels", JSONB, nullable=False),
        sa.Column("spread_max", sa.Float, nullable=False),
        sa.Column("appeal_days", sa.Integer, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("demonstration", sa.Boolean, nullable=False),
        sa.Column("decided", moment),
        sa.Column("published", moment),
    )
    op.create_table(
        "learningcity_award_application",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("organization_id", sa.Text, nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", JSONB, nullable=False),
        sa.Column("summary", JSONB, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("submitted", moment),
        sa.Column("extended_until", moment),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("level", sa.Text),
        sa.Column("decision", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.Column("appeal", JSONB),
        sa.Column("dataset_id", sa.Text),
        sa.Column("created", moment, nullable=False),
        sa.UniqueConstraint("round", "category", "organization_id"),
    )
    op.create_table(
        "learningcity_award_file",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added", moment, nullable=False),
        sa.Column("removed", moment),
    )
    op.create_table(
        "learningcity_award_review",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False, index=True),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("scores", JSONB, nullable=False),
        sa.Column("comments", JSONB, nullable=False),
        sa.Column("conflict", sa.Text),
        sa.Column("assigned", moment, nullable=False),
        sa.Column("submitted", moment),
        sa.UniqueConstraint("application", "turn", "reviewer"),
    )
    op.create_table(
        "learningcity_award_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("round", sa.Text, nullable=False),
        sa.Column("application", sa.Text),
        sa.Column("thing", sa.Text, nullable=False),
        sa.Column("thing_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("changes", JSONB, nullable=False),
    )
    op.create_index("learningcity_award_event_round", "learningcity_award_event", ["round", "id"])
    op.execute(
        "CREATE TRIGGER learningcity_award_event_keep"
        " BEFORE UPDATE OR DELETE ON learningcity_award_event"
        " FOR EACH ROW EXECUTE FUNCTION learningcity_keep()"
    )


def downgrade() -> None:
    """Drop the tables; rounds, applications and their trail are lost with them."""
    for table in _TABLES:
        op.drop_table(f"learningcity_award_{table}")
