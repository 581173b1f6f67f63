"""A dataset's current observations in the DataStore, so that `datastore_search` works on them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan.types import Context
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ckanext.learningcity.tables.codelists import breakdowns, columns
from ckanext.learningcity.tables.model import DIMENSIONS, SCHEMA, TOTAL

#: Columns that are the same for a whole series.
_OF_SERIES = ("INDICATOR", "REF_AREA", "AREA_LEVEL", "PERIOD_TYPE", "UNIT_MEASURE", *DIMENSIONS)

_TYPES: dict[Any, str] = {pl.String: "text", pl.Float64: "float8", pl.Date: "date"}


def load(user: str, resource_id: str, table: pl.DataFrame) -> None:
    """Replace the DataStore table of `resource_id` by `table`; readers see all of it or none.

    The DataStore's own trigger works out each row's words by itself, which takes most of the time.
    It leaves rows alone that bring their words. A row's are put together here from those of its
    series and its own, and either kind is worked out once for all rows that share it.
    """
    tk.get_action("datastore_create")(
        Context(user=user, ignore_auth=True),
        {"resource_id": resource_id, "fields": _fields(), "force": True},
    )
    target, names = identifier(resource_id), ", ".join(map(identifier, SCHEMA))
    # Every name in these statements is quoted by `identifier`.
    empty = f"SELECT {names}, 0 AS shared, 0 AS own FROM {target} LIMIT 0"  # noqa: S608
    fill = (
        f"INSERT INTO {target} ({names}, _full_text)"  # noqa: S608
        f" SELECT {names}, shared_words.words || own_words.words FROM incoming"
        " JOIN shared_words ON shared_words.id = shared JOIN own_words ON own_words.id = own"
    )
    shared, own = (_numbered(_text(table, kind)) for kind in (True, False))
    rows = table.select(*SCHEMA, shared=shared.get_column("id"), own=own.get_column("id"))
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS {empty}"))
        _copy(connection, "incoming", rows)
        _words(connection, "shared_words", shared)
        _words(connection, "own_words", own)
        connection.execute(sa.text(f"TRUNCATE {target} RESTART IDENTITY"))
        with _without_word_index(connection, resource_id):
            # Nobody else sees the table now; calling the trigger for nothing takes seconds.
            connection.execute(sa.text(f"ALTER TABLE {target} DISABLE TRIGGER USER"))
            connection.execute(sa.text(fill))
            connection.execute(sa.text(f"ALTER TABLE {target} ENABLE TRIGGER USER"))


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


def _numbered(texts: pl.Series) -> pl.DataFrame:
    """Return texts as `text` and with the same `id` where they are the same."""
    return pl.DataFrame({"text": texts, "id": texts.rank("dense").cast(pl.Int32)})


def _words(connection: sa.Connection, name: str, numbered: pl.DataFrame) -> None:
    """Make a temporary table of the words of each text; where they stand in it says nothing."""
    create = f"CREATE TEMPORARY TABLE {name} (id integer, text text, words tsvector) ON COMMIT DROP"
    connection.execute(sa.text(create))
    _copy(connection, f"{name} (text, id)", numbered.unique())
    connection.execute(sa.text(f"UPDATE {name} SET words = strip(to_tsvector(text))"))  # noqa: S608
    connection.execute(sa.text(f"ANALYZE {name}"))


def _copy(connection: sa.Connection, target: str, table: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    table.write_csv(buffer, include_header=False)
    buffer.seek(0)
    cursor = connection.connection.cursor()
    cursor.copy_expert(f"COPY {target} FROM STDIN WITH (FORMAT csv)", buffer)


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
