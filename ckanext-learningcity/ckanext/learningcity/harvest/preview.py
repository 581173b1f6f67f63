"""What a run would do. It asks the source and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestSource

from ckanext.learningcity.harvesters.base import Ref, Source
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.session import Session
from ckanext.learningcity.indicators import release

from . import config, judge, problems, records
from .model import record
from .package import dataset_id
from .runs import now

#: Datasets that are told one by one; the counts are of all.
LISTED = 500
#: Longer than this somebody who waits for the answer does not wait.
PATIENCE = timedelta(seconds=60)

Told = dict[str, Any]


def preview(harvest_source: HarvestSource) -> Told:
    """Return what a run would do.

    :returns: `counts` by status, and of what the source has `withheld`; `datasets`, those that are
        not unchanged first, each with `id`, `title`, `status` (new, changed, unchanged, withdrawn,
        error), the counts of observations `added`, `changed` and `removed`, `error` (`code`,
        `detail`) and `problems`; `whole`, false where the time was over before the listing ended;
        `refused`, the code of the outcome by which a run would withdraw nothing
    :raises SourceError: the source cannot be listed
    """
    source = config.source_of(harvest_source)
    counts: Counter[str] = Counter()
    told: list[Told] = []
    seen: set[str] = set()
    end, whole = now() + PATIENCE, True
    with config.session() as session:
        for ref in source.refs(session):
            if now() > end:
                whole = False
                break
            counts["withheld"] += bool(ref.withheld)
            if ref.deleted or ref.withheld or ref.id in seen:
                continue
            seen.add(ref.id)
            one = _one(source, session, str(harvest_source.id), ref)
            counts[one["status"]] += 1
            told.append(one)
    gone = list(_gone(str(harvest_source.id), seen)) if whole and source.lists_all else []
    expected = len(gone) + sum(counts[name] for name in ("changed", "unchanged", "error"))
    counts["withdrawn"] = len(gone)
    refused = _refused(len(seen), len(gone), expected)
    told = sorted([*gone, *told], key=lambda one: one["status"] == "unchanged")
    listed = {"datasets": told[:LISTED], "whole": whole, "refused": refused}
    return {"counts": {name: number for name, number in counts.items() if number}, **listed}


def _refused(listed: int, gone: int, expected: int) -> str | None:
    if not listed and expected:
        return "nothing_listed"
    return "mostly_gone" if judge.too_many(gone, expected) else None


def _one(source: Source, session: Session, source_id: str, ref: Ref) -> Told:
    told: Told = {"id": ref.id, "title": ref.title}
    known = records.known(source_id, [ref.id]).get(ref.id)
    if known is not None and judge.same_version(known, ref):
        return {**told, "status": "unchanged"}
    try:
        harvested = source.read(source.fetch(session, ref))
    except SourceError as error:
        return {**told, "status": "error", "error": problems.of_source(error)}
    error = judge.shrunk(known, harvested)
    if error:
        return {**told, "status": "error", "error": error}
    if known is not None and not known.gone and known.fingerprint == harvested.fingerprint():
        return {**told, "status": "unchanged"}
    counts: dict[str, int] = {}
    if harvested.table is not None:
        connection = model.Session.connection()
        counts = release.preview(connection, dataset_id(harvested), harvested.table).counts
    status = "changed" if known is not None and known.dataset_id else "new"
    return {**told, "status": status, **counts, "problems": problems.of_mapping(harvested)}


def _gone(source_id: str, seen: set[str]) -> Iterator[Told]:
    rows = sa.select(record).where(
        record.c.source_id == source_id, record.c.dataset_id.is_not(None), record.c.gone.is_(None)
    )
    for row in model.Session.execute(rows.order_by(record.c.guid)):
        if row.guid not in seen:
            yield {"id": row.guid, "title": row.title, "status": "withdrawn"}
