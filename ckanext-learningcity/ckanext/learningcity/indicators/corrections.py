"""Taking back what was published: withdrawing a release, and rolling back to one.

Neither touches a release. A withdrawal is a record beside it, and what comes after is a release of
its own, so that the history of a dataset says what happened.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.learningcity.tables.model import SCHEMA

from . import series as store
from .model import release, withdrawal
from .release import lock, make, upcoming


class CorrectionError(Exception):
    """A correction that cannot be made.

    `code` is `unknown` (no such release), `withdrawn` (it has been taken back) or `current` (it is
    what the dataset shows already).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def withdraw(
    connection: sa.Connection, dataset_id: str, number: int, user_id: str, reason: str
) -> dict[str, Any] | None:
    """Take a release back for good, with those that repeat it: nobody is given its state any more.

    If it is the current one, the newest earlier state that differs and stands becomes the next
    release; where there is none, that release is empty. The caller commits.

    :returns: the row of the release that this made, None where another one was current
    :raises CorrectionError: `unknown` or `withdrawn`
    """
    current = lock(connection, dataset_id)
    taken_back = _release(connection, dataset_id, number)
    if not _stands(connection, dataset_id, number):
        raise CorrectionError("withdrawn")
    # A release that was rolled back to has twins, whose files are the very same.
    twins = sa.select(
        release.c.dataset_id,
        release.c.number,
        sa.func.clock_timestamp(),
        sa.literal(user_id),
        sa.literal(reason),
    ).where(release.c.dataset_id == dataset_id, release.c.sha256 == taken_back.sha256)
    columns = ["dataset_id", "number", "withdrawn", "user_id", "reason"]
    connection.execute(insert(withdrawal).from_select(columns, twins).on_conflict_do_nothing())
    if taken_back.sha256 != _release(connection, dataset_id, current).sha256:
        return None
    standing = _last_standing(connection, dataset_id, taken_back.sha256)
    table = (
        store.load(connection, dataset_id, standing.released)
        if standing
        else pl.DataFrame(schema=SCHEMA)
    )
    source = {"kind": "withdrawal", "of": number, "reason": reason}
    if standing:
        source["to"] = standing.number
    coming = upcoming(connection, dataset_id, table)
    return make(connection, coming, publisher=user_id, source=source) if coming else None


def roll_back(
    connection: sa.Connection, dataset_id: str, number: int, user_id: str, reason: str
) -> dict[str, Any]:
    """Make the state of an earlier release the next release. The caller commits.

    :returns: the row of the release that this made
    :raises CorrectionError: `unknown`, `withdrawn` or `current`
    """
    lock(connection, dataset_id)
    wanted = _release(connection, dataset_id, number)
    if not _stands(connection, dataset_id, number):
        raise CorrectionError("withdrawn")
    table = store.load(connection, dataset_id, wanted.released)
    source = {"kind": "rollback", "to": number, "reason": reason}
    coming = upcoming(connection, dataset_id, table)
    if coming is None:
        raise CorrectionError("current")
    return make(connection, coming, publisher=user_id, source=source)


def _release(connection: sa.Connection, dataset_id: str, number: int) -> sa.Row[Any]:
    wanted = sa.select(release).where(
        release.c.dataset_id == dataset_id, release.c.number == number
    )
    found = connection.execute(wanted).first()
    if found is None:
        raise CorrectionError("unknown")
    return found


def _stands(connection: sa.Connection, dataset_id: str, number: int) -> bool:
    taken_back = sa.select(withdrawal.c.number).where(
        withdrawal.c.dataset_id == dataset_id, withdrawal.c.number == number
    )
    return connection.execute(taken_back).first() is None


def _last_standing(connection: sa.Connection, dataset_id: str, sha256: str) -> sa.Row[Any] | None:
    """Return the newest release that stands and whose state is another than `sha256`."""
    taken_back = sa.select(withdrawal.c.number).where(withdrawal.c.dataset_id == dataset_id)
    standing = sa.select(release).where(
        release.c.dataset_id == dataset_id,
        release.c.number.not_in(taken_back),
        release.c.sha256 != sha256,
    )
    return connection.execute(standing.order_by(release.c.number.desc()).limit(1)).first()
