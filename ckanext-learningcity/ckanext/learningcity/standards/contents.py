"""The bytes of each download: a slice is streamed from the store, a release read from its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import ckan.plugins.toolkit as tk
import polars as pl
from ckan import model

from ckanext.learningcity.indicators import files, query
from ckanext.learningcity.indicators.sources import Source

from . import archive, formats
from .about import About
from .archive import Member
from .dictionary import Codes
from .workbook import MOST_ROWS

Content = tuple[Iterable[bytes], int | None]

_LARGE_ROWS = 2_000_000  # may be more than 2 GB as CSV
_LARGE_BYTES = 2**31 - 1


def of_slice(kind: str, wanted: query.Slice, about: About, moment: datetime | None) -> Content:
    """Return the chunks of a slice and, if known, their bytes in all.

    :param moment: the newest release's that the slice may hold observations of
    """

    def tables() -> Iterator[pl.DataFrame]:
        return formats.slice_tables(wanted)

    if kind == "json":
        return formats.json_chunks(about.metadata(), tables()), None
    if kind == "parquet":
        return formats.parquet(tables)
    if kind == "xlsx":
        return formats.workbook(tables, about, moment or archive.OLDEST)
    if kind == "zip":
        codes = Codes()
        data = Member(
            "data.csv",
            lambda: formats.csv_chunks(about.columns, codes.watch(tables())),
            large=count(wanted) > _LARGE_ROWS,
        )
        return archive.stream(archive.members(about, [data], codes), moment), None
    return formats.csv_chunks(about.columns, tables()), None


def of_release(kind: str, source: Source, about: About) -> Content:
    """Return the chunks of what is made from a release's files: `json`, `xlsx` or `zip`.

    :raises file_keeper.exc.MissingFileError: the storage lacks a file
    """

    def tables() -> Iterator[pl.DataFrame]:
        return formats.release_tables(source.parquet_sha256)

    if kind == "json":
        return formats.json_chunks(about.metadata(), tables()), None
    if kind == "xlsx":
        return formats.workbook(tables, about, source.released)
    codes = Codes()
    for _table in codes.watch(tables()):
        pass
    data = [
        _stored("data.csv", source.sha256, "csv", packed=True),
        _stored("data.parquet", source.parquet_sha256, "parquet", packed=False),
    ]
    return archive.stream(archive.members(about, data, codes), source.released), None


def too_many(rows: int, csv_address: str) -> dict[str, str] | None:
    """Return why `rows` do not fit into a workbook, None if they do."""
    most = min(tk.config["ckanext.learningcity.xlsx_rows_max"], MOST_ROWS)
    if rows <= most:
        return None
    message = tk._(
        "These are {rows} rows; a workbook has room for {most} here. Choose fewer, or take the CSV:"
        " {address}"
    )
    return {"message": message.format(rows=rows, most=most, address=csv_address)}


def count(wanted: query.Slice) -> int:
    """Return the number of a slice's observations."""
    return query.search(model.Session.connection(), wanted, limit=0).total


def _stored(name: str, digest: str, suffix: str, *, packed: bool) -> Member:
    return Member(
        name,
        lambda: files.stream(digest, suffix),
        packed=packed,
        large=files.size(digest, suffix) > _LARGE_BYTES,
    )
