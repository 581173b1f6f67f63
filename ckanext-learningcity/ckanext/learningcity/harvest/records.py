"""What is known of a source's records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert as upsert

from .model import record

Record = sa.Row[Any]

package = model.package_table


def known(source_id: str, guids: Collection[str]) -> dict[str, Record]:
    """Return the records among `guids` that the source has given before.

    A record whose dataset was purged here is unknown again.
    """
    rows = (
        sa.select(record)
        .join(package, package.c.id == record.c.dataset_id, isouter=True)
        .where(record.c.source_id == source_id, record.c.guid.in_(guids))
        .where(sa.or_(record.c.dataset_id.is_(None), package.c.id.is_not(None)))
    )
    return {row.guid: row for row in model.Session.execute(rows)}


def write(rows: Iterable[Mapping[str, Any]]) -> None:
    """Add or change records; every row has the same columns. The caller commits."""
    values = [{**row, "checked": datetime.now(timezone.utc)} for row in rows]
    if not values:
        return
    insert = upsert(record)
    changed = {
        name: insert.excluded[name] for name in values[0] if name not in ("source_id", "guid")
    }
    statement = insert.on_conflict_do_update(index_elements=["source_id", "guid"], set_=changed)
    # What returns something is sent as one statement, not as one for each row.
    model.Session.execute(statement.returning(record.c.guid), values)


def saw(source_id: str, guids: Collection[str], job_id: str) -> None:
    """Note that the source still lists `guids`, unchanged; the caller commits."""
    if guids:
        rows = record.update().where(record.c.source_id == source_id, record.c.guid.in_(guids))
        model.Session.execute(rows.values(seen=job_id))


def missing(source_id: str, job_id: str) -> list[Record]:
    """Return the records with a dataset that the job has not seen and that are not withdrawn."""
    rows = (
        sa.select(record)
        .join(package, package.c.id == record.c.dataset_id)
        .where(record.c.source_id == source_id, record.c.gone.is_(None), record.c.seen != job_id)
    )
    return list(model.Session.execute(rows.order_by(record.c.guid)))


def has_errors(source_id: str) -> bool:
    """Return whether a record waits for another try."""
    rows = sa.select(record.c.guid).where(
        record.c.source_id == source_id, record.c.error.is_not(None)
    )
    return model.Session.execute(rows.limit(1)).first() is not None


def present(source_id: str, guids: Collection[str]) -> list[Record]:
    """Return the records among `guids` with a dataset that is not withdrawn."""
    found = known(source_id, guids).values()
    return [record for record in found if record.dataset_id and not record.gone]
