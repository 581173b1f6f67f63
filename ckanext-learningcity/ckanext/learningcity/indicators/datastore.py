"""A dataset's current observations in the DataStore, so that `datastore_search` works on them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan.types import Context
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ckanext.learningcity.tables.codelists import breakdowns, columns
from ckanext.learningcity.tables.model import DIMENSIONS, SCHEMA, TOTAL

_TYPES: dict[Any, str] = {pl.String: "text", pl.Float64: "float8", pl.Date: "date"}


def load(user: str, resource_id: str, table: pl.DataFrame) -> None:
    """Replace the DataStore table of `resource_id` by `table`; readers see all of it or none.

    The DataStore's own trigger works out each row's words by itself, which takes most of the time.
    It leaves rows alone that bring their words, so they are worked out here for all rows at once,
    from what people search by: codes, periods and notes, not dates and values.
    """
    tk.get_action("datastore_create")(
        Context(user=user, ignore_auth=True),
        {"resource_id": resource_id, "fields": _fields(), "force": True},
    )
    target, names = identifier(resource_id), _list(SCHEMA)
    # Every name in these statements is quoted by `identifier`.
    empty = f"SELECT {names} FROM {target} LIMIT 0"  # noqa: S608
    fill = f"SELECT {names}, to_tsvector(concat_ws(' ', {_words()})) FROM incoming"  # noqa: S608
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS {empty}"))
        _copy(connection, table)
        connection.execute(sa.text(f"TRUNCATE {target} RESTART IDENTITY"))
        with _without_word_index(connection, resource_id):
            connection.execute(sa.text(f"INSERT INTO {target} ({names}, _full_text) {fill}"))


def _words() -> str:
    """Return what the words of a row are taken from: nothing twice, and no word for a total."""
    spare = {
        **dict.fromkeys(DIMENSIONS, f"'{TOTAL}'"),
        "TIME_PERIOD_ORIGINAL": identifier("TIME_PERIOD"),
        "REF_AREA_ORIGINAL": identifier("REF_AREA"),
    }
    return ", ".join(
        f"NULLIF({identifier(name)}, {spare[name]})" if name in spare else identifier(name)
        for name, kind in SCHEMA.items()
        if kind is pl.String
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(identifier(name) for name in names)


def _copy(connection: sa.Connection, table: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    table.write_csv(buffer, include_header=False)
    buffer.seek(0)
    cursor = connection.connection.cursor()
    cursor.copy_expert("COPY incoming FROM STDIN WITH (FORMAT csv)", buffer)


@contextmanager
def _without_word_index(connection: sa.Connection, resource_id: str) -> Iterator[None]:
    """Take the index on `_full_text` away and make it anew: cheaper than growing it row by row."""
    found = sa.text(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename = :table AND indexdef LIKE '%\\_full\\_text%'"
    )
    indexes = connection.execute(found, {"table": resource_id}).all()
    for index in indexes:
        connection.execute(sa.text(f"DROP INDEX {identifier(index.indexname)}"))
    yield
    for index in indexes:
        connection.exec_driver_sql(index.indexdef)


def _fields() -> list[dict[str, Any]]:
    known = {**columns(), **breakdowns()}
    fields = []
    for name, kind in SCHEMA.items():
        title = known.get(name, {}).get("name")
        info = {"label": f"{title['th']} ({title['en']})"} if title else {}
        fields.append({"id": name, "type": _TYPES[kind], "info": info})
    return fields
