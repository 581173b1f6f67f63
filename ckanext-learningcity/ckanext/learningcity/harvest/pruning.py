"""Old harvest jobs go: what they did is in the datasets, and their number grows for ever."""

# pyright: reportAttributeAccessIssue=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import (
    HarvestGatherError,
    HarvestJob,
    HarvestLog,
    HarvestObject,
    HarvestObjectError,
    HarvestObjectExtra,
)

from ckanext.learningcity.tables import codelists

from .model import run
from .runs import now

#: The newest jobs of each source stay, however old they are.
NEWEST = 10
#: Jobs of one look, so that it stays short.
MOST = 20

_JOB, _OBJECT, _LOG = HarvestJob.__table__, HarvestObject.__table__, HarvestLog.__table__
_OF_OBJECTS = (HarvestObjectError.__table__, HarvestObjectExtra.__table__)
_ERROR = HarvestGatherError.__table__


def sweep() -> int:
    """Delete what is older than `ckanext.learningcity.harvest.keep_days`, a few jobs at a time.

    With a job go its objects, its errors and what is known of its run. The object that a dataset
    was last made of stays, and so does its job, the last run of a source that went well, and the
    newest jobs of each source.

    :returns: how many jobs were looked through
    """
    days = tk.config["ckanext.learningcity.harvest.keep_days"]
    if not days:
        return 0
    limit = now() - timedelta(days=days)
    jobs = list(model.Session.scalars(_candidates(limit.replace(tzinfo=None)).limit(MOST)))
    stale = _OBJECT.c.harvest_job_id.in_(jobs) & _OBJECT.c.current.is_not(True)
    objects = sa.select(_OBJECT.c.id).where(stale)
    for table in _OF_OBJECTS:
        model.Session.execute(table.delete().where(table.c.harvest_object_id.in_(objects)))
    model.Session.execute(_OBJECT.delete().where(stale))
    kept = sa.select(_OBJECT.c.harvest_job_id).where(_OBJECT.c.harvest_job_id.in_(jobs))
    done = set(jobs) - set(model.Session.scalars(kept))
    for column in (_ERROR.c.harvest_job_id, run.c.job_id, _JOB.c.id):
        model.Session.execute(column.table.delete().where(column.in_(done)))
    orphan = run.c.finished < limit, run.c.job_id.not_in(sa.select(_JOB.c.id))
    model.Session.execute(run.delete().where(*orphan))
    model.Session.execute(_LOG.delete().where(_LOG.c.created < limit.replace(tzinfo=None)))
    model.Session.commit()
    return len(jobs)


def _candidates(limit: object) -> sa.Select[tuple[str]]:
    """Return the ids of old jobs that have something to delete, the oldest first."""
    of_job = _OBJECT.c.harvest_job_id == _JOB.c.id
    place = sa.func.row_number().over(partition_by=_JOB.c.source_id, order_by=_JOB.c.created.desc())
    placed = sa.select(_JOB.c.id, place.label("place")).subquery()
    newest = sa.select(placed.c.id).where(placed.c.place <= NEWEST)
    good = [code for code, each in codelists.outcomes().items() if each["level"] != "bad"]
    went_well = (
        sa.select(run.c.job_id)
        .where(run.c.outcome.in_(good))
        .order_by(run.c.source_id, run.c.finished.desc())
        .distinct(run.c.source_id)
        .subquery()
    )
    return (
        sa.select(_JOB.c.id)
        .where(_JOB.c.status.in_(["Finished", "Aborted"]), _JOB.c.created < limit)
        .where(_JOB.c.id.not_in(newest), _JOB.c.id.not_in(sa.select(went_well.c.job_id)))
        .where(
            sa.exists().where(of_job, _OBJECT.c.current.is_not(True)) | ~sa.exists().where(of_job)
        )
        .order_by(_JOB.c.created)
    )
