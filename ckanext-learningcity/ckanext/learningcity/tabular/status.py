"""How far each uploaded table has come, in CKAN's own table of task states."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

import sqlalchemy as sa
from ckan.model.task_status import task_status_table as task
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import insert

from ckanext.learningcity.indicators.model import engine
from ckanext.learningcity.tables.report import Issue

TASK = "learningcity_tabular"

State = Literal["waiting", "running", "loaded", "failed"]


@dataclass(frozen=True)
class Status:
    """What is known of a resource's table.

    `version` is the file that `state` speaks of (see `uploads.version`). `loaded` says what is in
    the DataStore, which after a failure is the file before: `sha256`, `rows`, `sheet`, `above`,
    `below` and `columns` (pairs of heading and id). `issues` say why the file could not be loaded.
    """

    state: State
    version: str
    loaded: Mapping[str, Any] = field(default_factory=dict)
    issues: Sequence[Issue] = ()
    changed: datetime | None = None


def get(resource_id: str) -> Status | None:
    """Return the status of a resource, None if it never had a table."""
    statement = sa.select(task).where(_is(resource_id))
    with engine().connect() as connection:
        row = connection.execute(statement).first()
    if row is None:
        return None
    said = json.loads(row.value)
    issues = [Issue(**issue) for issue in json.loads(row.error or "[]")]
    return Status(row.state, said["version"], said["loaded"], issues, row.last_updated)


def put(resource_id: str, status: Status) -> None:
    """Keep a status, in a transaction of its own: it must outlive a failed request or job."""
    values = {
        "value": json.dumps({"version": status.version, "loaded": dict(status.loaded)}),
        "state": status.state,
        "error": json.dumps([asdict(issue) for issue in status.issues]),
        "last_updated": datetime.now(timezone.utc).replace(tzinfo=None),
    }
    what = {"entity_id": resource_id, "entity_type": "resource", "task_type": TASK, "key": ""}
    new = insert(task).values(id=make_uuid(), **what, **values)
    one = ["entity_id", "task_type", "key"]
    statement = new.on_conflict_do_update(index_elements=one, set_=values)
    with engine().begin() as connection:
        connection.execute(statement)


def remove(resource_id: str) -> None:
    """Forget a resource."""
    with engine().begin() as connection:
        connection.execute(sa.delete(task).where(_is(resource_id)))


def failed(datasets: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the datasets' resources whose file could not be loaded."""
    ids = [file["id"] for dataset in datasets for file in dataset.get("resources") or ()]
    statement = sa.select(task.c.entity_id).where(
        task.c.task_type == TASK, task.c.state == "failed", task.c.entity_id.in_(ids)
    )
    with engine().connect() as connection:
        return set(connection.scalars(statement)) if ids else set()


def _is(resource_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(task.c.entity_id == resource_id, task.c.task_type == TASK)
