"""Who wants mail of what. An address gets mail only after its owner followed a confirming link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from . import links, read
from .model import subscription
from .write import new_id

#: What one may subscribe to. The scope `quiet` means: no mail when I am mentioned.
SCOPES = ("all", "space", "topic")
QUIET = "quiet"

Row = dict[str, Any]


def add(user: model.User, scope: str, target: str, now: datetime) -> Row:
    """Subscribe an account; an address that it has confirmed before needs no second time."""
    known = {row["address_hash"] for row in read.subscriptions(user.id)}
    own = links.address_hash(user.email) if user.email else None
    row = {"id": new_id(), "user_id": user.id, "scope": scope, "target": target, "created": now}
    row["address_hash"] = own if own in known else None
    model.Session.execute(insert(subscription).values(row).on_conflict_do_nothing())
    return next(
        row
        for row in read.subscriptions(user.id)
        if (row["scope"], row["target"]) == (scope, target)
    )


def get(subscription_id: str) -> Row | None:
    """Return a subscription."""
    rows = sa.select(subscription).where(subscription.c.id == subscription_id)
    return next((dict(row) for row in model.Session.execute(rows).mappings()), None)


def remove(subscription_id: str) -> None:
    """End a subscription."""
    model.Session.execute(subscription.delete().where(subscription.c.id == subscription_id))


def confirm(subscription_id: str, address_hash: str) -> bool:
    """Note that an address belongs to the account; return False where it is another by now."""
    row = get(subscription_id)
    user = model.User.get(row["user_id"]) if row else None
    if user is None or not user.email or links.address_hash(user.email) != address_hash:
        return False
    own = subscription.update().where(subscription.c.user_id == user.id)
    model.Session.execute(own.values(address_hash=address_hash))
    return True


def confirmed(row: Mapping[str, Any], user: model.User) -> bool:
    """Return whether mail goes by a subscription to the address that the account has now."""
    return bool(user.email) and row["address_hash"] == links.address_hash(user.email)


def of_post(topic_id: str, space_id: str) -> dict[str, Row]:
    """Return the subscriptions that a post of a topic concerns, one for an account: the nearest."""
    wanted = sa.or_(
        sa.and_(subscription.c.scope == "topic", subscription.c.target == topic_id),
        sa.and_(subscription.c.scope == "space", subscription.c.target == space_id),
        subscription.c.scope == "all",
    )
    order = {"all": 0, "space": 1, "topic": 2}
    found = model.Session.execute(sa.select(subscription).where(wanted)).mappings()
    rows = sorted((dict(row) for row in found), key=lambda row: order[row["scope"]])
    return {row["user_id"]: row for row in rows}


def forget() -> None:
    """End the subscriptions of accounts that were deleted."""
    gone = sa.select(model.User.id).where(model.User.state == model.State.DELETED)
    model.Session.execute(subscription.delete().where(subscription.c.user_id.in_(gone)))
    model.Session.commit()


def quiet() -> set[str]:
    """Return the ids of the accounts that want no mail when they are mentioned."""
    rows = sa.select(subscription.c.user_id).where(subscription.c.scope == QUIET)
    return set(model.Session.scalars(rows))
