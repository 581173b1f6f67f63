"""The room's tables. `migration/learningcity` creates them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import JSONB

#: One row an evaluation.
evaluation = sa.Table(
    "learningcity_evaluation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # as in its address: `2026`
    sa.Column("title", JSONB, nullable=False),  # by language
    sa.Column("year", sa.Integer, nullable=False),  # the last year whose values count
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("definition", JSONB, nullable=False),  # see `rounds.Definition`
    sa.Column("as_of", sa.DateTime(timezone=True)),  # the moment it was closed
    sa.Column("dataset", sa.Text),  # id of the dataset of its results
    sa.Column("history", JSONB, nullable=False, server_default="[]"),  # `{kind, user, at, reason}`
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
)

#: One row a grade; rows are only added, so that any earlier moment can be asked for.
reading = sa.Table(
    "learningcity_reading",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("evaluation", sa.Text, nullable=False),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("indicator", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # see `evaluation.rubric`
    sa.Column("reader", sa.Text, nullable=False),  # user id
    sa.Column("organization", sa.Text),  # whose editor the reader was
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False, server_default=""),  # an address
    sa.Column("comment", sa.Text, nullable=False, server_default=""),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
