"""Slices as files, made while they are sent."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from . import query
from .files import BYTE_ORDER_MARK
from .records import FIELDS
from .series import unpack

#: Series a chunk: the first arrives quickly, the rest in pieces large enough to be fast.
_BATCH = 2000


def csv_chunks(engine: sa.Engine, wanted: query.Slice) -> Iterator[bytes]:
    """Yield a slice as CSV with the columns `FIELDS`."""
    yield BYTE_ORDER_MARK + ",".join(FIELDS).encode() + b"\n"
    with engine.connect() as connection:
        for rows in query.stream(connection, wanted, _BATCH):
            if rows:
                yield unpack(rows).write_csv(include_header=False).encode()
