"""The harvest sources as the portal shows them: how they are, what they had, what is wrong."""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.logic import HarvestJobExists
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.learningcity.harvesters.facts import FactsError
from ckanext.learningcity.harvesters.masking import mask
from ckanext.learningcity.indicators.titles import texts
from ckanext.learningcity.tables import codelists

from . import config, runs
from .model import record, run
from .runs import last

Told = dict[str, Any]

#: Different mapping failures that are told.
PROBLEMS = 200


def every() -> list[Told]:
    """Return the sources of this type, by title; see `described`."""
    sources = model.Session.query(HarvestSource).filter_by(type=config.TYPE, active=True)
    return [described(source) for source in sources.order_by(HarvestSource.title)]


def find(source_id: str) -> HarvestSource:
    """Return a harvest source by id or by the name of its dataset.

    :raises ObjectNotFound: there is no such source of this type
    """
    dataset = model.Package.get(source_id)
    source = HarvestSource.get(dataset.id if dataset else source_id)
    if source is None or source.type != config.TYPE or not source.active:
        raise tk.ObjectNotFound(tk._("There is no source {id}.").format(id=source_id))
    return source


def begin(source: HarvestSource, user: str, *, send: bool = True, **asked: Any) -> str:
    """Begin a run and return the id of its job.

    :param send: whether to put it on the queue; else the caller does it
    :param asked: `confirm` (the code of an outcome), `full` (read also what has not changed)
    :raises ValidationError: the source is running
    """
    context: Any = {"user": user, "ignore_auth": True}
    try:
        made = {"source_id": source.id, "run": False}
        job = tk.get_action("harvest_job_create")({**context}, made)["id"]
    except HarvestJobExists:
        since = next((each["started"] for each in last(source.id) if not each["finished"]), None)
        text = tk._("This source is running already (since {moment}). Wait until it is done.")
        moment = tk.h.render_datetime(since, with_hours=True) if since else tk._("just now")
        raise tk.ValidationError({"id": [text.format(moment=moment)]}) from None
    runs.ask(job, source.id, **asked)
    model.Session.query(HarvestJob).filter_by(id=job).update({"status": "Running"})
    model.Session.commit()
    if send:
        tk.get_action("harvest_send_job_to_gather_queue")({**context}, {"id": job})
    return job


def described(source: HarvestSource) -> Told:
    """Return what a source is and how it is. No settings: they may be secret."""
    dataset = model.Package.get(source.id)
    owner = model.Group.get(dataset.owner_org) if dataset and dataset.owner_org else None
    newest = last(source.id)
    counts = _counts(source.id)
    facts = _facts(source)
    return {
        "id": source.id,
        "name": dataset.name if dataset else None,
        "title": source.title,
        "title_translated": facts.pop("title_translated"),
        "url": mask(source.url),
        **facts,
        "organization": _organization(owner),
        "frequency": source.frequency,
        "next_run": _moment(source.next_run) if source.frequency != "MANUAL" else None,
        "health": _health(newest, counts),
        "last_success": _last_success(source.id),
        "last_run": newest[0] if newest else None,
        **counts,
        "last_job": _last_job(source),
    }


def datasets(source_id: str, limit: int, offset: int) -> tuple[int, list[Told]]:
    """Return how many records a source has or had, and a page of them; errors come first."""
    of_source = record.c.source_id == source_id
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(record).where(of_source))
    trouble = sa.case((record.c.error.is_not(None), 0), (record.c.gone.is_not(None), 1), else_=2)
    package = model.package_table
    rows = (
        sa.select(record, package.c.name, package.c.title.label("dataset_title"), package.c.extras)
        .join(package, package.c.id == record.c.dataset_id, isouter=True)
        .where(of_source)
        .order_by(trouble, record.c.title, record.c.guid)
        .limit(limit)
        .offset(offset)
    )
    return count or 0, [_record(row) for row in model.Session.execute(rows)]


def problems(source_id: str) -> list[Told]:
    """Return what could not be mapped in any dataset of a source, the most frequent first.

    Each with `code`, `column`, `found`, `expected` (by language), `rows` and `datasets`.
    """
    rows: Counter[tuple[str, str, str]] = Counter()
    met: Counter[tuple[str, str, str]] = Counter()
    expected: dict[tuple[str, str, str], Any] = {}
    some = sa.func.jsonb_array_length(record.c.problems) > 0
    found = sa.select(record.c.problems).where(record.c.source_id == source_id, some)
    for listed in model.Session.scalars(found):
        for each in listed:
            key = (each["code"], each["column"] or "", each["found"] or "")
            rows[key] += each["rows"]
            met[key] += 1
            expected[key] = each["expected"]
    return [
        {
            **dict(zip(("code", "column", "found"), key, strict=True)),
            "expected": expected[key],
            "rows": number,
            "datasets": met[key],
            "message": _message(key[0], key[2], expected[key]),
        }
        for key, number in rows.most_common(PROBLEMS)
    ]


def _message(code: str, found: str, expected: Any) -> dict[str, str]:
    entry = codelists.messages()[code]["text"]
    return {
        language: entry[language].format(
            found=found,
            expected=expected.get(language, "")
            if isinstance(expected, Mapping)
            else expected or "",
        )
        for language in ("en", "th")
    }


def _facts(source: HarvestSource) -> Told:
    try:
        facts = config.source_of(source).facts
    except FactsError:
        named = json.loads(source.config or "{}").get("source")
        empty = {"title_translated": {}, "licence": None, "citation": None, "cadence": None}
        return {"adapter": named, "homepage": "", **empty}
    return {
        "adapter": facts.id,
        "title_translated": dict(facts.title),
        "homepage": facts.homepage,
        "licence": facts.licence,
        "citation": facts.citation,
        "cadence": facts.cadence,
    }


def _organization(group: model.Group | None) -> Told | None:
    if group is None:
        return None
    translated = texts(group.extras, "title_translated")
    return {"name": group.name, "title": group.title, "title_translated": translated}


def _health(newest: list[Told], counts: Told) -> str:
    """Return `new`, `running`, `failing`, `problems` or `good`."""
    if not newest:
        return "new"
    if not newest[0]["finished"]:
        return "running"
    if codelists.outcomes()[newest[0]["outcome"]]["level"] == "bad":
        return "failing"
    return "problems" if counts["errors"] or counts["problems"] else "good"


def _counts(source_id: str) -> Told:
    here = record.c.gone.is_(None) & record.c.dataset_id.is_not(None)
    count = sa.func.count
    found = sa.select(
        count().filter(here).label("datasets"),
        sa.func.coalesce(sa.func.sum(record.c.rows).filter(here), 0).label("rows"),
        count().filter(record.c.gone.is_not(None)).label("withdrawn"),
        count().filter(record.c.error.is_not(None)).label("errors"),
        count().filter(sa.func.jsonb_array_length(record.c.problems) > 0).label("problems"),
    ).where(record.c.source_id == source_id)
    return {
        name: int(number) for name, number in model.Session.execute(found).mappings().one().items()
    }


def _last_success(source_id: str) -> str | None:
    good = [code for code, each in codelists.outcomes().items() if each["level"] != "bad"]
    newest = sa.select(sa.func.max(run.c.finished)).where(
        run.c.source_id == source_id, run.c.outcome.in_(good)
    )
    return _moment(model.Session.scalar(newest))


def _record(row: Any) -> Told:
    return {
        "id": row.guid,
        "title": row.dataset_title or row.title,
        "title_translated": texts(row.extras or {}, "title_translated"),
        "dataset": row.name,
        "url": mask(row.url),
        "version": row.version,
        "rows": row.rows,
        "withdrawn": _moment(row.gone),
        "error": row.error,
        "problems": len(row.problems),
        "checked": _moment(row.checked),
    }


def _last_job(source: HarvestSource) -> Told | None:
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
        "created": _moment(job.created),
        "finished": _moment(job.finished),
        "datasets": counts,
        "errors": [error.message for error in job.gather_errors],
    }


def _moment(moment: Any) -> str | None:
    """Return a moment in UTC, with its zone: ckanext-harvest keeps none."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).isoformat()
