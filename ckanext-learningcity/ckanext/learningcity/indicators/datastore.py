"""A dataset's current observations in the DataStore, so that `datastore_search` works on them."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan.types import Context
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ckanext.learningcity.tables.codelists import breakdowns, columns
from ckanext.learningcity.tables.model import DIMENSIONS, SCHEMA, TOTAL

#: Columns that are the same for a whole series.
_OF_SERIES = ("INDICATOR", "REF_AREA", "AREA_LEVEL", "PERIOD_TYPE", "UNIT_MEASURE", *DIMENSIONS)

_PIECE = 50_000  # rows

_ID, _FULL_TEXT = "_id", "_full_text"  # what CKAN adds to the columns of a table

_TYPES: dict[Any, str] = {pl.String: "text", pl.Float64: "float8", pl.Date: "date"}


@contextmanager
def filling(resource_id: str, table: pl.DataFrame) -> Iterator[Callable[[], None]]:
    """Fill the DataStore table of `resource_id` with `table` beside other work.

    Gives a function that waits for the last row and then shows all of them at once; where it is not
    called, the table stays as it was. Until then readers of the table wait.
    """
    if not _exists(resource_id):
        _backend().create(Context(), {"resource_id": resource_id, "fields": _fields()}, {})
    with get_write_engine().connect() as connection, ThreadPoolExecutor(1) as beside:
        filled = beside.submit(_fill, connection, resource_id, table)

        def show() -> None:
            filled.result()
            connection.commit()

        yield show


def announce(user: str, resource_id: str) -> None:
    """Tell CKAN that a resource has a DataStore table, and the table what its columns mean."""
    tk.get_action("datastore_create")(
        Context(user=user, ignore_auth=True),
        {"resource_id": resource_id, "fields": _fields(), "force": True},
    )


def _exists(resource_id: str) -> bool:
    with get_write_engine().connect() as connection:
        return sa.inspect(connection).has_table(resource_id)


def _backend() -> Any:
    """Return what makes tables: the action would ask for the resource, which comes later."""
    return DatastoreBackend.get_active_backend()


def _fill(connection: sa.Connection, resource_id: str, table: pl.DataFrame) -> None:
    """Replace all rows, in a transaction that is left open.

    The DataStore's own trigger works out each row's words by itself, which takes most of the time.
    It leaves rows alone that bring their words. A row's are put together here from those of its
    series and its own, and either kind is worked out once for all rows that share it.
    """
    target = identifier(resource_id)
    connection.execute(sa.text(f"TRUNCATE {target}"))
    with _without_indexes(connection, resource_id):
        # Nobody else sees the table now; calling the trigger for nothing takes seconds.
        connection.execute(sa.text(f"ALTER TABLE {target} DISABLE TRIGGER USER"))
        _copy(connection, target, table)
        connection.execute(sa.text(f"ALTER TABLE {target} ENABLE TRIGGER USER"))
    following = sa.text("SELECT setval(pg_get_serial_sequence(:table, :id), :next, false)")
    connection.execute(following, {"table": target, "id": _ID, "next": table.height + 1})


def _text(table: pl.DataFrame, of_series: bool) -> pl.Series:
    """Return what people search rows by, codes, periods and notes: that of series or of the rows.

    Nothing stands there twice, and no word for a total.
    """
    spare: dict[str, Any] = {
        **dict.fromkeys(DIMENSIONS, TOTAL),
        "TIME_PERIOD_ORIGINAL": pl.col("TIME_PERIOD"),
        "REF_AREA_ORIGINAL": pl.col("REF_AREA"),
    }
    words = [
        pl.when(pl.col(name) != spare[name]).then(name) if name in spare else pl.col(name)
        for name, kind in SCHEMA.items()
        if kind is pl.String and (name in _OF_SERIES) is of_series
    ]
    return table.select(pl.concat_str(words, separator=" ", ignore_nulls=True)).to_series()


def _words(connection: sa.Connection, texts: pl.Series) -> pl.Series:
    """Return the words of each text as PostgreSQL writes them, without where they stand in it."""
    known = texts.unique()
    made = sa.text(
        "SELECT CAST(strip(to_tsvector(word)) AS text) FROM unnest(CAST(:texts AS text[])) AS word"
    )
    words = connection.execute(made, {"texts": known.to_list()}).scalars().all()
    return texts.replace_strict(known, pl.Series(words, dtype=pl.String))


def _copy(connection: sa.Connection, target: str, table: pl.DataFrame) -> None:
    """Copy rows into a table that this transaction emptied, in pieces: all at once fill memory."""
    given = [name for name in SCHEMA if table[name].null_count() < table.height]
    columns = ", ".join(map(identifier, (_ID, *given, _FULL_TEXT)))
    command = f"COPY {target} ({columns}) FROM STDIN WITH (FORMAT csv, FREEZE)"
    cursor = connection.connection.cursor()
    pieces = table.with_row_index(_ID, offset=1).iter_slices(_PIECE)
    with get_write_engine().connect() as another, ThreadPoolExecutor(1) as beside:
        for content in _ahead(beside, partial(_written, another, given), pieces):
            cursor.copy_expert(command, io.BytesIO(content))


def _ahead(
    beside: Executor, work: Callable[[pl.DataFrame], bytes], pieces: Iterable[pl.DataFrame]
) -> Iterator[bytes]:
    """Yield what `work` makes of each piece; the next one is made while one is used."""
    waiting: deque[Future[bytes]] = deque()
    for piece in pieces:
        waiting.append(beside.submit(work, piece))
        if len(waiting) > 1:
            yield waiting.popleft().result()
    yield from (future.result() for future in waiting)


def _written(connection: sa.Connection, columns: Sequence[str], piece: pl.DataFrame) -> bytes:
    """Return these columns of rows, with the rows' words, as CSV."""
    words = [_words(connection, _text(piece, of_series)) for of_series in (True, False)]
    full_text = pl.concat_str(words, separator=" ").alias(_FULL_TEXT)
    return piece.select(_ID, *columns, full_text).write_csv(include_header=False).encode()


@contextmanager
def _without_indexes(connection: sa.Connection, resource_id: str) -> Iterator[None]:
    """Take a table's indexes away and make them anew: cheaper than growing them row by row."""
    target = identifier(resource_id)
    found = sa.text(
        "SELECT CAST(CAST(indexrelid AS regclass) AS text) AS name, conname,"
        " pg_get_indexdef(indexrelid) AS definition,"
        " pg_get_constraintdef(pg_constraint.oid) AS rule"
        " FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid"
        " WHERE indrelid = CAST(:table AS regclass)"
    )
    indexes = connection.execute(found, {"table": target}).all()
    for index in indexes:
        if index.conname:
            drop = f"ALTER TABLE {target} DROP CONSTRAINT {identifier(index.conname)}"
        else:
            drop = f"DROP INDEX {index.name}"
        connection.exec_driver_sql(drop)
    yield
    for index in indexes:
        if index.conname:
            rule = f"ADD CONSTRAINT {identifier(index.conname)} {index.rule}"
            connection.exec_driver_sql(f"ALTER TABLE {target} {rule}")
        else:
            connection.exec_driver_sql(index.definition)


def _fields() -> list[dict[str, Any]]:
    known = {**columns(), **breakdowns()}
    fields = []
    for name, kind in SCHEMA.items():
        title = known.get(name, {}).get("name")
        info = {"label": f"{title['th']} ({title['en']})"} if title else {}
        fields.append({"id": name, "type": _TYPES[kind], "info": info})
    return fields
