"""The record of releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan.model import group_table, package_table

from .model import release
from .query import readable
from .titles import texts

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


def _rows() -> sa.Select[Any]:
    columns = (
        package.c.name,
        package.c.title,
        package.c.extras,
        group.c.name.label("organization"),
    )
    statement = sa.select(release, *columns).join(package, package.c.id == release.c.dataset_id)
    return statement.outerjoin(group, group.c.id == package.c.owner_org)


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
    }
