"""Slices of the store as SQL.

A statement depends on which filters are in use, not on their values. It is made once, because
making it takes SQLAlchemy longer than running it takes PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan.model import package_table

from ckanext.learningcity.tables.model import DIMENSIONS

from .model import breakdown, release, series, withdrawal
from .series import packed_columns, valid
from .visibility import readable

package = package_table

_ORDER = (
    series.c.indicator,
    series.c.ref_area,
    series.c.breakdown,
    series.c.period_type,
    series.c.dataset_id,
)

#: The filters of `Slice` in use: names of its fields, and of breakdowns.
Filters = frozenset[str]


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

    def values(self) -> dict[str, Any]:
        """Return the values of the filters in use, by their names."""
        lists = {
            "indicators": self.indicators,
            "areas": self.areas,
            "levels": self.levels,
            "datasets": self.datasets,
            **self.dimensions,
        }
        found: dict[str, Any] = {name: list(values) for name, values in lists.items() if values}
        if self.start:
            found["start"] = self.start
        if self.end:
            found["end"] = after(self.end)
        if self.as_of:
            found["as_of"] = self.as_of
        if self.labels is not None:
            found["labels"] = list(self.labels)
        return found


def after(end: str) -> str:
    """Return what sorts just after every period within `end`: 2020 holds 2020-Q4."""
    return end + "~"


@cache
def page(filters: Filters) -> sa.Select[Any]:
    """Return the statement for the series from observation `skip` up to `stop`, in order.

    A row has the columns of a series as `series.lists` takes them, `dataset` and `release`, the
    number `n` of its observations in the slice, of those up to its `last`, and the `total`.
    """
    count = _count(filters)
    running = sa.func.sum(count)
    counted = _selected(
        (
            *packed_columns(),
            count.label("n"),
            running.over(order_by=_ORDER).label("last"),
            running.over().label("total"),
        ),
        filters,
    ).subquery()
    skip, stop = sa.bindparam("skip", type_=sa.Integer), sa.bindparam("stop", type_=sa.Integer)
    inside = (counted.c.last > skip, counted.c.last - counted.c.n < stop, counted.c.n > 0)
    return sa.select(counted).where(*inside).order_by(counted.c.last)


@cache
def whole(filters: Filters) -> sa.Select[Any]:
    """Return the statement for all series of a slice, in order, as `series.unpack` takes them."""
    return _selected(packed_columns(), filters).order_by(*_ORDER)


@cache
def total(filters: Filters) -> sa.Select[Any]:
    """Return the statement for the number of observations of a slice."""
    counted = sa.select(sa.func.coalesce(sa.func.sum(_count(filters)), 0))
    return _from_series(counted, filters)


@cache
def datasets(filters: Filters) -> sa.Select[Any]:
    """Return the statement for the ids of the datasets that a slice's observations come from."""
    return _from_series(sa.select(series.c.dataset_id).distinct(), filters)


def _selected(columns: Sequence[sa.ColumnElement[Any]], filters: Filters) -> sa.Select[Any]:
    """Return the series of a slice, with their dataset's name and release."""
    behind = (package.c.name.label("dataset"), _newest(filters).label("release"))
    return _from_series(sa.select(*columns, *behind), filters)


def _from_series(statement: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    statement = statement.join_from(series, package, package.c.id == series.c.dataset_id)
    labels = sa.bindparam("labels", type_=sa.ARRAY(sa.Text)) if "labels" in filters else None
    return statement.where(*_conditions(filters), *readable(labels))


def _moment(filters: Filters) -> sa.BindParameter[datetime] | None:
    return sa.bindparam("as_of", type_=sa.DateTime(timezone=True)) if "as_of" in filters else None


def _newest(filters: Filters) -> sa.ScalarSelect[int]:
    """Return the number of the release that a series' dataset shows."""
    newest = sa.select(sa.func.max(release.c.number)).where(
        release.c.dataset_id == series.c.dataset_id
    )
    moment = _moment(filters)
    if moment is not None:
        newest = newest.where(release.c.released <= moment)
    return newest.scalar_subquery()


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions = [valid(_moment(filters))]
    if "as_of" in filters:  # what is current has never been withdrawn
        taken_back = sa.select(withdrawal.c.number).where(
            withdrawal.c.dataset_id == series.c.dataset_id, withdrawal.c.number == _newest(filters)
        )
        conditions.append(~taken_back.exists())
    if filters & {"indicators", "areas"}:
        conditions.append(series.c.id == sa.any_(_picked(filters)))
    else:
        conditions += _coded(filters, series)
    if "datasets" in filters:
        named = _several("datasets")
        conditions.append(sa.or_(package.c.id.in_(named), package.c.name.in_(named)))
    # The periods of a series are sorted: its first and last one tell whether it can hold any.
    if "start" in filters:
        last = series.c.periods[sa.func.cardinality(series.c.periods)]
        conditions.append(last >= _one("start"))
    if "end" in filters:
        conditions.append(series.c.periods[1] < _one("end"))
    return conditions


def _picked(filters: Filters) -> sa.ColumnElement[Any]:
    """Return the array of the ids of the series that the filters of codes choose, found first.

    PostgreSQL cannot know how few these are. With many datasets it would rather begin with those,
    and look in each of them for what is in one.
    """
    table = series.alias()
    wanted = sa.select(table.c.id).where(*_coded(filters, table))
    if "as_of" not in filters:
        wanted = wanted.where(table.c.valid_to.is_(None))
    return sa.func.array(wanted.scalar_subquery(), type_=sa.ARRAY(sa.BigInteger))


def _coded(filters: Filters, table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on the codes of the series in `table`."""
    conditions: list[sa.ColumnElement[bool]] = [
        table.c[column].in_(_several(name))
        for name, column in (
            ("indicators", "indicator"),
            ("areas", "ref_area"),
            ("levels", "area_level"),
        )
        if name in filters
    ]
    if filters & set(DIMENSIONS):
        conditions.append(table.c.breakdown == sa.any_(_breakdowns(filters)))
    return conditions


def _breakdowns(filters: Filters) -> sa.ColumnElement[Any]:
    """Return the array of the breakdowns that have the codes wanted."""
    matching = sa.select(breakdown.c.breakdown).where(
        *(
            sa.func.split_part(breakdown.c.breakdown, ".", position).in_(_several(name))
            for position, name in enumerate(DIMENSIONS, start=1)
            if name in filters
        )
    )
    return sa.func.array(matching.scalar_subquery(), type_=sa.ARRAY(sa.Text))


def _several(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True, type_=sa.Text)


def _one(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=sa.Text)


def _count(filters: Filters) -> sa.ColumnElement[int]:
    """Return the number of a series' observations inside the slice's periods."""
    if not filters & {"start", "end"}:
        return sa.func.cardinality(series.c.periods)
    periods = sa.func.unnest(series.c.periods).table_valued("period").render_derived()
    count, period = sa.select(sa.func.count()).select_from(periods), periods.c.period
    if "start" in filters:
        count = count.where(period >= _one("start"))
    if "end" in filters:
        count = count.where(period < _one("end"))
    return count.scalar_subquery()
