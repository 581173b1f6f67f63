"""The table of reported problems. `migration/learningcity` creates it."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata

#: One row a report. Who reported it is forgotten some time after it was closed.
problem = sa.Table(
    "learningcity_problem",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("dataset_id", sa.Text),  # a dataset or source; null for an indicator of several
    sa.Column("indicator", sa.Text),
    sa.Column("areas", sa.ARRAY(sa.Text), nullable=False),
    sa.Column("view_id", sa.Text),
    sa.Column("release", sa.Integer),
    sa.Column("kind", sa.Text, nullable=False),  # see `KINDS`
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("email", sa.Text),  # to be told of the answer
    sa.Column("user_id", sa.Text),  # who was logged in
    sa.Column("state", sa.Text, nullable=False),  # see `STATES`
    sa.Column("answer", sa.Text),
    sa.Column("answered_by", sa.Text),  # user id
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("answered", sa.DateTime(timezone=True)),
    sa.Column("closed", sa.DateTime(timezone=True)),
)

KINDS = ("value", "missing", "description", "page", "other")

OPEN, ANSWERED, CLOSED = STATES = ("open", "answered", "closed")
