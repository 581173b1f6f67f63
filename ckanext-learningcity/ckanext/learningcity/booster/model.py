"""The table of adoptions. `migration/learningcity` creates it."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

#: One row a city that took an innovation up.
adoption = sa.Table(
    "learningcity_adoption",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("innovation_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),  # the city that adopts
    sa.Column("area", sa.Text, nullable=False),  # its place, of which the indicators are
    sa.Column("state", sa.Text, nullable=False),  # a key of `adoptions.STATES`
    sa.Column("started", sa.Date),
    sa.Column("ended", sa.Date),
    sa.Column("outcome", JSONB, nullable=False, server_default="{}"),  # text by language
    sa.Column("indicators", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("demonstration", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("history", JSONB, nullable=False, server_default="[]"),  # `{state, user, at}`
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("innovation_id", "organization_id"),
)
