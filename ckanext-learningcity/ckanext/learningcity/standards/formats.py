"""Tables of observations in the formats of the downloads, and what they are made from."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import IO, Any

import polars as pl
from polars.io.plugins import register_io_source

from ckanext.learningcity.indicators import files, query
from ckanext.learningcity.indicators.model import engine
from ckanext.learningcity.tables.model import SCHEMA

from .about import About
from .workbook import write as write_workbook

_FORMAT = "1"  # change it when the same data make other bytes, or caches keep the old ones
_WRITERS = ("polars", "xlsxwriter")

_ROWS = 100_000  # a table
_CHUNK = 256 * 1024

Tables = Callable[[], Iterator[pl.DataFrame]]


def slice_tables(wanted: query.Slice) -> Iterator[pl.DataFrame]:
    """Yield the observations of a slice in tables with `records.FIELDS`; memory stays flat."""
    with engine().connect() as connection:
        yield from query.stream(connection, wanted)


def release_tables(parquet_sha256: str) -> Iterator[pl.DataFrame]:
    """Return the observations of a release in tables with `tables.model.SCHEMA`; memory stays flat.

    :raises file_keeper.exc.MissingFileError: no such file
    """
    # A storage may be far away; parts of a table are read from a file at hand.
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115 - it outlives this function
    file.writelines(files.stream(parquet_sha256, "parquet"))
    file.flush()
    return _batches(file)


def _batches(file: IO[bytes]) -> Iterator[pl.DataFrame]:
    with file:
        whole, start = pl.scan_parquet(file.name), 0
        while not (table := whole.slice(start, _ROWS).collect()).is_empty():
            yield table
            start += _ROWS


def tag(kind: str, *parts: Any) -> str:
    """Return a mark of what is made of `parts`: the versions of what makes it are in it."""
    made_by = [_FORMAT, kind, *(version(name) for name in _WRITERS)]
    text = json.dumps([*made_by, *parts], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def csv_chunks(columns: Iterable[str], tables: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """Yield tables as one CSV."""
    yield files.csv_head(columns)
    for table in tables:
        yield files.csv_rows(table)


def json_chunks(meta: Mapping[str, Any], tables: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """Yield `{"meta": …, "data": […]}`, a record a line."""
    yield b'{"meta": ' + json.dumps(meta, ensure_ascii=False).encode() + b',\n"data": ['
    between = b"\n"
    for table in tables:
        if not table.is_empty():
            lines = io.BytesIO()
            table.write_ndjson(lines)
            yield between + lines.getvalue().rstrip(b"\n").replace(b"\n", b",\n")
            between = b",\n"
    yield b"\n]}\n"


def parquet(tables: Tables) -> tuple[Iterator[bytes], int]:
    """Return the chunks of tables as one Parquet file, and its bytes in all."""

    def source(
        columns: list[str] | None, _filter: object, _rows: object, _batch: object
    ) -> Iterator[pl.DataFrame]:
        for table in tables():
            yield table.select(columns) if columns is not None else table

    schema = {**SCHEMA, "DATASET": pl.String, "RELEASE": pl.Int64}
    rows = register_io_source(source, schema=schema)
    return _written(lambda file: rows.sink_parquet(file.name, compression="zstd"))


def workbook(tables: Tables, about: About, moment: datetime) -> tuple[Iterator[bytes], int]:
    """Return the chunks of tables as a workbook, and its bytes in all."""
    return _written(lambda file: write_workbook(file, tables(), about, moment))


def _written(write: Callable[[IO[bytes]], object]) -> tuple[Iterator[bytes], int]:
    """Let `write` fill a temporary file, and return its chunks and size; reading ends it."""
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115 - it outlives this function
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.flush()
    size = file.seek(0, 2)
    file.seek(0)
    return _read(file), size


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
