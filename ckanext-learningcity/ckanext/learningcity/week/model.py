"""The table of sign-ups. `migration/learningcity` creates it."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import JSONB

#: One row a person who signed up for a session. It holds what is needed and goes when it is not.
signup = sa.Table(
    "learningcity_signup",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("session_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),  # what to call the person
    sa.Column("contact", sa.Text, nullable=False),  # e-mail or telephone, in one spelling
    sa.Column("language", sa.Text, nullable=False),  # of mails
    sa.Column("waiting", sa.Boolean, nullable=False),
    sa.Column("confirmed", sa.DateTime(timezone=True)),  # by the signed link
    sa.Column("consent", sa.Text, nullable=False),  # version of the text that was agreed to
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),  # and consented
    # What the person was last told of the session: `changes.of_session`.
    sa.Column("told", JSONB, nullable=False, server_default="{}"),
    sa.UniqueConstraint("event_id", "session_id", "contact"),
)
