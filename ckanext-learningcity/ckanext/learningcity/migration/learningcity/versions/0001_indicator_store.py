"""Create the indicator store: publications, releases and series."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and the indexes that slices are read by."""
    code = sa.Text(collation="C")
    op.create_table(
        "learningcity_publication",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("permission_labels", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("release", sa.Integer, nullable=False, server_default="0"),
        sa.Column("derived", sa.Integer, nullable=False, server_default="0"),
        sa.Column("fingerprint", sa.String(64)),
    )
    op.create_table(
        "learningcity_release",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("released", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("parquet_sha256", sa.String(64), nullable=False),
        sa.Column("observations", sa.Integer, nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("removed", sa.Integer, nullable=False),
        sa.Column("source", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("learningcity_release_released", "learningcity_release", ["released"])
    op.create_table(
        "learningcity_series",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("dataset_id", code, nullable=False),
        sa.Column("indicator", code, nullable=False),
        sa.Column("ref_area", code, nullable=False),
        sa.Column("area_level", code, nullable=False),
        sa.Column("breakdown", code, nullable=False),
        sa.Column("dimensions", JSONB, nullable=False),
        sa.Column("period_type", code, nullable=False),
        sa.Column("unit", code, nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True)),
        sa.Column("periods", ARRAY(code), nullable=False),
        sa.Column("observed", ARRAY(sa.Float), nullable=False),
        sa.Column("statuses", ARRAY(code), nullable=False),
        sa.Column("comments", ARRAY(sa.Text)),
        sa.Column("evidence", ARRAY(sa.Text)),
        sa.Column("period_originals", ARRAY(sa.Text)),
        sa.Column("area_originals", ARRAY(sa.Text)),
    )
    current = sa.text("valid_to IS NULL")
    for name, columns in {
        "learningcity_series_indicator": ["indicator", "ref_area"],
        "learningcity_series_area": ["ref_area", "indicator"],
    }.items():
        op.create_index(name, "learningcity_series", columns, postgresql_where=current)
    for name, columns in {
        "learningcity_series_dataset": ["dataset_id", "valid_to"],
        "learningcity_series_history": ["indicator", "ref_area", "valid_from"],
    }.items():
        op.create_index(name, "learningcity_series", columns)


def downgrade() -> None:
    """Drop the store; releases are lost with it."""
    for table in ("learningcity_series", "learningcity_release", "learningcity_publication"):
        op.drop_table(table)
