"""Where observations come from: the releases behind a slice, with what a citation needs of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan.model import group_table, package_table
from sqlalchemy.dialects.postgresql import aggregate_order_by

from . import selection
from .model import release, withdrawal
from .selection import Slice
from .titles import texts
from .visibility import readable

group, package = group_table, package_table


@dataclass(frozen=True)
class Source:
    """A release of a dataset, and who published it.

    Texts in two languages are by language and may lack one or both; the plain ones never do.
    `organization` is empty where nobody owns the dataset. `released` is in UTC.
    """

    dataset_id: str
    dataset: str
    title: str
    title_translated: Mapping[str, str]
    organization: str
    organization_translated: Mapping[str, str]
    license_id: str
    demonstration: bool
    number: int
    released: datetime
    observations: int
    sha256: str
    parquet_sha256: str


def of_slice(connection: sa.Connection, wanted: Slice) -> list[Source]:
    """Return the releases that a slice's observations come from, by the names of their datasets."""
    values = wanted.values()
    ids = list(connection.scalars(selection.datasets(frozenset(values)), values))
    newest = sa.select(release.c.dataset_id, sa.func.max(release.c.number).label("number"))
    newest = newest.where(release.c.dataset_id.in_(ids)).group_by(release.c.dataset_id)
    if wanted.as_of:
        newest = newest.where(release.c.released <= wanted.as_of)
    pairs = sa.select(newest.subquery())
    found = _sources().where(sa.tuple_(release.c.dataset_id, release.c.number).in_(pairs))
    return [_source(row) for row in connection.execute(found)]


def of_release(connection: sa.Connection, dataset: str, number: int) -> Source | None:
    """Return one release of the dataset with this name or id, which the caller may read."""
    found = _sources().where(
        sa.or_(package.c.id == dataset, package.c.name == dataset), release.c.number == number
    )
    row = connection.execute(found).first()
    return _source(row) if row else None


def state(connection: sa.Connection, wanted: Slice) -> tuple[str, datetime | None]:
    """Return a mark that differs whenever a slice may, and the moment of its newest release.

    It stands for all that the reader sees of these datasets at this moment; the filters that choose
    among the observations are not part of it.
    """
    rows = (
        sa.select(
            package.c.id,
            package.c.name,
            sa.func.max(release.c.number).label("number"),
            sa.func.max(release.c.released).label("released"),
            sa.func.count(withdrawal.c.number).label("withdrawn"),
        )
        .join_from(release, package, package.c.id == release.c.dataset_id)
        .outerjoin(withdrawal, _same_release())
        .where(*readable(wanted.labels))
        .group_by(package.c.id, package.c.name)
    )
    if wanted.datasets:
        rows = rows.where(
            sa.or_(package.c.id.in_(wanted.datasets), package.c.name.in_(wanted.datasets))
        )
    if wanted.as_of:
        rows = rows.where(release.c.released <= wanted.as_of)
    each = rows.subquery()
    line = sa.func.concat_ws(" ", each.c.id, each.c.name, each.c.number, each.c.withdrawn)
    lines = sa.func.string_agg(line, aggregate_order_by(sa.literal("\n"), each.c.id))
    marked = sa.select(sa.func.md5(lines), sa.func.max(each.c.released)).select_from(each)
    mark, moment = connection.execute(marked).one()
    return mark or "", moment


def _same_release() -> sa.ColumnElement[bool]:
    return sa.and_(
        withdrawal.c.dataset_id == release.c.dataset_id, withdrawal.c.number == release.c.number
    )


def _sources() -> sa.Select[Any]:
    statement = sa.select(
        release,
        package.c.name,
        package.c.title,
        package.c.extras,
        package.c.license_id,
        group.c.title.label("organization"),
        group.c.extras.label("organization_extras"),
    ).join_from(release, package, package.c.id == release.c.dataset_id)
    return statement.outerjoin(group, group.c.id == package.c.owner_org).order_by(package.c.name)


def _source(row: sa.Row[Any]) -> Source:
    return Source(
        dataset_id=row.dataset_id,
        dataset=row.name,
        title=row.title or row.name,
        title_translated=texts(row.extras, "title_translated"),
        organization=row.organization or "",
        organization_translated=texts(row.organization_extras or {}, "title_translated"),
        license_id=row.license_id or "notspecified",
        demonstration=row.extras.get("demonstration", "").lower() == "true",
        number=row.number,
        released=row.released,
        observations=row.observations,
        sha256=row.sha256,
        parquet_sha256=row.parquet_sha256,
    )
