"""How many hits have each value of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import fields, parameters
from .model import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .conditions import Condition

Counts = dict[str, list[str | int]]


def count(connection: sa.Connection, where: Condition, asked: Mapping[str, Any]) -> Counts:
    """``{field: [value, count, value, count, …]}``, most frequent first, as Solr lists them.

    :param where: what the hits are
    :param asked: Solr's ``facet``, ``facet.field``, ``facet.limit``, ``facet.mincount``
    """
    names = parameters.listed(asked.get("facet.field"))
    if not names or str(asked.get("facet", "false")).lower() not in ("true", "on", "1"):
        return {}
    limit = parameters.whole(asked, "facet.limit", 100)
    least = max(1, parameters.whole(asked, "facet.mincount", 0))
    counted: Counts = {name: [] for name in names}
    for name, value, number in _counts(connection, where, names, limit, least):
        counted[name] += [value, number]
    return counted


def _counts(
    connection: sa.Connection, where: Condition, names: list[str], limit: int, least: int
) -> Iterator[tuple[str, str, int]]:
    together = [name for name in names if fields.faceted(name)]
    if together:
        pair = sa.func.unnest(document.c.facets).label("value")
        for value, number in connection.execute(
            _most_frequent(sa.select(pair).where(where), limit, least, together)
        ):
            name, _, rest = value.partition("=")
            yield name, rest, number
    for name in set(names).difference(together):
        each = sa.func.jsonb_array_elements_text(document.c.keywords[name]).label("value")
        for value, number in connection.execute(
            _most_frequent(sa.select(each).where(where), limit, least)
        ):
            yield name, value, number


def _most_frequent(
    values: sa.Select[Any], limit: int, least: int, names: list[str] | None = None
) -> sa.Select[Any]:
    """Value and number of the most frequent values, of each field in ``names`` if given."""
    value = values.subquery().c.value
    number = sa.func.count()
    field = sa.func.split_part(value, "=", 1) if names else sa.literal("")
    counted = (
        sa.select(
            value,
            number.label("number"),
            sa.func.row_number()
            .over(partition_by=field, order_by=(number.desc(), value))
            .label("place"),
        )
        .group_by(value)
        .having(sa.and_(number >= least, field.in_(names or [""])))
        .subquery()
    )
    chosen = sa.select(counted.c.value, counted.c.number).order_by(counted.c.place)
    return chosen.where(counted.c.place <= limit) if limit >= 0 else chosen
