"""The one way to change the awards' tables, which writes each change into the trail as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from . import clock
from .model import THINGS, event

Row = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """What somebody does to a thing, and why."""

    kind: str
    user_id: str
    reason: str | None = None


def add(thing: str, act: Act, values: Mapping[str, Any]) -> None:
    """Add a row; the caller commits.

    :param values: every column that is not null, with `id`
    """
    table = THINGS[thing]
    model.Session.execute(table.insert().values(dict(values)))
    _write(thing, act, _row(thing, values["id"]))


def change(thing: str, thing_id: str, act: Act, **values: Any) -> None:
    """Change a row; the caller commits. What stays the same is not written down."""
    before = _row(thing, thing_id)
    changes = {name: value for name, value in values.items() if before[name] != value}
    if changes:
        table = THINGS[thing]
        model.Session.execute(table.update().where(table.c.id == thing_id).values(changes))
    if changes or not values:
        _write(thing, act, before, changes)


def events(round_id: str, application: str | None = None) -> list[Row]:
    """Return what happened in a round, or to one application, the first first."""
    found = sa.select(event).where(event.c.round == round_id).order_by(event.c.id)
    if application:
        found = found.where(event.c.application == application)
    return [dict(row) for row in model.Session.execute(found).mappings()]


def replay(happened: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Row]:
    """Return the state that events lead to: rows as `plain` gives them, by thing and id."""
    state: dict[tuple[str, str], Row] = {}
    for entry in happened:
        key = entry["thing"], entry["thing_id"]
        state[key] = {**state.get(key, {}), **entry["changes"]}
    return state


def plain(values: Mapping[str, Any]) -> Row:
    """Return values as the trail keeps them: moments as text in UTC."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value


def _row(thing: str, thing_id: str) -> Row:
    table = THINGS[thing]
    found = model.Session.execute(sa.select(table).where(table.c.id == thing_id))
    return dict(found.mappings().one())


def _write(
    thing: str, act: Act, row: Mapping[str, Any], changes: Mapping[str, Any] | None = None
) -> None:
    entry = {
        "round": row["id"] if thing == "round" else row["round"],
        "application": row["id"] if thing == "application" else row.get("application"),
        "thing": thing,
        "thing_id": row["id"],
        "kind": act.kind,
        "user_id": act.user_id,
        "at": clock.now(),
        "reason": act.reason,
        "changes": plain(row if changes is None else changes),
    }
    model.Session.execute(event.insert().values(entry))
