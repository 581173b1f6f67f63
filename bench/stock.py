"""What stock CKAN does with the same observations: its DataStore, loaded, searched, dumped."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import sqlalchemy as sa
from measure import Taken, rate, timed

API_ROWS = 20_000  # stock takes seconds for so many
COPY_ROWS = 500_000

Act = Callable[..., Any]


def loading(act: Act, owner: str, table: pl.DataFrame) -> Iterator[str]:
    """Load some rows as a client does, and some as a loader does; return the faster's rows/s."""
    dataset = act("package_create", name="stock-loading", owner_org=owner)["id"]
    rows = table.head(API_ROWS).with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts()
    create = lambda: act(  # noqa: E731
        "datastore_create", resource={"package_id": dataset}, records=rows, force=True
    )
    _, api = timed(create)
    yield rate("stock: datastore_create with records", API_ROWS, api)
    resource = _create(act, dataset, table)
    part = table.head(COPY_ROWS)
    _, copied = timed(lambda: _copy(resource, part))
    yield rate("stock: COPY under the DataStore's trigger", part.height, copied)
    return max(_speed(API_ROWS, api), _speed(part.height, copied))


def filled(act: Act, owner: str, table: pl.DataFrame, resources: list[str]) -> Iterator[str]:
    """Make one stock table of all observations; return its resource's id.

    The trigger is off, or it would take hours: the table has no words, which no measurement needs.
    """
    name = f"stock-{len(resources)}"
    dataset = act("package_create", name=name, owner_org=owner)["id"]
    resource = _create(act, dataset, table)
    columns = ", ".join(f'"{column}"' for column in table.columns)

    def fill() -> int:
        with _engine().begin() as connection:
            connection.execute(sa.text(f'ALTER TABLE "{resource}" DISABLE TRIGGER USER'))
            count = 0
            for source in resources:
                insert = f'INSERT INTO "{resource}" ({columns}) SELECT {columns} FROM "{source}"'  # noqa: S608
                count += connection.execute(sa.text(insert)).rowcount
        with _engine().begin() as connection:
            connection.execute(sa.text(f'ANALYZE "{resource}"'))
        return count

    rows, taken = timed(fill)
    yield rate("stock: all rows into one table, trigger off", rows, taken)
    return resource


def _create(act: Act, dataset: str, table: pl.DataFrame) -> str:
    kinds = {pl.String: "text", pl.Float64: "float8", pl.Date: "date"}
    fields = [{"id": name, "type": kinds[type(kind)]} for name, kind in table.schema.items()]
    resource = {"package_id": dataset}
    made = act("datastore_create", resource=resource, fields=fields, force=True)
    return made["resource_id"]


def _copy(resource: str, table: pl.DataFrame) -> None:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    content = io.BytesIO(table.write_csv(include_header=False).encode())
    with _engine().begin() as connection:
        cursor = connection.connection.cursor()
        cursor.copy_expert(f'COPY "{resource}" ({columns}) FROM STDIN WITH (FORMAT csv)', content)


def _engine() -> sa.Engine:
    from ckanext.datastore.backend.postgres import get_write_engine  # noqa: PLC0415 - see `portal`

    return get_write_engine()


def _speed(rows: int, taken: Taken) -> float:
    return rows / taken.seconds
