"""Releases: the one way by which observations enter the store."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert

from ckanext.learningcity.tables.model import KEY

from . import files
from . import series as store
from .model import publication, release, series

#: Columns that make a changed observation; the others follow from these and the key.
CONTENT = (
    "OBS_VALUE",
    "OBS_STATUS",
    "COMMENT_OBS",
    "EVIDENCE",
    "TIME_PERIOD_ORIGINAL",
    "REF_AREA_ORIGINAL",
)


class Superseded(Exception):  # noqa: N818 - it says what happened to the publisher's state
    """Somebody published between the check of a table and its publication.

    `current` is the number of the release that is current now.
    """

    def __init__(self, current: int) -> None:
        super().__init__(f"release {current} is current")
        self.current = current


@dataclass(frozen=True)
class Difference:
    """What a new state does to the current one: rows of the table with `SCHEMA`."""

    added: pl.DataFrame
    changed: pl.DataFrame
    removed: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of observations added, changed and removed."""
        return {
            "added": self.added.height,
            "changed": self.changed.height,
            "removed": self.removed.height,
        }

    def __bool__(self) -> bool:
        return any(self.counts.values())


def compare(old: pl.DataFrame, new: pl.DataFrame) -> Difference:
    """Return what turns `old` into `new`; `changed` holds the new rows."""
    if old.is_empty():
        return Difference(added=new, changed=new.clear(), removed=new.clear())
    both = new.join(old, on=KEY, how="inner", suffix="_old", nulls_equal=True)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_old")) for name in CONTENT)
    return Difference(
        added=new.join(old, on=KEY, how="anti", nulls_equal=True),
        changed=both.filter(differs).select(new.columns),
        removed=old.join(new, on=KEY, how="anti", nulls_equal=True),
    )


def preview(connection: sa.Connection, dataset_id: str, table: pl.DataFrame) -> Difference:
    """Return what publishing `table` would do to a dataset now."""
    return compare(store.load(connection, dataset_id), table)


@dataclass(frozen=True)
class Upcoming:
    """The next release of a dataset, which the transaction has locked: `table` replaces `old`."""

    dataset_id: str
    number: int
    old: pl.DataFrame
    table: pl.DataFrame
    difference: Difference


def upcoming(
    connection: sa.Connection, dataset_id: str, table: pl.DataFrame, expected: int | None = None
) -> Upcoming | None:
    """Lock a dataset and return the release that `table` makes, None where nothing would change.

    Two publishers of one dataset wait for each other at the lock.

    :param table: the whole new state, with `tables.model.SCHEMA`, sorted by its `KEY`
    :param expected: the release that `table` was compared with, 0 for none
    :raises Superseded: another release than `expected` is current
    """
    current = lock(connection, dataset_id)
    if expected not in (None, current):
        raise Superseded(current)
    old = store.load(connection, dataset_id)
    difference = compare(old, table)
    if current and not difference:
        return None
    return Upcoming(dataset_id, current + 1, old, table, difference)


def make(
    connection: sa.Connection, coming: Upcoming, *, publisher: str, source: Mapping[str, Any]
) -> dict[str, Any]:
    """Make an upcoming release and return its row. The caller commits.

    The files are stored before the release: left over after a failure they do no harm, missing they
    would.

    :param publisher: the user's id
    :param source: where the observations come from: `url`, `version`, `retrieved`, `agency`, …
    """
    dataset_id, table = coming.dataset_id, coming.table
    moment = _next_moment(connection, dataset_id)
    with ThreadPoolExecutor(1) as beside:
        # Writing files keeps a core of ours busy, filling the store one of PostgreSQL's.
        kept = beside.submit(copy_context().run, files.keep_release, table)
        replace_series(connection, dataset_id, coming.old, table, moment)
        sha256, parquet_sha256 = kept.result()
    row = {
        "dataset_id": dataset_id,
        "number": coming.number,
        "released": moment,
        "publisher": publisher,
        "sha256": sha256,
        "parquet_sha256": parquet_sha256,
        "observations": table.height,
        "source": dict(source),
        **coming.difference.counts,
    }
    connection.execute(release.insert().values(row))
    changed = publication.update().where(publication.c.dataset_id == dataset_id)
    connection.execute(changed.values(release=coming.number))
    return row


def allow(connection: sa.Connection, dataset_id: str, labels: list[str]) -> None:
    """Set who may read a dataset's observations, as CKAN's permission labels."""
    row = upsert(publication).values(dataset_id=dataset_id, permission_labels=labels)
    connection.execute(
        row.on_conflict_do_update(index_elements=["dataset_id"], set_={"permission_labels": labels})
    )


def lock(connection: sa.Connection, dataset_id: str) -> int:
    """Lock the dataset until the transaction ends and return its current release, 0 for none."""
    row = upsert(publication).values(dataset_id=dataset_id).on_conflict_do_nothing()
    connection.execute(row)
    current = sa.select(publication.c.release).where(publication.c.dataset_id == dataset_id)
    return connection.execute(current.with_for_update()).scalar_one()


def _next_moment(connection: sa.Connection, dataset_id: str) -> datetime:
    """Return now, or just after the last release should the clock have gone back."""
    last = sa.select(sa.func.max(release.c.released)).where(release.c.dataset_id == dataset_id)
    previous = connection.execute(last).scalar()
    now = datetime.now(timezone.utc)
    return max(now, previous + timedelta(microseconds=1)) if previous else now


def replace_series(
    connection: sa.Connection,
    dataset_id: str,
    old: pl.DataFrame,
    new: pl.DataFrame,
    moment: datetime,
) -> None:
    """End the series that differ and insert their new state; the others stay untouched."""
    key = ["indicator", "ref_area", "breakdown", "period_type"]
    before, after = store.pack(old), store.pack(new)
    same = before.join(after, on=before.columns, how="inner", nulls_equal=True).select(key)
    ended = before.join(same, on=key, how="anti").select(key)
    if not ended.is_empty():
        columns = [series.c[name] for name in key]
        match = sa.tuple_(*columns).in_(ended.rows())
        of_dataset = sa.and_(series.c.dataset_id == dataset_id, series.c.valid_to.is_(None))
        connection.execute(series.update().where(of_dataset, match).values(valid_to=moment))
    store.insert(connection, after.join(same, on=key, how="anti"), dataset_id, moment)
