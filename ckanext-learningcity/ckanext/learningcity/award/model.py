"""The tables of the awards. `migration/learningcity` creates them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import JSONB

_MOMENT = sa.DateTime(timezone=True)

#: One row a round of the awards.
round_ = sa.Table(
    "learningcity_award_round",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # as in its address: `2026`
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("title", JSONB, nullable=False),  # by language
    sa.Column("stage", sa.Text, nullable=False),  # what the secretariat did; see `rounds.state`
    sa.Column("opens", _MOMENT),
    sa.Column("closes", _MOMENT),  # the first moment that is too late
    sa.Column("review_until", _MOMENT),
    sa.Column("publishes", _MOMENT),
    sa.Column("weights", JSONB, nullable=False),  # by category and criterion
    sa.Column("levels", JSONB, nullable=False),  # ids of levels, the highest first
    sa.Column("spread_max", sa.Float, nullable=False),  # a larger one asks for a second turn
    sa.Column("appeal_days", sa.Integer, nullable=False),
    sa.Column("facts", JSONB, nullable=False),  # of a round held before the portal
    sa.Column("demonstration", sa.Boolean, nullable=False),
    sa.Column("decided", _MOMENT),
    sa.Column("published", _MOMENT),
)

#: One row a city and category in a round.
application = sa.Table(
    "learningcity_award_application",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("round", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("title", JSONB, nullable=False),  # by language
    sa.Column("summary", JSONB, nullable=False),  # by language
    sa.Column("answers", JSONB, nullable=False),  # by criterion
    sa.Column("figures", JSONB, nullable=False),  # see `figures.drawn`
    sa.Column("submitted", _MOMENT),
    sa.Column("extended_until", _MOMENT),
    sa.Column("turn", sa.Integer, nullable=False),  # of its reviews: 1, or 2 after a large spread
    sa.Column("level", sa.Text),
    sa.Column("decision", sa.Text),  # the reason
    sa.Column("decided_by", sa.Text),
    sa.Column("appeal", JSONB),  # `{state, text, at, answer}`
    sa.Column("dataset_id", sa.Text),  # what it became at publication
    sa.Column("created", _MOMENT, nullable=False),
    sa.UniqueConstraint("round", "category", "organization_id"),
)

#: One row a file of evidence; a removed one stays in the trail, its bytes go.
file = sa.Table(
    "learningcity_award_file",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("round", sa.Text, nullable=False),
    sa.Column("application", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("added", _MOMENT, nullable=False),
    sa.Column("removed", _MOMENT),
)

#: One row a reviewer's reading of an application, in its first or its second turn.
review = sa.Table(
    "learningcity_award_review",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("round", sa.Text, nullable=False),
    sa.Column("application", sa.Text, nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False, index=True),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("scores", JSONB, nullable=False),  # 0 to 10 by criterion
    sa.Column("comments", JSONB, nullable=False),  # by criterion
    sa.Column("conflict", sa.Text),  # what the reviewer declared
    sa.Column("assigned", _MOMENT, nullable=False),
    sa.Column("submitted", _MOMENT),
    sa.UniqueConstraint("application", "turn", "reviewer"),
)

#: One row a change of any of these, never altered: a trigger refuses it.
event = sa.Table(
    "learningcity_award_event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("round", sa.Text, nullable=False),
    sa.Column("application", sa.Text),
    sa.Column("thing", sa.Text, nullable=False),  # a key of `THINGS`
    sa.Column("thing_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("changes", JSONB, nullable=False),  # the new values of columns
)

THINGS = {"round": round_, "application": application, "file": file, "review": review}
