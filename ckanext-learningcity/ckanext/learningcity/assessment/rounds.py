"""Evaluations in the database: read, change, and what state follows from which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.learningcity.evaluation.composite import Method
from ckanext.learningcity.evaluation.scorecard import Rules, Target

from .model import evaluation

DRAFT, OPEN, CLOSED, PUBLISHED = "draft", "open", "closed", "published"

#: What can be done with an evaluation: from which states, and the state that follows.
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "open": ((DRAFT,), OPEN),
    "close": ((OPEN,), CLOSED),
    "reopen": ((CLOSED,), OPEN),
    "publish": ((CLOSED,), PUBLISHED),
}


class StateError(Exception):
    """What was asked for is not possible in the evaluation's `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True)
class Evaluation:
    """One evaluation: the places that it compares, and by which rules.

    `readers` are names of organizations whose editors read the grades of other places.
    """

    id: str
    title: Mapping[str, str]
    year: int
    state: str
    areas: Sequence[str]
    method: Method
    rules: Rules
    targets: Mapping[str, Target]
    readers: Sequence[str] = ()
    as_of: datetime | None = None
    dataset: str | None = None
    history: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def create(user: str, values: Mapping[str, Any]) -> None:
    """Add a draft; the caller commits.

    :param values: `id`, `title`, `year` and `definition`
    """
    row = {**values, "state": DRAFT, "created": now(), "history": [happened("created", user)]}
    model.Session.execute(evaluation.insert().values(row))


def get(evaluation_id: str) -> Evaluation | None:
    """Return an evaluation, None where there is none of this id."""
    return _one(sa.select(evaluation).where(evaluation.c.id == evaluation_id))


def lock(evaluation_id: str, states: Sequence[str]) -> Evaluation:
    """Return an evaluation that is in one of `states`, locked until the transaction ends.

    :raises StateError: it is in another one
    """
    found = _one(sa.select(evaluation).where(evaluation.c.id == evaluation_id).with_for_update())
    assert found is not None  # noqa: S101 - the caller has just read it, and none is ever deleted
    if found.state not in states:
        model.Session.rollback()
        raise StateError(found.state)
    return found


def write(evaluation_id: str, what: Mapping[str, Any], **values: Any) -> None:
    """Change an evaluation, add what happened to its history, and commit."""
    history = evaluation.c.history + sa.cast([dict(what)], JSONB)
    changed = evaluation.update().where(evaluation.c.id == evaluation_id)
    model.Session.execute(changed.values({**values, "history": history}))
    model.Session.commit()


def search(states: Sequence[str]) -> list[Evaluation]:
    """Return the evaluations in `states`, the newest first."""
    wanted = sa.select(evaluation).where(evaluation.c.state.in_(states))
    ordered = wanted.order_by(evaluation.c.year.desc(), evaluation.c.created.desc())
    return [_evaluation(row) for row in model.Session.execute(ordered).mappings()]


def happened(kind: str, user: str, reason: str | None = None) -> dict[str, Any]:
    """Return a line of a history."""
    return {"kind": kind, "user": user, "at": now().isoformat(), "reason": reason}


def now() -> datetime:
    """Return the moment, by the database's clock, which also dates releases."""
    return model.Session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()


def _one(statement: sa.Select[Any]) -> Evaluation | None:
    row = model.Session.execute(statement).mappings().first()
    return _evaluation(row) if row else None


def _evaluation(row: sa.RowMapping) -> Evaluation:
    rules = row["definition"]
    return Evaluation(
        id=row["id"],
        title=row["title"],
        year=row["year"],
        state=row["state"],
        areas=rules["areas"],
        method=Method(
            rules["normalisation"], rules["missing"], rules["weights"], rules["coverage"]
        ),
        rules=Rules(row["year"], rules["fresh_years"]),
        targets={
            code: Target(target["value"], target["year"], target["source"])
            for code, target in rules["targets"].items()
        },
        readers=rules["readers"],
        as_of=row["as_of"].astimezone(timezone.utc) if row["as_of"] else None,
        dataset=row["dataset"],
        history=row["history"],
    )
