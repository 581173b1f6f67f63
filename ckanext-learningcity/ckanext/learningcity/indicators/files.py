"""Release files: canonical CSV and Parquet, found by the SHA-256 of their bytes.

The bytes depend on the observations alone, so the same observations always make the same file.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from ckan.lib import files

from ckanext.learningcity.addressed import keep, location
from ckanext.learningcity.tables.formulas import WRITTEN, disarm

STORAGE = "learningcity_releases"

#: Excel reads UTF-8 right only behind a byte order mark; every other reader skips it.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


_CHUNK = 256 * 1024


def csv_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as CSV."""
    return csv_head(table.columns) + csv_rows(table)


def csv_head(columns: Iterable[str]) -> bytes:
    """Return the first line of a CSV, behind the byte order mark."""
    return BYTE_ORDER_MARK + ",".join(columns).encode() + b"\n"


def csv_rows(table: pl.DataFrame) -> bytes:
    """Return the rows of a CSV; no spreadsheet runs any of its text as a formula."""
    buffer = io.BytesIO()
    disarm(table, WRITTEN).write_csv(buffer, include_header=False)
    return buffer.getvalue()


def parquet_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet."""
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def keep_release(table: pl.DataFrame) -> tuple[str, str]:
    """Store a release's files; return the checksums of the CSV and of the Parquet."""
    kept = {"csv": csv_bytes(table), "parquet": parquet_bytes(table)}
    csv, parquet = (keep(STORAGE, content, f".{suffix}") for suffix, content in kept.items())
    return csv, parquet


def size(digest: str, suffix: str) -> int:
    """Return the bytes that a stored file has.

    :raises file_keeper.exc.MissingFileError: no such file
    """
    return files.get_storage(STORAGE).size(location(digest, f".{suffix}"))


def stream(digest: str, suffix: str, start: int = 0, length: int | None = None) -> Iterable[bytes]:
    """Return the chunks of a stored file, or of `length` bytes of it from `start` on.

    :raises file_keeper.exc.MissingFileError: no such file
    """
    content = files.get_storage(STORAGE).stream(files.FileData(location(digest, f".{suffix}")))
    if isinstance(content, io.IOBase):
        return _chunks(content, start, length)
    return _cut(content, start, length)


def _chunks(file: Any, start: int, length: int | None) -> Iterator[bytes]:
    """Read a file in pieces: by itself it would give line after line."""
    with file:
        file.seek(start)
        left = sys.maxsize if length is None else length
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _cut(chunks: Iterable[bytes], start: int, length: int | None) -> Iterator[bytes]:
    """Cut the chunks that a remote storage gives down to the bytes wanted."""
    end = sys.maxsize if length is None else start + length
    position = 0
    for chunk in chunks:
        part = chunk[max(start - position, 0) : max(end - position, 0)]
        position += len(chunk)
        if part:
            yield part
        if position >= end:
            return


def table(digest: str) -> pl.DataFrame:
    """Return the table of a stored Parquet file.

    :raises file_keeper.exc.MissingFileError: no such file
    """
    return pl.read_parquet(io.BytesIO(b"".join(stream(digest, "parquet"))))
