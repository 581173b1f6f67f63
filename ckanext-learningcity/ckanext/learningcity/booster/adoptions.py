"""Adoptions in the database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model import group_table, package_table
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.learningcity.existing import there
from ckanext.learningcity.indicators.titles import texts

from .model import adoption

Adoption = dict[str, Any]

#: How far an adoption is.
STATES = ("planned", "running", "finished", "stopped")


class TwiceError(Exception):
    """The city has recorded this adoption already."""


def create(user_id: str, values: Mapping[str, Any]) -> str:
    """Add an adoption and return its id; the caller commits.

    :raises TwiceError: the city has recorded it already
    """
    there = sa.select(adoption.c.id).where(
        adoption.c.innovation_id == values["innovation_id"],
        adoption.c.organization_id == values["organization_id"],
    )
    if model.Session.execute(there).first():
        raise TwiceError
    now = _now()
    row = {
        "id": str(uuid.uuid4()),
        "history": [_entry(values["state"], user_id, now)],
        "created": now,
        "modified": now,
        **values,
    }
    model.Session.execute(adoption.insert().values(row))
    return row["id"]


def update(adoption_id: str, user_id: str, values: Mapping[str, Any]) -> None:
    """Change an adoption and add to its history; the caller commits."""
    now = _now()
    entry = sa.cast([_entry(values["state"], user_id, now)], JSONB)
    changes = {**values, "modified": now, "history": adoption.c.history + entry}
    model.Session.execute(adoption.update().where(adoption.c.id == adoption_id).values(changes))


def delete(adoption_id: str) -> None:
    """Delete an adoption; the caller commits."""
    model.Session.execute(adoption.delete().where(adoption.c.id == adoption_id))


def get(adoption_id: str) -> Adoption | None:
    """Return an adoption with the names of its innovation and its city."""
    row = model.Session.execute(_rows().where(adoption.c.id == adoption_id)).mappings().first()
    return _described(row) if row else None


def known(adoption_id: str) -> Adoption:
    """Return an adoption as `get` does.

    :raises ObjectNotFound: there is none
    """
    return there(get(adoption_id), tk._("There is no such adoption."))


def search(**wanted: Any) -> list[Adoption]:
    """Return the adoptions of active innovations by active cities, in the order of their start.

    :param wanted: values of columns of the table; None for any
    """
    conditions = [adoption.c[name] == value for name, value in wanted.items() if value is not None]
    rows = _rows().where(
        package_table.c.state == model.State.ACTIVE,
        group_table.c.state == model.State.ACTIVE,
        *conditions,
    )
    order = (adoption.c.started.asc().nulls_last(), group_table.c.name, adoption.c.id)
    return [_described(row) for row in model.Session.execute(rows.order_by(*order)).mappings()]


def _rows() -> sa.Select[Any]:
    return sa.select(
        adoption,
        package_table.c.name.label("innovation"),
        package_table.c.title.label("innovation_title"),
        package_table.c.extras.label("innovation_extras"),
        group_table.c.name.label("organization"),
        group_table.c.title.label("organization_title"),
        group_table.c.extras.label("organization_extras"),
    ).select_from(
        adoption.join(package_table, package_table.c.id == adoption.c.innovation_id).join(
            group_table, group_table.c.id == adoption.c.organization_id
        )
    )


def _described(row: sa.RowMapping) -> Adoption:
    found = dict(row)
    for thing in ("innovation", "organization"):
        extras = found.pop(f"{thing}_extras") or {}
        found[f"{thing}_title_translated"] = texts(extras, "title_translated")
    return found


def _entry(state: str, user_id: str, now: datetime) -> dict[str, str]:
    return {"state": state, "user": user_id, "at": now.isoformat()}


def _now() -> datetime:
    return datetime.now(timezone.utc)
