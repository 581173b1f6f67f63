"""The record of releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan.model import group_table, package_table

from .model import release, withdrawal
from .titles import texts
from .visibility import readable

group, package = group_table, package_table


def releases(
    connection: sa.Connection,
    labels: Sequence[str] | None,
    dataset: str | None,
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """Return `count` and `results` of the releases a reader may see, the newest first.

    The user who published stays inside: to the public it is the organization that publishes.
    """
    conditions = readable(labels)
    if dataset:
        conditions.append(_is(dataset))
    joined = release.join(package, package.c.id == release.c.dataset_id)
    count = sa.select(sa.func.count()).select_from(joined).where(*conditions)
    rows = _rows().where(*conditions).order_by(release.c.released.desc())
    found = connection.execute(rows.limit(limit).offset(offset))
    return {
        "count": connection.execute(count).scalar_one(),
        "results": [_described(row) for row in found],
    }


def release_of(connection: sa.Connection, dataset: str, number: int) -> dict[str, Any] | None:
    """Return one release of a dataset that the caller has been allowed to read."""
    row = connection.execute(_rows().where(_is(dataset), release.c.number == number)).first()
    return _described(row) if row else None


def moment_of(
    connection: sa.Connection, labels: Sequence[str] | None, dataset: str, number: int
) -> datetime | None:
    """Return when a release was made, None where the reader may see no such release."""
    joined = release.join(package, package.c.id == release.c.dataset_id)
    wanted = sa.select(release.c.released).select_from(joined)
    wanted = wanted.where(_is(dataset), release.c.number == number, *readable(labels))
    return connection.execute(wanted).scalar()


def _rows() -> sa.Select[Any]:
    columns = (
        withdrawal.c.withdrawn,
        withdrawal.c.reason,
        package.c.name,
        package.c.title,
        package.c.extras,
        group.c.name.label("organization"),
    )
    statement = sa.select(release, *columns).join(package, package.c.id == release.c.dataset_id)
    statement = statement.outerjoin(group, group.c.id == package.c.owner_org)
    same = sa.and_(
        withdrawal.c.dataset_id == release.c.dataset_id, withdrawal.c.number == release.c.number
    )
    return statement.outerjoin(withdrawal, same)


def _is(dataset: str) -> sa.ColumnElement[bool]:
    return sa.or_(package.c.id == dataset, package.c.name == dataset)


def _described(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "dataset": row.name,
        "title": row.title,
        "title_translated": texts(row.extras, "title_translated"),
        "number": row.number,
        "released": row.released.isoformat(),
        "organization": row.organization,
        "observations": row.observations,
        "added": row.added,
        "changed": row.changed,
        "removed": row.removed,
        "sha256": row.sha256,
        "parquet_sha256": row.parquet_sha256,
        "source": row.source,
        "withdrawn": _withdrawn(row),
    }


def _withdrawn(row: sa.Row[Any]) -> dict[str, str] | None:
    if row.withdrawn is None:
        return None
    return {"moment": row.withdrawn.isoformat(), "reason": row.reason}
