"""Slices of the store: filters, an exact total, a stable order and an opaque cursor."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan.model import package_table

from ckanext.learningcity.tables.model import DIMENSIONS, TOTAL

from .model import publication, release, series
from .series import valid

package = package_table

_ORDER = (
    series.c.indicator,
    series.c.ref_area,
    series.c.breakdown,
    series.c.period_type,
    series.c.dataset_id,
)


class CursorError(ValueError):
    """A cursor that this portal did not give."""


@dataclass(frozen=True)
class Slice:
    """What to select; an empty filter selects all.

    `start` and `end` are Gregorian years or periods, both included: `2015`, `2020-Q2`.
    `labels` are the permission labels of the reader, None for one who may read everything.
    """

    indicators: Sequence[str] = ()
    areas: Sequence[str] = ()
    levels: Sequence[str] = ()
    datasets: Sequence[str] = ()
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    start: str | None = None
    end: str | None = None
    as_of: datetime | None = None
    labels: Sequence[str] | None = None


@dataclass(frozen=True)
class Page:
    """Series rows with the observations selected, the exact total and the next page's cursor."""

    rows: list[dict[str, Any]]
    total: int
    cursor: str | None


def search(connection: sa.Connection, wanted: Slice, limit: int, cursor: str | None = None) -> Page:
    """Return one page of the observations of `wanted`, ordered by the series' key and period.

    A cursor carries the moment of the first page, so that a release between two pages neither
    repeats nor drops an observation.

    :param limit: observations a page, 0 for the total alone
    :raises CursorError: the cursor is not one of ours
    """
    skip, moment = _decode(cursor) if cursor else (0, wanted.as_of)
    wanted = replace(wanted, as_of=moment)
    counted = _selected(wanted).add_columns(_count(wanted).label("n")).subquery()
    placed = sa.select(
        counted,
        (sa.func.sum(counted.c.n).over(order_by=counted.c.position) - counted.c.n).label("before"),
        sa.func.sum(counted.c.n).over().label("total"),
    ).subquery()
    page = sa.select(placed).where(
        placed.c.before < skip + limit, placed.c.before + placed.c.n > skip
    )
    rows = [dict(row) for row in connection.execute(page.order_by(placed.c.position)).mappings()]
    total = rows[0]["total"] if rows else _total(connection, wanted)
    for row in rows:
        before = int(row["before"])
        _trim(row, wanted, max(skip - before, 0), skip + limit - before)
    end = skip + limit
    if not limit or end >= total:
        return Page(rows, int(total), None)
    return Page(rows, int(total), _encode(end, moment or _now(connection)))


def _now(connection: sa.Connection) -> datetime:
    return connection.execute(sa.select(sa.func.transaction_timestamp())).scalar_one()


def stream(connection: sa.Connection, wanted: Slice, batch: int) -> Iterator[list[dict[str, Any]]]:
    """Yield all series rows of a slice, in order, `batch` at a time; memory stays flat."""
    selected = _selected(wanted).subquery()
    rows = connection.execution_options(stream_results=True, max_row_buffer=batch).execute(
        sa.select(selected).order_by(selected.c.position)
    )
    for part in rows.mappings().partitions(batch):
        found = [dict(row) for row in part]
        for row in found:
            _trim(row, wanted, 0, len(row["periods"]))
        yield [row for row in found if row["periods"]]


def _total(connection: sa.Connection, wanted: Slice) -> int:
    counted = _selected(wanted).add_columns(_count(wanted).label("n")).subquery()
    return int(
        connection.execute(sa.select(sa.func.coalesce(sa.func.sum(counted.c.n), 0))).scalar_one()
    )


def _selected(wanted: Slice) -> sa.Select[Any]:
    """Return the series of a slice, with their dataset's name and release, numbered in order."""
    newest = sa.select(sa.func.max(release.c.number)).where(
        release.c.dataset_id == series.c.dataset_id
    )
    if wanted.as_of:
        newest = newest.where(release.c.released <= wanted.as_of)
    columns = [column for column in series.c if column.name not in ("id", "valid_from", "valid_to")]
    statement = sa.select(
        *columns,
        package.c.name.label("dataset"),
        newest.scalar_subquery().label("release"),
        sa.func.row_number().over(order_by=_ORDER).label("position"),
    )
    statement = statement.join(package, package.c.id == series.c.dataset_id)
    return statement.where(*_conditions(wanted), *readable(wanted.labels))


def readable(labels: Sequence[str] | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `package` and `publication` by which a reader sees a dataset."""
    conditions: list[sa.ColumnElement[bool]] = [package.c.state == "active"]
    if labels is not None:
        allowed = sa.select(publication.c.dataset_id).where(
            publication.c.permission_labels.overlap(list(labels))
        )
        conditions.append(package.c.id.in_(allowed))
    return conditions


def _conditions(wanted: Slice) -> list[sa.ColumnElement[bool]]:
    conditions = [valid(wanted.as_of)]
    for column, values in (
        (series.c.indicator, wanted.indicators),
        (series.c.ref_area, wanted.areas),
        (series.c.area_level, wanted.levels),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.datasets:
        ids = sa.or_(package.c.id.in_(wanted.datasets), package.c.name.in_(wanted.datasets))
        conditions.append(ids)
    for dimension in DIMENSIONS:
        codes = wanted.dimensions.get(dimension)
        if codes:
            applied = sa.func.coalesce(series.c.dimensions[dimension].astext, TOTAL)
            conditions.append(applied.in_(codes))
    # The periods of a series are sorted: its first and last one tell whether it can hold any.
    if wanted.start:
        last = series.c.periods[sa.func.cardinality(series.c.periods)]
        conditions.append(last >= wanted.start)
    if wanted.end:
        conditions.append(series.c.periods[1] < _after(wanted.end))
    return conditions


def _count(wanted: Slice) -> sa.ColumnElement[int]:
    """Return the number of a series' observations inside the slice's periods."""
    if not (wanted.start or wanted.end):
        return sa.func.cardinality(series.c.periods)
    periods = sa.func.unnest(series.c.periods).table_valued("period").render_derived()
    count, period = sa.select(sa.func.count()).select_from(periods), periods.c.period
    if wanted.start:
        count = count.where(period >= wanted.start)
    if wanted.end:
        count = count.where(period < _after(wanted.end))
    return count.scalar_subquery()


def _after(end: str) -> str:
    """Return what sorts just after every period within `end`: 2020 holds 2020-Q4."""
    return end + "~"


_ARRAYS = (
    "observed",
    "statuses",
    "comments",
    "evidence",
    "period_originals",
    "area_originals",
    "periods",
)


def _trim(row: dict[str, Any], wanted: Slice, first: int, last: int) -> None:
    """Cut the arrays of a series down to the slice's periods, and those to the page."""
    low, high = wanted.start or "", _after(wanted.end) if wanted.end else "~"
    inside = [i for i, period in enumerate(row["periods"]) if low <= period < high][first:last]
    for name in _ARRAYS:
        if row[name] is not None:
            row[name] = [row[name][i] for i in inside]


def _encode(offset: int, moment: datetime) -> str:
    place = json.dumps({"offset": offset, "as_of": moment.isoformat()})
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[int, datetime]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        offset, moment = place["offset"], datetime.fromisoformat(place["as_of"])
    except (ValueError, KeyError, TypeError) as error:
        raise CursorError(cursor) from error
    if not isinstance(offset, int) or offset < 0 or moment.tzinfo is None:
        raise CursorError(cursor)
    return offset, moment
