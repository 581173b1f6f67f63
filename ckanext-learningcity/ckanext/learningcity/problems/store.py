"""Reported problems in the database, each seen by those whose data it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model import group_table, package_table

from ckanext.learningcity.desk import roles
from ckanext.learningcity.existing import there
from ckanext.learningcity.indicators.titles import texts

from .model import ANSWERED, CLOSED, OPEN, STATES, problem

Problem = dict[str, Any]


def add(values: dict[str, Any], now: datetime) -> int:
    """Keep a report, and return its number."""
    row = problem.insert().values(state=OPEN, created=now, **values)
    return model.Session.execute(row.returning(problem.c.number)).scalar_one()


def get(number: int) -> Problem | None:
    """Return a report."""
    found = model.Session.execute(_rows().where(problem.c.number == number)).mappings().first()
    return _described(found) if found else None


def known(number: int) -> Problem:
    """Return a report as `get` does.

    :raises ObjectNotFound: there is none
    """
    return there(get(number), tk._("There is no such report."))


def visible(user: model.User | None, number: int) -> bool:
    """Return whether `user` may see and answer a report."""
    one = sa.select(problem.c.number).select_from(_joined()).where(problem.c.number == number)
    return user is not None and model.Session.execute(one.where(_seen_by(user))).first() is not None


def search(
    user: model.User, state: str | None, q: str | None, limit: int, offset: int
) -> tuple[dict[str, int], list[Problem]]:
    """Return how many reports `user` sees in each state, and a page of one, the newest first.

    :param state: None for all
    :param q: a part of the text, the dataset's title or name, or the number
    """
    found = [_seen_by(user), *([_about(q)] if q else [])]
    counted = sa.select(problem.c.state, sa.func.count()).select_from(_joined()).where(*found)
    counts = dict(model.Session.execute(counted.group_by(problem.c.state)).tuples().all())
    page = _rows().where(*found, *([problem.c.state == state] if state else []))
    page = page.order_by(problem.c.created.desc(), problem.c.number.desc())
    rows = model.Session.execute(page.limit(limit).offset(offset)).mappings()
    return {name: counts.get(name, 0) for name in STATES}, [_described(row) for row in rows]


def answer(number: int, text: str, user_id: str, now: datetime) -> bool:
    """Keep an answer, in the place of an earlier one; return whether the report was not closed."""
    values = {"answer": text, "answered_by": user_id, "answered": now, "state": ANSWERED}
    return _change(number, values)


def close(number: int, now: datetime) -> bool:
    """Close a report; return whether it was not closed before."""
    return _change(number, {"closed": now, "state": CLOSED})


def forget(before: datetime) -> int:
    """Delete who reported what was closed before a moment; return how many they were."""
    somebody = sa.or_(problem.c.email.is_not(None), problem.c.user_id.is_not(None))
    rows = problem.update().where(problem.c.closed < before, somebody)
    done = model.Session.execute(rows.values(email=None, user_id=None))
    return done.rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _change(number: int, values: dict[str, Any]) -> bool:
    row = problem.update().where(problem.c.number == number, problem.c.state != CLOSED)
    return bool(model.Session.execute(row.values(values)).rowcount)  # pyright: ignore[reportAttributeAccessIssue]


def _seen_by(user: model.User) -> sa.ColumnElement[bool]:
    if user.sysadmin or roles.of_secretariat(user):
        return sa.true()
    return package_table.c.owner_org.in_(roles.organizations(user))


def _about(q: str) -> sa.ColumnElement[bool]:
    text = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    searched: Sequence[sa.ColumnElement[Any]] = (
        problem.c.text,
        problem.c.indicator,
        package_table.c.title,
        package_table.c.name,
        package_table.c.extras["title_translated"].astext,
    )
    number = sa.cast(problem.c.number, sa.Text) == q.lstrip("#")
    return sa.or_(number, *(column.ilike(text) for column in searched))


def _joined() -> sa.FromClause:
    return problem.outerjoin(package_table, package_table.c.id == problem.c.dataset_id).outerjoin(
        group_table, group_table.c.id == package_table.c.owner_org
    )


def _rows() -> sa.Select[Any]:
    return sa.select(
        problem,
        package_table.c.name.label("dataset"),
        package_table.c.type.label("dataset_type"),
        package_table.c.title,
        package_table.c.extras.label("dataset_extras"),
        group_table.c.name.label("organization"),
    ).select_from(_joined())


def _described(row: sa.RowMapping) -> Problem:
    found = dict(row)
    found["title_translated"] = texts(found.pop("dataset_extras") or {}, "title_translated")
    for name in ("created", "answered", "closed"):
        found[name] = found[name].isoformat() if found[name] else None
    return found
