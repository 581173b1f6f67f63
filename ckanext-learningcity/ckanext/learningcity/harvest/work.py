"""A whole run: list, compare, fetch, read, take in, withdraw.

The listing is a stream that is worked on in batches, so that memory does not grow with the number
of records, and each batch is remembered as done, so that a run goes on where it was interrupted.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestGatherError, HarvestJob

from ckanext.learningcity.harvesters.base import Ref, Source
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.facts import FactsError
from ckanext.learningcity.harvesters.session import Session

from . import config, judge, problems, records, runs, store, withdraw
from .runs import Run
from .store import Item, Place

log = logging.getLogger(__name__)

#: Records of one transaction.
BATCH = 100

Told = Callable[[Run], None]


class Overtime(SourceError):  # noqa: N818 - as the others
    """The run has taken longer than a run may."""

    code = "overtime"


def do(job: HarvestJob, told: Told = lambda _run: None, kind: str = runs.WORKER) -> bool:
    """Do the run of a job, or what is left of it.

    :param told: called after each step with the run
    :param kind: who works on it, see `runs`
    :returns: False where there was nothing to do: the run is done, or another process works on it
    """
    run = runs.take(job, kind)
    if run is None:
        return False
    try:
        _do(run, job, told)
    except runs.Lost:
        model.Session.rollback()
        log.warning("Run %s was taken by another process", run.job_id)
        return False
    told(run)
    return True


def _do(run: Run, job: HarvestJob, told: Told) -> None:
    source_id, owner = run.source_id, model.Package.get(run.source_id)
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    place = Place(user, owner.owner_org if owner else None)
    try:
        source = config.source_of(job.source)
        named: list[str] = []
        with config.session() as session:
            state = None if run.asked.get("full") else source.state(session)
            if state and judge.nothing_new(source_id, state):
                run.end("complete", state=state)
                model.Session.commit()
                return
            for refs in _batches(_listed(run, source.refs(session), named)):
                _batch(run, place, source, session, refs)
                _keep_what_is_loaded()
                told(run)
    except (SourceError, FactsError) as error:
        code = error.code if isinstance(error, SourceError) else "configuration"
        _end(run, code, str(error))
        return
    _withdraw(run, place, state, None if source.lists_all else named)


@cache
def _keep_what_is_loaded() -> None:
    """Spare the collector of garbage what this process keeps anyway: code, lists, a dictionary.

    It looks through all of them again and again, as each batch makes and drops many small objects.
    The first batch has loaded them.
    """
    gc.collect()
    gc.freeze()


def _listed(run: Run, refs: Iterable[Ref], named: list[str]) -> Iterator[Ref]:
    """Yield what is to be taken in; the ids of what the source reports as gone go to `named`."""
    for ref in refs:
        run.listed += 1
        if run.overtime:
            raise Overtime(f"{run.listed} listed")
        # what the source calls deleted, or does not let pass, is withdrawn as what it does not list
        if ref.deleted or ref.withheld:
            named.append(ref.id)
            run.withheld += bool(ref.withheld)
        else:
            yield ref


def _batches(refs: Iterator[Ref]) -> Iterator[list[Ref]]:
    while batch := list(islice(refs, BATCH)):
        yield batch


def _batch(run: Run, place: Place, source: Source, session: Session, refs: list[Ref]) -> None:
    unique = {ref.id: ref for ref in refs}
    known = records.known(run.source_id, unique.keys())
    items: list[Item] = []
    unchanged: list[str] = []
    for guid, ref in unique.items():
        record = known.get(guid)
        if record is not None and record.seen == run.job_id:
            continue  # done before the run was interrupted
        if record is not None and not run.asked.get("full") and judge.same_version(record, ref):
            unchanged.append(guid)
        else:
            items.append(Item(ref, record))
    for item in items:
        _read(run, source, session, item)
    if unchanged:
        records.saw(run.source_id, unchanged, run.job_id)
        run.done += len(unchanged)
        run.step({"unchanged": len(unchanged)})
        model.Session.commit()
    if items:
        store.take_in(run, place, items)


def _read(run: Run, source: Source, session: Session, item: Item) -> None:
    """Fetch and read an item; where that fails, or nothing is new, say so in it."""
    try:
        item.document = source.fetch(session, item.ref)
        harvested = source.read(item.document)
    except SourceError as error:
        item.error, item.status = problems.of_source(error), "errored"
        return
    except Exception as error:  # an adapter's fault with one record leaves the others alone
        log.exception("%s cannot be read", item.ref.url)
        item.error, item.status = problems.of_fault(error), "errored"
        return
    item.mark = harvested.fingerprint()
    before = item.known
    item.error = None if run.confirmed("shrunk") else judge.shrunk(before, harvested)
    if item.error:
        item.status = "errored"
    elif before and before.fingerprint == item.mark and not before.gone:
        item.same = True
    item.harvested = harvested


def _withdraw(run: Run, place: Place, state: str | None, named: list[str] | None) -> None:
    """Withdraw what a complete listing does not name any more, and end the run.

    :param named: what a listing of late changes reports as gone; None where the listing was whole
    """
    whole = named is None
    gone = (
        records.missing(run.source_id, run.job_id)
        if named is None
        else records.present(run.source_id, named)
    )
    if whole and run.listed == 0 and run.expected and not run.confirmed("mostly_gone"):
        _end(run, "nothing_listed", f"{run.expected} → 0")
        return
    if judge.too_many(len(gone), run.expected) and not run.confirmed("mostly_gone"):
        _end(run, "mostly_gone", f"{run.expected} → {run.expected - len(gone)}")
        return
    for record in gone:
        withdraw.withdraw(run, place, record)
    failed = run.counts.get("errors", 0)
    run.end("with_errors" if failed else "complete", state=None if failed else state)
    model.Session.commit()


def _end(run: Run, code: str, detail: str) -> None:
    """End a run that the source has let down, and tell ckanext-harvest."""
    model.Session.rollback()
    error = problems.message({"code": code, "detail": detail})
    job = HarvestJob.get(run.job_id)
    run.end(code, detail)
    model.Session.add(HarvestGatherError(message=error, job=job))
    model.Session.commit()
