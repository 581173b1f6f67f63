"""A batch of harvested datasets into the portal.

ckanext-harvest takes in one dataset after the other, each in many transactions and with an index
update of its own. Here a batch is one transaction, and its datasets are indexed together. What is
written is the same: `bulk` makes new datasets as `package_create` does, `package_patch` changes the
others, and every record has its harvest object.

First the datasets are written, then their observations are released and the search index follows,
last the records get their fingerprints. A batch that was interrupted between is done again from the
start, which finds what is there and changes nothing twice.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestObject, HarvestObjectError

from ckanext.learningcity.harvesters.base import Document, Harvested, Ref
from ckanext.learningcity.harvesters.packing import pack_document, pack_ref
from ckanext.learningcity.indicators import derived

from . import bulk, index, problems, records
from .links import beside_stored
from .package import dataset_id, package_dict
from .records import Record
from .runs import Run

_OBJECT, _ERROR = HarvestObject.__table__, HarvestObjectError.__table__


@dataclass
class Item:
    """One record of a batch: what was known of it, and what came of it.

    `status` is what ckanext-harvest calls its `report_status`.
    """

    ref: Ref
    known: Record | None
    document: Document | None = None
    harvested: Harvested | None = None
    mark: str | None = None
    error: problems.Error | None = None
    status: str = "not modified"
    same: bool = False  # what the source gives is what the portal has
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def refuse(self, error: tk.ValidationError) -> None:
        """Note that the portal's own rules refuse the dataset."""
        self.error, self.status = problems.of_rules(error), "errored"

    @property
    def wanted(self) -> bool:
        """Whether there is something to write."""
        return self.harvested is not None and not self.same and not self.error

    @property
    def good(self) -> bool:
        """Whether the portal has, or gets, what the source gives."""
        return self.harvested is not None and not self.error

    @property
    def dataset_id(self) -> str | None:
        """The id of the record's dataset, where it has one or is to get one."""
        if self.harvested:
            return dataset_id(self.harvested)
        return self.known.dataset_id if self.known else None


@dataclass(frozen=True)
class Place:
    """Where datasets of a source go, and on whose account."""

    user: str
    owner_org: str | None


def take_in(run: Run, place: Place, items: Sequence[Item]) -> None:
    """Take in a batch, or each of its items alone where the rules refuse one of them."""
    forget(run.job_id)
    wanted = [item for item in items if item.wanted]
    try:
        _write(run, place, items)
    except tk.ValidationError as error:
        model.Session.rollback()
        if len(wanted) > 1:
            for item in items:
                take_in(run, place, [item])
            return
        for item in wanted:
            item.refuse(error)
        _write(run, place, items)
    _release(place, wanted)
    written = {str(item.dataset_id): item.status for item in wanted if item.wanted}
    index.update(written, place.user)
    _settle(run, items)
    model.Session.remove()


def forget(job_id: str) -> None:
    """Delete the objects of a job's batch that was interrupted; it is done again."""
    begun = _OBJECT.c.harvest_job_id == job_id, _OBJECT.c.state.not_in(["COMPLETE", "ERROR"])
    objects = sa.select(_OBJECT.c.id).where(*begun)
    model.Session.execute(_ERROR.delete().where(_ERROR.c.harvest_object_id.in_(objects)))
    model.Session.execute(_OBJECT.delete().where(*begun))


def _write(run: Run, place: Place, items: Sequence[Item]) -> None:
    """Write the datasets and their harvest objects, in one transaction."""
    wanted = [item for item in items if item.wanted]
    states = _states([item.dataset_id for item in wanted])
    for item in wanted:
        if states.get(item.dataset_id) == model.State.DELETED:
            item.same = True  # somebody deleted it here: a harvest does not bring it back
    wanted = [item for item in wanted if item.wanted]
    with tk.signals.action_succeeded.muted():  # `index` adds to the activity streams, all at once
        _write_datasets(place, wanted, states, run.job_id)
    model.Session.flush()
    _write_objects(run, items)
    records.write(_row(run, item, settled=False) for item in wanted if item.wanted)
    run.step()
    model.Session.commit()


def _states(ids: Sequence[str]) -> dict[str, str]:
    found = model.Session.query(model.Package.id, model.Package.state)
    return {row.id: row.state for row in found.filter(model.Package.id.in_(ids))}


def _write_datasets(
    place: Place, items: Sequence[Item], states: Mapping[str, str], job_id: str
) -> None:
    """Make the new datasets together, and change each of the others by CKAN's action."""
    fields = {item.id: _fields(place, item, states) for item in items}
    batch = bulk.Batch(place.user, [fields[i.id] for i in items if i.dataset_id not in states])
    for item in items:
        made_now = item.dataset_id not in states or (
            item.known is not None and item.known.made == job_id
        )
        item.status = "added" if made_now else "updated"
        if item.dataset_id not in states and batch.takes(fields[item.id]):
            try:
                batch.add(fields[item.id])
            except tk.ValidationError as error:
                item.refuse(error)
        else:
            _write_dataset(place, fields[item.id], exists=item.dataset_id in states)
    batch.save()


def _fields(place: Place, item: Item, states: Mapping[str, str]) -> dict[str, Any]:
    assert item.harvested is not None  # noqa: S101 - see `_write`
    fields = {"id": item.dataset_id, **package_dict(item.harvested, place.owner_org)}
    exists = item.dataset_id in states
    if exists and (item.harvested.links or item.harvested.table is None):
        fields["resources"] = beside_stored(fields.get("resources", []), str(item.dataset_id))
    if item.known and item.known.gone:
        fields |= {"withdrawn": "", "withdrawn_reason": ""}
    return fields


def _write_dataset(place: Place, fields: dict[str, Any], *, exists: bool) -> None:
    options = {
        "user": place.user,
        "ignore_auth": True,
        "defer_commit": True,
        "return_id_only": True,
    }
    action = "package_patch" if exists else "package_create"
    tk.get_action(action)(cast(Context, options), fields)


def _write_objects(run: Run, items: Sequence[Item]) -> None:
    moment = datetime.utcnow()  # noqa: DTZ003 - as ckanext-harvest keeps it
    current = _current(items)
    others = _OBJECT.c.package_id.in_(current) & _OBJECT.c.current.is_(True)
    model.Session.execute(_OBJECT.update().where(others).values(current=False))
    rows = [
        {
            "id": item.id,
            "guid": item.ref.id,
            "current": item.good and item.dataset_id in current,
            "gathered": moment,
            "fetch_started": moment,
            "fetch_finished": moment,
            "import_started": moment,
            "content": pack_document(item.document) if item.document else pack_ref(item.ref),
            "state": "IMPORT",
            "retry_times": 0,
            "harvest_job_id": run.job_id,
            "harvest_source_id": run.source_id,
            "package_id": item.dataset_id if item.good else None,
        }
        for item in items
    ]
    model.Session.execute(_OBJECT.insert(), rows)
    errors = [error for item in items for error in _errors(item, moment)]
    if errors:
        model.Session.execute(_ERROR.insert(), errors)


def _current(items: Sequence[Item]) -> set[str | None]:
    """Return the datasets whose present state is what these items give.

    What has not changed keeps the object that it was made of, which the search index names, too.
    """
    good = {item.dataset_id for item in items if item.good}
    made = sa.select(_OBJECT.c.package_id).where(
        _OBJECT.c.package_id.in_(good), _OBJECT.c.current.is_(True)
    )
    changed = {item.dataset_id for item in items if item.wanted}
    return changed | (good - set(model.Session.scalars(made)))


def _errors(item: Item, moment: datetime) -> list[dict[str, Any]]:
    found: list[tuple[str, str, int | None]] = []
    if item.error:
        found.append(("Import" if item.document else "Fetch", problems.message(item.error), None))
    for issue in item.harvested.problems.issues if item.harvested else ():
        if issue.severity == "error" and len(found) < problems.KEPT:
            found.append(("Mapping", issue.message("en"), issue.row))
    return [
        {
            "id": str(uuid.uuid4()),
            "harvest_object_id": item.id,
            "message": message,
            "stage": stage,
            "line": line,
            "created": moment,
        }
        for stage, message, line in found
    ]


def _release(place: Place, items: Sequence[Item]) -> None:
    """Publish the observations of the datasets that have some."""
    for item in items:
        if item.wanted and item.harvested and item.harvested.table is not None:
            source = {"kind": "harvest", **item.harvested.provenance}
            derived.publish(place.user, str(item.dataset_id), item.harvested.table, source)


def _settle(run: Run, items: Sequence[Item]) -> None:
    """Say that the batch is done, in one transaction."""
    moment = datetime.utcnow()  # noqa: DTZ003 - as ckanext-harvest keeps it
    for status in {item.status for item in items}:
        ids = [item.id for item in items if item.status == status]
        done = {"state": "ERROR" if status == "errored" else "COMPLETE", "import_finished": moment}
        model.Session.execute(
            _OBJECT.update().where(_OBJECT.c.id.in_(ids)).values(report_status=status, **done)
        )
    records.write(_row(run, item, settled=True) for item in items)
    run.done += len(items)
    run.step(Counter(_count(item) for item in items))
    model.Session.commit()


def _count(item: Item) -> str:
    if item.known and item.known.gone and item.status == "updated":
        return "restored"
    return {"not modified": "unchanged", "errored": "errors"}.get(item.status, item.status)


def _row(run: Run, item: Item, *, settled: bool) -> dict[str, Any]:
    """Return the record of an item; while it is not `settled`, it counts as not taken in."""
    before, harvested = item.known, None if item.error else item.harvested
    table = harvested.table if harvested else None
    made = run.job_id if item.status == "added" else before and before.made
    return {
        "source_id": run.source_id,
        "guid": item.ref.id,
        "dataset_id": item.dataset_id if harvested else before and before.dataset_id,
        "title": item.ref.title or (before.title if before else ""),
        "url": item.ref.url,
        "version": item.ref.version if harvested and settled else None,
        "fingerprint": (item.mark if harvested else before and before.fingerprint)
        if settled
        else None,
        "seen": run.job_id if settled else (before.seen if before else ""),
        "made": made,
        "gone": (None if harvested else before and before.gone)
        if settled
        else before and before.gone,
        "rows": table.height if table is not None else (before and before.rows),
        "error": item.error,
        "problems": problems.of_mapping(harvested) if harvested else [],
    }
