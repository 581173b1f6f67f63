"""Release files: canonical CSV and Parquet, found by the SHA-256 of their bytes.

The bytes depend on the observations alone, so the same observations always make the same file.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable

import polars as pl
from ckan.lib import files

STORAGE = "learningcity_releases"

#: Excel reads UTF-8 right only behind a byte order mark; every other reader skips it.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def csv_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as CSV."""
    buffer = io.BytesIO(BYTE_ORDER_MARK)
    buffer.seek(0, io.SEEK_END)
    table.write_csv(buffer)
    return buffer.getvalue()


def parquet_bytes(table: pl.DataFrame) -> bytes:
    """Return a table as Parquet."""
    buffer = io.BytesIO()
    table.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def checksum(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes, suffix: str) -> str:
    """Store `content` unless it is there already, and return its checksum."""
    digest = checksum(content)
    storage = files.get_storage(STORAGE)
    data = files.FileData(_location(digest, suffix))
    if not storage.exists(data):
        storage.upload(data.location, files.make_upload(content))
    return digest


def stream(digest: str, suffix: str) -> Iterable[bytes]:
    """Return the chunks of a stored file.

    :raises file_keeper.exc.MissingFileError: no such file
    """
    return files.get_storage(STORAGE).stream(files.FileData(_location(digest, suffix)))


def _location(digest: str, suffix: str) -> files.Location:
    return files.Location(f"{digest[:2]}/{digest}.{suffix}")
