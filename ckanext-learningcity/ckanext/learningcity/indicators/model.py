"""The store's tables. `migration/learningcity` creates them; its comments say what indexes are for.

A row of `series` is one whole series (an indicator for a place and a breakdown, from one dataset)
in the state that was valid from one release to another. That is a fraction of the rows that single
observations would need, and reading a slice as of any moment is one index scan.
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from ckan.model.meta import Session, metadata
from sqlalchemy.dialects.postgresql import ARRAY, JSONB


def engine() -> sa.Engine:
    """Return CKAN's engine, for work that is no part of the request's transaction."""
    return cast(sa.Engine, Session.get_bind())


CODE = sa.Text(collation="C")  # the same order on every machine, whatever its locale

#: One row a dataset with observations: who may read it, and how far it has come.
publication = sa.Table(
    "learningcity_publication",
    metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("permission_labels", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("release", sa.Integer, nullable=False, server_default="0"),
    sa.Column("derived", sa.Integer, nullable=False, server_default="0"),
)

#: One row a release; a trigger refuses whatever would change or delete it.
release = sa.Table(
    "learningcity_release",
    metadata,
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

#: One row a release that was taken back: its state is no longer shown, that it was made still is.
withdrawal = sa.Table(
    "learningcity_withdrawal",
    metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

#: Every breakdown that a series ever had: a filter is resolved among these few, not among series.
breakdown = sa.Table(
    "learningcity_breakdown", metadata, sa.Column("breakdown", CODE, primary_key=True)
)

#: One row a series and span of validity; `valid_to` is null in the current state.
series = sa.Table(
    "learningcity_series",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("dataset_id", CODE, nullable=False),
    sa.Column("indicator", CODE, nullable=False),
    sa.Column("ref_area", CODE, nullable=False),
    sa.Column("area_level", CODE, nullable=False),
    sa.Column("breakdown", CODE, nullable=False),  # the codes of all dimensions, with dots between
    sa.Column("period_type", CODE, nullable=False),
    sa.Column("unit", CODE, nullable=False),
    sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
    sa.Column("valid_to", sa.DateTime(timezone=True)),
    sa.Column("periods", ARRAY(CODE), nullable=False),
    sa.Column("observed", ARRAY(sa.Float), nullable=False),
    sa.Column("statuses", ARRAY(CODE), nullable=False),
    # null where no observation of the series has one
    sa.Column("comments", ARRAY(sa.Text)),
    sa.Column("evidence", ARRAY(sa.Text)),
    # null where they are the period and the place themselves
    sa.Column("period_originals", ARRAY(sa.Text)),
    sa.Column("area_originals", ARRAY(sa.Text)),
)
