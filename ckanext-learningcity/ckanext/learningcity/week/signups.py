"""Sign-ups in the database: a place or the waiting list, in the order in which people came.

Whoever changes the sign-ups of an event locks the row of its dataset first, so two people cannot
take the last place, and nobody overtakes those who wait.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model import package_table

from .model import signup
from .sessions import Session

Signup = dict[str, Any]


class TwiceError(Exception):
    """The e-mail address or number is signed up for this session already."""


@dataclass(frozen=True)
class Counts:
    """How many have a place in a session, and how many wait for one."""

    taken: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Person:
    """What is kept of a person: no more than the host needs.

    `consent` is the version of the text agreed to.
    """

    name: str
    contact: str
    language: str
    consent: str


def lock(event_id: str) -> None:
    """Let nobody else change the sign-ups of an event until the transaction ends."""
    row = sa.select(package_table.c.id).where(package_table.c.id == event_id)
    model.Session.execute(row.with_for_update())


def add(
    event_id: str,
    session: Session,
    person: Person,
    now: datetime,
    told: Mapping[str, Any],
) -> Signup:
    """Give a person a place, or a place on the waiting list; the event is locked.

    :param told: what the session is now, as the person reads it
    :raises TwiceError: the contact is there already
    """
    session_id, capacity = session.id, session.capacity
    counts = of_event(event_id).get(session_id, Counts())
    full = capacity is not None and (counts.taken >= capacity or counts.waiting > 0)
    row = {
        "id": str(uuid.uuid4()),
        "event_id": event_id,
        "session_id": session_id,
        "name": person.name,
        "contact": person.contact,
        "language": person.language,
        "waiting": full,
        "confirmed": None,
        "consent": person.consent,
        "created": now,
        "told": told,
    }
    there = sa.select(signup.c.id).where(
        _of(event_id, session_id), signup.c.contact == person.contact
    )
    if model.Session.execute(there).first():
        raise TwiceError
    model.Session.execute(signup.insert().values(row))
    return row


def get(signup_id: str) -> Signup | None:
    """Return a sign-up."""
    row = model.Session.execute(sa.select(signup).where(signup.c.id == signup_id)).mappings()
    return next((dict(found) for found in row), None)


def confirm(signup_id: str, now: datetime) -> None:
    """Note that a person will come."""
    row = signup.update().where(signup.c.id == signup_id, signup.c.confirmed.is_(None))
    model.Session.execute(row.values(confirmed=now))


def note(signup_id: str, told: Mapping[str, Any]) -> None:
    """Note what a person has been told of the session."""
    model.Session.execute(signup.update().where(signup.c.id == signup_id).values(told=told))


def remove(signup_id: str) -> None:
    """Forget a person."""
    model.Session.execute(signup.delete().where(signup.c.id == signup_id))


def move_up(event_id: str, session_id: str, capacity: int | None) -> list[Signup]:
    """Give free places to those who have waited longest, and return them; the event is locked."""
    counts = of_event(event_id).get(session_id, Counts())
    free = counts.waiting if capacity is None else capacity - counts.taken
    if free <= 0 or not counts.waiting:
        return []
    first = (
        sa.select(signup)
        .where(_of(event_id, session_id), signup.c.waiting.is_(True))
        .order_by(signup.c.created, signup.c.id)
        .limit(free)
    )
    moved = [dict(row) for row in model.Session.execute(first).mappings()]
    ids = [row["id"] for row in moved]
    changed = signup.update().where(signup.c.id.in_(ids))
    model.Session.execute(changed.values(waiting=False))
    return [{**row, "waiting": False} for row in moved]


def position(row: Mapping[str, Any]) -> int | None:
    """Return where in the waiting list a sign-up stands, 1 for the first; None if it does not."""
    if not row["waiting"]:
        return None
    own = sa.tuple_(sa.literal(row["created"]), sa.literal(row["id"]))
    ahead = sa.select(sa.func.count()).where(
        _of(row["event_id"], row["session_id"]),
        signup.c.waiting.is_(True),
        sa.tuple_(signup.c.created, signup.c.id) <= own,
    )
    return model.Session.execute(ahead).scalar_one()


def of_event(event_id: str) -> dict[str, Counts]:
    """Return the counts of an event's sessions that somebody signed up for."""
    return {session: counts for (_, session), counts in counted([event_id]).items()}


def counted(event_ids: Iterable[str]) -> dict[tuple[str, str], Counts]:
    """Return the counts by event and session."""
    waiting = sa.func.count().filter(signup.c.waiting.is_(True))
    rows = (
        sa.select(signup.c.event_id, signup.c.session_id, sa.func.count(), waiting)
        .where(signup.c.event_id.in_(list(event_ids)))
        .group_by(signup.c.event_id, signup.c.session_id)
    )
    found = model.Session.execute(rows)
    return {(event, session): Counts(all_ - wait, wait) for event, session, all_, wait in found}


def listed(event_id: str) -> list[Signup]:
    """Return everybody who signed up for an event, session by session, in order."""
    rows = sa.select(signup).where(signup.c.event_id == event_id)
    order = (signup.c.session_id, signup.c.waiting, signup.c.created, signup.c.id)
    return [dict(row) for row in model.Session.execute(rows.order_by(*order)).mappings()]


def events() -> list[str]:
    """Return the ids of events that somebody signed up for."""
    return list(model.Session.scalars(sa.select(signup.c.event_id).distinct()))


def forget(event_id: str, kept: Iterable[str] = ()) -> int:
    """Delete the sign-ups of an event but those for the sessions `kept`; return how many."""
    rows = signup.delete().where(
        signup.c.event_id == event_id, signup.c.session_id.not_in(list(kept))
    )
    return model.Session.execute(rows).rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _of(event_id: str, session_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(signup.c.event_id == event_id, signup.c.session_id == session_id)
