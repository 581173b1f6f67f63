"""Making everything that is derived again from the release files alone, and proving it the same.

A release's checksum is that of its canonical CSV. So the proof needs no second copy: what the store
and the DataStore hold is written as that CSV once more and must have the same checksum.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ckan.lib.search as index
import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from ckanext.datastore.backend.postgres import get_write_engine, identifier
from file_keeper.core.exceptions import MissingFileError
from sqlalchemy.exc import ProgrammingError

from ckanext.learningcity.addressed import checksum
from ckanext.learningcity.tables.model import KEY, SCHEMA

from . import derived, files
from . import series as store
from .model import publication, release, series
from .release import lock, replace_series


@dataclass(frozen=True)
class Finding:
    """How a dataset compares with its releases.

    `wrong` says in words what differs or is missing; it is empty where all is as it should be.
    """

    dataset: str
    releases: int
    wrong: tuple[str, ...]


def datasets() -> list[str]:
    """Return the ids of all datasets with releases."""
    return list(
        model.Session.scalars(sa.select(release.c.dataset_id).distinct().order_by(sa.text("1")))
    )


def rebuild(user: str, dataset_id: str) -> Finding:
    """Make the series, the resource, the DataStore table and the index of a dataset again.

    Nothing changes if a release file is missing or altered.
    """
    rows = _releases(dataset_id)
    wrong = list(_files(rows))
    if not wrong:
        _series(dataset_id, rows)
        package = model.Package.get(dataset_id)
        if package and package.state == model.State.ACTIVE:
            derived.derive(user, dataset_id)
            index.rebuild(dataset_id)
        return compare(dataset_id)
    return Finding(_name(dataset_id), len(rows), tuple(wrong))


def compare(dataset_id: str) -> Finding:
    """Compare the files, the series and the DataStore table of a dataset with its releases."""
    rows = _releases(dataset_id)
    connection = model.Session.connection()
    wrong = [*_files(rows)]
    wrong += [
        f"the series as of release {row.number} differ"
        for row in rows
        if _sum(store.load(connection, dataset_id, row.released)) != row.sha256
    ]
    if rows and _sum(store.load(connection, dataset_id)) != rows[-1].sha256:
        wrong.append("the current series differ")
    wrong += _datastore(dataset_id, rows[-1].sha256) if rows else ()
    return Finding(_name(dataset_id), len(rows), tuple(wrong))


def unindexed() -> int:
    """Return how many datasets the search index lacks or has too many."""
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    everything = {"rows": 0, "include_private": True, "fq": "dataset_type:*"}
    found = tk.get_action("package_search")(Context(user=user, ignore_auth=True), everything)
    there = sa.select(sa.func.count()).where(model.package_table.c.state == model.State.ACTIVE)
    return abs(found["count"] - model.Session.execute(there).scalar_one())


def _releases(dataset_id: str) -> list[sa.Row[Any]]:
    wanted = sa.select(release).where(release.c.dataset_id == dataset_id)
    return list(model.Session.execute(wanted.order_by(release.c.number)).all())


def _name(dataset_id: str) -> str:
    package = model.Package.get(dataset_id)
    return package.name if package else dataset_id


def _files(rows: list[sa.Row[Any]]) -> Iterator[str]:
    """Yield which release files are missing or altered."""
    for row in rows:
        for suffix, digest in (("csv", row.sha256), ("parquet", row.parquet_sha256)):
            fault = _fault(digest, suffix)
            if fault:
                yield f"the {suffix} file of release {row.number} {fault}"


def _fault(digest: str, suffix: str) -> str | None:
    try:
        content = b"".join(files.stream(digest, suffix))
    except MissingFileError:
        return "is missing"
    return None if checksum(content) == digest else "has been altered"


def _series(dataset_id: str, rows: list[sa.Row[Any]]) -> None:
    """Make all states of a dataset's series again, in one transaction."""
    connection = model.Session.connection()
    lock(connection, dataset_id)
    connection.execute(series.delete().where(series.c.dataset_id == dataset_id))
    old = pl.DataFrame(schema=SCHEMA)
    for row in rows:
        new = files.table(row.parquet_sha256)
        replace_series(connection, dataset_id, old, new, row.released)
        old = new
    behind = publication.update().where(publication.c.dataset_id == dataset_id)
    connection.execute(behind.values(derived=0))
    model.Session.commit()


def _datastore(dataset_id: str, sha256: str) -> list[str]:
    package = model.Package.get(dataset_id)
    if package is None or package.state != model.State.ACTIVE:
        return []
    mine = [r for r in package.resources if tk.asbool(r.extras.get("observations"))]
    if len(mine) != 1:
        return [f"there are {len(mine)} resources of observations"]
    try:
        held = _stored(mine[0].id)
    except ProgrammingError:
        return ["the DataStore table is missing"]
    return [] if _sum(held) == sha256 else ["the DataStore table differs"]


def _stored(resource_id: str) -> pl.DataFrame:
    """Return what a DataStore table holds."""
    names = ", ".join(identifier(name) for name in SCHEMA)
    buffer = io.BytesIO()
    with get_write_engine().connect() as connection:
        cursor = connection.connection.cursor()
        wanted = f"SELECT {names} FROM {identifier(resource_id)}"  # noqa: S608 - quoted
        cursor.copy_expert(f"COPY ({wanted}) TO STDOUT WITH (FORMAT csv, HEADER)", buffer)
    buffer.seek(0)
    return pl.read_csv(buffer, schema=SCHEMA)


def _sum(table: pl.DataFrame) -> str:
    return checksum(files.csv_bytes(table.sort(KEY)))
