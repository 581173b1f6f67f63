"""What each source has given, and how each of its runs went.

These stand beside ckanext-harvest's jobs, objects and errors, which are written as well.
`migration/learningcity` creates them.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model.meta import metadata
from sqlalchemy.dialects.postgresql import JSONB

_moment = sa.DateTime(timezone=True)

#: One row a record that a source has or had; `guid` is the source's own id of it.
record = sa.Table(
    "learningcity_harvest_record",
    metadata,
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("guid", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text),  # null while it has never been taken in
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("url", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Text),  # the source's mark of the state that was taken in
    sa.Column("fingerprint", sa.String(64)),  # of that state; null while it is not all taken in
    sa.Column("seen", sa.Text, nullable=False),  # id of the last job that has dealt with it
    sa.Column("made", sa.Text),  # id of the job that made the dataset
    sa.Column("gone", _moment),  # when it was withdrawn
    sa.Column("rows", sa.Integer),  # observations
    sa.Column("error", JSONB(none_as_null=True)),  # `{code, detail}` where the last try failed
    sa.Column("problems", JSONB, nullable=False, server_default="[]"),  # see `problems`
    sa.Column("checked", _moment, nullable=False),
)

#: One row a run; it has the id of ckanext-harvest's job.
run = sa.Table(
    "learningcity_harvest_run",
    metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("asked", JSONB, nullable=False, server_default="{}"),  # `{confirm, full}`
    sa.Column("holder", sa.Text),  # the process that works on it
    sa.Column("lease", _moment),  # until when it holds the run without a sign of life
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("started", _moment),
    sa.Column("finished", _moment),
    sa.Column("expected", sa.Integer, nullable=False, server_default="0"),  # records known before
    sa.Column("listed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("counts", JSONB, nullable=False, server_default="{}"),  # by `COUNTS`
    sa.Column("outcome", sa.Text),  # see `schemas/outcomes.yaml`
    sa.Column("detail", sa.Text),
    sa.Column("notes", JSONB, nullable=False, server_default="[]"),  # codes of outcomes on the way
    sa.Column("state", sa.Text),  # the source's mark of its whole listing
)

#: What can happen to a record in a run.
COUNTS = ("added", "updated", "unchanged", "withdrawn", "restored", "withheld", "errors")
