"""Searching the store: pages with an exact total, a stable order and an opaque cursor."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from . import selection
from .selection import Slice, after
from .series import LISTS, lists, unpack

__all__ = ["CursorError", "Page", "Slice", "search", "stream"]

#: Series that `stream` takes at a time: the first arrive soon, the others are taken apart together.
_FIRST, _BATCH = 100, 500


class CursorError(ValueError):
    """A cursor that this portal did not give."""


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
    values, stop = wanted.values(), skip + limit
    found = connection.execute(
        selection.page(frozenset(values)), {**values, "skip": skip, "stop": stop}
    )
    rows = [lists(dict(row)) for row in found.mappings()]
    if rows:
        total = int(rows[0]["total"])
    else:
        total = int(connection.execute(selection.total(frozenset(values)), values).scalar_one())
    for row in rows:
        before = int(row["last"] - row["n"])
        _trim(row, wanted, max(skip - before, 0), stop - before)
    if not limit or stop >= total:
        return Page(rows, total, None)
    return Page(rows, total, _encode(stop, moment or _now(connection)))


def stream(connection: sa.Connection, wanted: Slice) -> Iterator[pl.DataFrame]:
    """Yield the observations of a slice, in order, table by table; memory stays flat.

    The tables have the columns of `SCHEMA`, `DATASET` and `RELEASE`.
    """
    values = wanted.values()
    streaming = connection.execution_options(stream_results=True, max_row_buffer=_BATCH)
    rows = streaming.execute(selection.whole(frozenset(values)), values)
    for table in _ahead(rows):
        yield _within(table, wanted)


def _within(table: pl.DataFrame, wanted: Slice) -> pl.DataFrame:
    """Return the observations of the periods that are wanted."""
    if wanted.start:
        table = table.filter(pl.col("TIME_PERIOD") >= wanted.start)
    if wanted.end:
        table = table.filter(pl.col("TIME_PERIOD") < after(wanted.end))
    return table


def _ahead(rows: sa.CursorResult[Any]) -> Iterator[pl.DataFrame]:
    """Yield the rows as tables; the next ones are fetched and taken apart while one is used."""

    def taken(count: int) -> pl.DataFrame | None:
        part = rows.fetchmany(count)
        return unpack(part) if part else None

    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(taken, _FIRST)
        while (table := coming.result()) is not None:
            coming = thread.submit(taken, _BATCH)
            yield table


def _now(connection: sa.Connection) -> datetime:
    return connection.execute(sa.select(sa.func.transaction_timestamp())).scalar_one()


def _trim(row: dict[str, Any], wanted: Slice, first: int, last: int) -> None:
    """Cut the arrays of a series down to the slice's periods, and those to the page."""
    if first <= 0 and last >= len(row["periods"]) and not (wanted.start or wanted.end):
        return
    low, high = wanted.start or "", after(wanted.end) if wanted.end else "~"
    inside = [i for i, period in enumerate(row["periods"]) if low <= period < high][first:last]
    for name in LISTS:
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
