"""Submissions in the database: read, find, change one under lock."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model import group_table, package_table, user_table
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.learningcity.existing import there
from ckanext.learningcity.indicators.titles import texts

from . import roles, states
from .model import submission

Submission = dict[str, Any]


class StateError(Exception):
    """What was asked for is not possible in the submission's `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True)
class Wanted:
    """Filters of `search`. `whose` is `mine`, `to_approve` or nothing; the rest may be None."""

    dataset_id: str | None = None
    organization_id: str | None = None
    state: str | None = None
    whose: str | None = None
    q: str | None = None


def create(user_id: str, dataset_id: str, **values: Any) -> str:
    """Add a draft and return its id; the caller commits."""
    now = _now()
    row = {
        "id": str(uuid.uuid4()),
        "dataset_id": dataset_id,
        "user_id": user_id,
        "state": states.DRAFT,
        "history": [entry("created", user_id)],
        "created": now,
        "modified": now,
        **values,
    }
    model.Session.execute(submission.insert().values(row))
    return row["id"]


def get(submission_id: str) -> Submission | None:
    """Return a submission with the names of its dataset, organization and user."""
    one = _rows().where(submission.c.id == submission_id)
    row = model.Session.execute(one).mappings().first()
    return _described(row) if row else None


def known(submission_id: str) -> Submission:
    """Return a submission as `get` does.

    :raises ObjectNotFound: there is none
    """
    return _there(get(submission_id))


def lock(submission_id: str, act: str) -> Submission:
    """Return a submission with which `act` is possible, locked until the transaction ends.

    :raises ObjectNotFound: there is none
    :raises StateError: it is not possible in the submission's state
    """
    one = sa.select(submission).where(submission.c.id == submission_id).with_for_update()
    row = dict(_there(model.Session.execute(one).mappings().first()))
    if row["state"] not in states.POSSIBLE[act]:
        model.Session.rollback()
        raise StateError(row["state"])
    return row


def write(submission_id: str, happened: dict[str, Any] | None = None, **values: Any) -> None:
    """Change a submission, add what `happened` to its history, and commit."""
    changes: dict[str, Any] = {**values, "modified": _now()}
    if happened:
        changes["history"] = submission.c.history + sa.cast([happened], JSONB)
    model.Session.execute(submission.update().where(_is(submission_id)).values(changes))
    model.Session.commit()


def entry(kind: str, user_id: str, note: str | None = None) -> dict[str, Any]:
    """Return a line of a history: what, who, when and, where it has one, the reason."""
    return {"kind": kind, "user": user_id, "at": _now().isoformat(), "note": note}


def search(
    user: model.User, wanted: Wanted, limit: int, offset: int
) -> tuple[int, list[Submission]]:
    """Return how many submissions `user` may edit that match, and one page, the newest first."""
    conditions = [_editable(user), *_matching(user, wanted)]
    count = sa.select(sa.func.count()).select_from(_joined()).where(*conditions)
    page = _rows().where(*conditions).order_by(submission.c.modified.desc(), submission.c.id)
    found = model.Session.execute(page.limit(limit).offset(offset)).mappings()
    return model.Session.execute(count).scalar_one(), [_described(row) for row in found]


def in_state(state: str, before: datetime | None = None) -> list[Submission]:
    """Return the submissions in `state`, with their files, unchanged since `before`."""
    conditions = [submission.c.state == state, submission.c.file_kept.is_(True)]
    if before:
        conditions.append(submission.c.modified < before)
    rows = model.Session.execute(sa.select(submission).where(*conditions)).mappings()
    return [dict(row) for row in rows]


def remembered(dataset_id: str) -> list[Submission]:
    """Return the newest submissions of a dataset that were published and had a mapping."""
    published = sa.select(submission).where(
        submission.c.dataset_id == dataset_id,
        submission.c.state == states.PUBLISHED,
        submission.c.mapping.is_not(None),
    )
    newest = published.order_by(submission.c.modified.desc()).limit(10)
    return [dict(row) for row in model.Session.execute(newest).mappings()]


def _there(row: Any) -> Any:
    return there(row, tk._("There is no such submission."))


def _is(submission_id: str) -> sa.ColumnElement[bool]:
    return submission.c.id == submission_id


def _joined() -> sa.FromClause:
    return (
        submission.join(package_table, package_table.c.id == submission.c.dataset_id)
        .outerjoin(group_table, group_table.c.id == package_table.c.owner_org)
        .outerjoin(user_table, user_table.c.id == submission.c.user_id)
    )


def _rows() -> sa.Select[Any]:
    return sa.select(
        submission,
        package_table.c.name.label("dataset"),
        package_table.c.title,
        package_table.c.extras.label("dataset_extras"),
        group_table.c.name.label("organization"),
        group_table.c.title.label("organization_title"),
        group_table.c.extras.label("organization_extras"),
        sa.func.coalesce(user_table.c.fullname, user_table.c.name).label("user"),
    ).select_from(_joined())


def _editable(user: model.User) -> sa.ColumnElement[bool]:
    if user.sysadmin:
        return sa.true()
    collaboration = sa.select(model.PackageMember.package_id).where(
        model.PackageMember.user_id == user.id,
        model.PackageMember.capacity.in_(["admin", "editor"]),
    )
    return sa.or_(
        package_table.c.owner_org.in_(roles.organizations(user)),
        package_table.c.id.in_(collaboration),
    )


def _matching(user: model.User, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.dataset_id:
        found.append(submission.c.dataset_id == wanted.dataset_id)
    if wanted.organization_id:
        found.append(package_table.c.owner_org == wanted.organization_id)
    if wanted.state:
        found.append(submission.c.state == wanted.state)
    if wanted.whose == "mine":
        found.append(submission.c.user_id == user.id)
    if wanted.whose == "to_approve":
        found.extend(_awaits(user))
    if wanted.q:
        text = "%" + wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        searched = (
            submission.c.filename,
            package_table.c.title,
            package_table.c.name,
            sa.cast(package_table.c.extras["title_translated"].astext, sa.Text),
        )
        found.append(sa.or_(*(column.ilike(text) for column in searched)))
    return found


def _awaits(user: model.User) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of what waits for the approval of `user`: see `roles.may_approve`."""
    own = [
        submission.c.history.contains([{"kind": kind, "user": user.id}])
        for kind in states.AUTHORSHIP
    ]
    anybody = group_table.c.extras["workflow_approve"].astext.is_distinct_from("admin")
    administered = package_table.c.owner_org.in_(roles.organizations(user, as_admin=True))
    waiting = submission.c.state == states.SUBMITTED
    return [waiting, ~sa.or_(*own), sa.or_(anybody, administered)]


def _described(row: sa.RowMapping) -> Submission:
    found = dict(row)
    extras = found.pop("dataset_extras") or {}
    found["title_translated"] = texts(extras, "title_translated")
    found["demonstration"] = str(extras.get("demonstration", "")).lower() == "true"
    extras = found.pop("organization_extras") or {}
    found["organization_title_translated"] = texts(extras, "title_translated")
    return found


def _now() -> datetime:
    return datetime.now(timezone.utc)
