"""Rounds of the awards: which state follows from the clock and from what the secretariat did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.learningcity.tables import codelists

from . import clock
from .model import round_

Row = Mapping[str, Any]

#: What the secretariat did with a round: kept in its column `stage`.
DRAFT, ANNOUNCED, DECIDED, PUBLISHED, RECORDED = (
    *("draft", "announced", "decided", "published", "recorded"),
)
#: States that follow from the clock while the stage is `announced`.
OPEN, REVIEW = "open", "review"

#: Thailand has had one offset and no summer time since 1920.
BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")

CALENDAR = ("opens", "closes", "review_until", "publishes")


def state(row: Row) -> str:
    """Return the state of a round now: a key of `round_states` in `codelists/awards.yaml`."""
    if row["stage"] != ANNOUNCED:
        return row["stage"]
    now = clock.now()
    if now < row["opens"]:
        return ANNOUNCED
    return OPEN if now < row["closes"] else REVIEW


def appeals_until(row: Row) -> datetime | None:
    """Return the first moment that is too late for an appeal; None before the decisions."""
    if row["decided"] is None:
        return None
    return row["decided"] + timedelta(days=row["appeal_days"])


def get(round_id: str) -> dict[str, Any] | None:
    """Return a round; None where there is none of this id."""
    return _one(sa.select(round_).where(round_.c.id == round_id))


def lock(round_id: str) -> dict[str, Any]:
    """Return a round, locked until the transaction ends."""
    found = _one(sa.select(round_).where(round_.c.id == round_id).with_for_update())
    assert found  # noqa: S101 - the caller has just read it, and none is ever deleted
    return found


def search() -> list[dict[str, Any]]:
    """Return every round, the newest first."""
    wanted = sa.select(round_).order_by(round_.c.year.desc(), round_.c.id.desc())
    return [dict(row) for row in model.Session.execute(wanted).mappings()]


def criteria(row: Row, category: str) -> dict[str, float]:
    """Return the weights of the criteria that count in a category, in the code list's order."""
    return {name: weight for name, weight in weights(row)[category].items() if weight}


def weights(row: Row) -> dict[str, dict[str, float]]:
    """Return the weights by category and criterion; the database keeps no order of its own."""
    known = codelists.awards("criteria")
    return {
        category: {name: row["weights"][category].get(name, 0) for name in known}
        for category in codelists.awards("categories")
        if category in row["weights"]
    }


def _one(statement: sa.Select[Any]) -> dict[str, Any] | None:
    found = model.Session.execute(statement).mappings().first()
    return dict(found) if found else None
