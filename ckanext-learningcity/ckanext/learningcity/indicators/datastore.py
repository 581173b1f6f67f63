"""A dataset's current observations in the DataStore, so that `datastore_search` works on them."""

from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan.types import Context
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ckanext.learningcity.tables.codelists import breakdowns, columns
from ckanext.learningcity.tables.model import SCHEMA

_TYPES: dict[Any, str] = {pl.String: "text", pl.Float64: "float8", pl.Date: "date"}


def load(user: str, resource_id: str, table: pl.DataFrame) -> None:
    """Replace the DataStore table of `resource_id` by `table`; readers see all of it or none."""
    tk.get_action("datastore_create")(
        Context(user=user, ignore_auth=True),
        {"resource_id": resource_id, "fields": _fields(), "force": True},
    )
    buffer = io.BytesIO()
    table.write_csv(buffer, include_header=False)
    buffer.seek(0)
    target, names = identifier(resource_id), ", ".join(identifier(name) for name in SCHEMA)
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {target} RESTART IDENTITY"))
        cursor = connection.connection.cursor()
        cursor.copy_expert(f"COPY {target} ({names}) FROM STDIN WITH (FORMAT csv)", buffer)


def _fields() -> list[dict[str, Any]]:
    known = {**columns(), **breakdowns()}
    fields = []
    for name, kind in SCHEMA.items():
        title = known.get(name, {}).get("name")
        info = {"label": f"{title['th']} ({title['en']})"} if title else {}
        fields.append({"id": name, "type": _TYPES[kind], "info": info})
    return fields
