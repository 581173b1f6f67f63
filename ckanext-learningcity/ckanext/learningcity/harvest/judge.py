"""Whether what a source gives can be believed."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob

from ckanext.learningcity.harvesters.base import Harvested, Ref

from . import problems, records
from .model import run
from .records import Record
from .runs import now

#: However often a source says that nothing is new, so often everything is looked at again: what
#: could not be mapped may find its place in a code list that has grown.
AGAIN = timedelta(days=7)


def same_version(record: Record, ref: Ref) -> bool:
    """Return whether the listing itself says that a record is as it was taken in."""
    settled = record.fingerprint and not record.gone and not record.error
    due = record.problems and record.checked < now() - AGAIN
    return bool(settled and not due and ref.version and record.version == ref.version)


def nothing_new(source_id: str, state: str) -> bool:
    """Return whether the source is, by its own mark, as a complete run of late has left it."""
    lately = sa.select(run.c.job_id).where(
        run.c.source_id == source_id,
        run.c.outcome == "complete",
        run.c.state == state,
        run.c.listed > 0,
        run.c.started > now() - AGAIN,
    )
    jobs = HarvestJob.__table__  # clearing a source in ckanext-harvest deletes its jobs
    newest = sa.select(run.c.state).where(
        run.c.source_id == source_id,
        run.c.outcome == "complete",
        run.c.listed > 0,
        run.c.job_id.in_(sa.select(jobs.c.id)),
    )
    last = model.Session.scalar(newest.order_by(run.c.started.desc()).limit(1))
    found = model.Session.execute(lately.limit(1)).first()
    return bool(found and last == state and not records.has_errors(source_id))


def shrunk(record: Record | None, harvested: Harvested) -> problems.Error | None:
    """Return an error where a dataset has suddenly lost most of its observations."""
    if record is None or record.gone or not record.rows or harvested.table is None:
        return None
    least = 1 - tk.config["ckanext.learningcity.harvest.loss_max"] / 100
    after = harvested.table.height
    return problems.of_size(record.rows, after) if after < record.rows * least else None


def too_many(gone: int, expected: int) -> bool:
    """Return whether so many datasets at once are more likely the source's fault."""
    return gone > expected * tk.config["ckanext.learningcity.harvest.loss_max"] / 100
