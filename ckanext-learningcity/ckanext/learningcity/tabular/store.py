"""A table in the DataStore: put in the place of the last one in a single step, or taken away."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan.types import Context
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import (
    create_alias,
    create_indexes,
    create_table,
    get_write_engine,
    identifier,
)


@dataclass(frozen=True)
class Field:
    """A column of the DataStore: `type` is PostgreSQL's, `info` its entry in the dictionary."""

    id: str
    type: str
    info: dict[str, Any]


@contextmanager
def alone(resource_id: str) -> Iterator[None]:
    """Let only one process at a time work on the table of a resource; others wait."""
    lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))")
    with get_write_engine().begin() as connection:
        connection.execute(lock, {"id": resource_id})
        yield


def dictionary(resource_id: str) -> dict[str, dict[str, Any]]:
    """Return what the data dictionary says by column id, empty where there is no table."""
    backend = DatastoreBackend.get_active_backend()
    if not backend.resource_exists(resource_id):
        return {}
    fields = backend.resource_fields(resource_id, include_meta=False)["fields"]
    return {field["id"]: field.get("info", {}) for field in fields}


def replace(
    resource_id: str, fields: Sequence[Field], table: pl.DataFrame, words: pl.Series
) -> None:
    """Put `table` in the place of a resource's DataStore table.

    The new table is built beside the old one, in one transaction: readers have the old one whole
    until they have the new one whole, and a killed process leaves the old one.

    :param table: text by the ids of `fields`, in their order
    :param words: by which each row is found
    """
    building = f"{resource_id} new"
    described = [{"id": field.id, "type": field.type, "info": field.info} for field in fields]
    with get_write_engine().begin() as connection:
        context = Context(connection=connection)  # pyright: ignore[reportCallIssue] - as they do
        create_table(context, {"resource_id": building, "fields": described}, {})
        _fill(connection, building, fields, table.with_columns(words.alias("_words")))
        aliases = _aliases(connection, resource_id)
        _put(connection, building, resource_id)
        create_indexes(context, {"resource_id": resource_id})
        create_alias(context, {"resource_id": resource_id, "aliases": aliases})
    backend = DatastoreBackend.get_active_backend()
    backend.clear_table_stats(resource_id)
    backend.calculate_record_count(resource_id)


def remove(user: str, resource_id: str) -> None:
    """Take a resource's table away; the resource is no longer active in the DataStore."""
    if dictionary(resource_id):
        context = Context(user=user, ignore_auth=True)
        tk.get_action("datastore_delete")(context, {"resource_id": resource_id, "force": True})


def _fill(
    connection: sa.Connection, target: str, fields: Sequence[Field], table: pl.DataFrame
) -> None:
    """Copy rows into a new table, and only then make its index of words and its trigger."""
    names = ", ".join(identifier(field.id) for field in fields)
    typed = ", ".join(f"CAST({identifier(field.id)} AS {field.type})" for field in fields)
    text = ", ".join(f"{identifier(name)} text" for name in table.columns)
    # Every name in these statements is quoted by `identifier`, every type is one of ours.
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE incoming ({text}) ON COMMIT DROP")
    buffer = io.BytesIO()
    table.write_csv(buffer, include_header=False)
    buffer.seek(0)
    cursor = connection.connection.cursor()
    cursor.copy_expert("COPY incoming FROM STDIN WITH (FORMAT csv)", buffer)
    connection.exec_driver_sql(
        f"INSERT INTO {identifier(target)} ({names}, _full_text)"  # noqa: S608
        f" SELECT {typed}, to_tsvector(_words) FROM incoming"
    )
    method = tk.config["ckan.datastore.default_fts_index_method"]
    connection.exec_driver_sql(
        f"CREATE INDEX {identifier(_index(target))} ON {identifier(target)}"
        f" USING {method} (_full_text)"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {identifier(target)}"
        " FOR EACH ROW EXECUTE PROCEDURE populate_full_text_trigger()"
    )


def _put(connection: sa.Connection, building: str, resource_id: str) -> None:
    """Let the new table take the old one's name; its index gets the name that CKAN looks for."""
    target = identifier(resource_id)
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {target} CASCADE")
    connection.exec_driver_sql(f"ALTER TABLE {identifier(building)} RENAME TO {target}")
    old, new = identifier(_index(building)), identifier(_index(resource_id))
    connection.exec_driver_sql(f"ALTER INDEX {old} RENAME TO {new}")


def _index(table: str) -> str:
    """Return what the DataStore calls the index of words of a table."""
    return hashlib.sha1(f'{table}"_full_text"'.encode(), usedforsecurity=False).hexdigest()


def _aliases(connection: sa.Connection, resource_id: str) -> list[str]:
    """Return the other names of a table, which go with it when it is dropped."""
    statement = sa.text("SELECT name FROM _table_metadata WHERE alias_of = :id ORDER BY name")
    return list(connection.scalars(statement, {"id": resource_id}))
