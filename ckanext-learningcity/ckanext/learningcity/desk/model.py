"""The desk's table. `migration/learningcity` creates it."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import JSONB

#: One row an uploaded file on its way to a release.
submission = sa.Table(
    "learningcity_submission",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),  # who uploaded it
    sa.Column("state", sa.Text, nullable=False),  # see `states`
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("file_kept", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("mapping", JSONB),  # `tables.mapping.Mapping`; null where the file is no table
    sa.Column("headings", JSONB, nullable=False, server_default="{}"),  # text by letters
    sa.Column("confirmed", JSONB, nullable=False, server_default="[]"),  # codes of findings
    sa.Column("report", JSONB, nullable=False),  # `check.packed`
    sa.Column("difference", JSONB),  # counts; null where the report has errors
    sa.Column("base_release", sa.Integer, nullable=False),  # what it was compared with, 0 for none
    sa.Column("release", sa.Integer),  # what it became
    sa.Column("reason", sa.Text),  # why it was returned
    sa.Column("decided_by", sa.Text),  # user id of who approved, returned or discarded it
    sa.Column("preview", JSONB, nullable=False, server_default="[]"),  # `preview.sheets`
    sa.Column("changes", sa.String(64)),  # checksum of `changes.packed`, kept with the uploads
    sa.Column("progress", JSONB),  # of its check or publication: `{step, attempt, user, sheet}`
    sa.Column("history", JSONB, nullable=False, server_default="[]"),  # `{kind, user, at, note}`
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
)
