"""The harvest sources as the portal shows them, and a run that only looks."""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.learningcity.harvesters.base import Ref, Source
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.session import Session
from ckanext.learningcity.indicators import fingerprint, release

from . import config
from .package import dataset_id


def every() -> list[dict[str, Any]]:
    """Return the sources of this type, by title, each with its last job."""
    sources = model.Session.query(HarvestSource).filter_by(type=config.TYPE, active=True)
    return [_described(source) for source in sources.order_by(HarvestSource.title)]


def find(source_id: str) -> HarvestSource:
    """Return a harvest source by id or by the name of its dataset.

    :raises ObjectNotFound: there is no such source of this type
    """
    dataset = model.Package.get(source_id)
    source = HarvestSource.get(dataset.id if dataset else source_id)
    if source is None or source.type != config.TYPE or not source.active:
        raise tk.ObjectNotFound(tk._("There is no source {id}.").format(id=source_id))
    return source


def preview(harvest_source: HarvestSource) -> list[dict[str, Any]]:
    """Return what a run would do to each dataset: `status` and the counts of its observations.

    `status` is `new`, `changed`, `unchanged` or `error`. Nothing is written.
    """
    source = config.source_of(harvest_source)
    with config.session() as session:
        return [_preview(source, session, ref) for ref in source.refs(session)]


def _preview(source: Source, session: Session, ref: Ref) -> dict[str, Any]:
    try:
        harvested = source.read(source.fetch(session, ref))
    except SourceError as error:
        return {"id": ref.id, "title": ref.title, "status": "error", "error": str(error)}
    identifier = dataset_id(harvested)
    known = model.Package.get(identifier)
    if known and fingerprint.of(identifier) == harvested.fingerprint():
        return {"id": ref.id, "title": ref.title, "status": "unchanged"}
    counts: dict[str, int] = {}
    if harvested.table is not None:
        connection = model.Session.connection()
        counts = release.preview(connection, identifier, harvested.table).counts
    status = "changed" if known else "new"
    problems = harvested.problems.as_dict("en")["issues"]
    return {"id": ref.id, "title": ref.title, "status": status, **counts, "problems": problems}


def _described(source: HarvestSource) -> dict[str, Any]:
    facts = json.loads(source.config or "{}")
    dataset = model.Package.get(source.id)
    return {
        "id": source.id,
        "name": dataset.name if dataset else None,
        "title": source.title,
        "url": source.url,
        "adapter": facts.get("source"),
        "frequency": source.frequency,
        "next_run": source.next_run.isoformat() if source.next_run else None,
        "last_job": _last_job(source),
    }


def _last_job(source: HarvestSource) -> dict[str, Any] | None:
    jobs = model.Session.query(HarvestJob).filter_by(source_id=source.id)
    job = jobs.order_by(HarvestJob.created.desc()).first()
    if job is None:
        return None
    counted = (
        sa.select(HarvestObject.report_status, sa.func.count())
        .where(HarvestObject.harvest_job_id == job.id)
        .group_by(HarvestObject.report_status)
    )
    counts = {status or "waiting": count for status, count in model.Session.execute(counted)}
    return {
        "id": job.id,
        "status": job.status,
        "created": job.created.isoformat(),
        "finished": job.finished.isoformat() if job.finished else None,
        "datasets": counts,
        "errors": [error.message for error in job.gather_errors],
    }
