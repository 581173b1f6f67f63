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

_PIECE = 100_000  # rows

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
    target = identifier(resource_id)
    names = ", ".join(map(identifier, (*SCHEMA, "_full_text")))
    with get_write_engine().begin() as connection:
        words = [_words(connection, _text(table, of_series)) for of_series in (True, False)]
        rows = table.select(*SCHEMA, pl.concat_str(words, separator=" ").alias("_full_text"))
        connection.execute(sa.text(f"TRUNCATE {target} RESTART IDENTITY"))
        with _without_word_index(connection, resource_id):
            # Nobody else sees the table now; calling the trigger for nothing takes seconds.
            connection.execute(sa.text(f"ALTER TABLE {target} DISABLE TRIGGER USER"))
            _copy(connection, f"{target} ({names})", rows)
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
    cursor = connection.connection.cursor()
    for piece in table.iter_slices(_PIECE):
        content = io.BytesIO(piece.write_csv(include_header=False).encode())
        cursor.copy_expert(f"COPY {target} FROM STDIN WITH (FORMAT csv, FREEZE)", content)


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
