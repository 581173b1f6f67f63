"""Imports of learning spaces: from an uploaded file to datasets, in one transaction or not at all.

An import is checked when it comes; nothing is written until its publisher chooses. The job that
writes it may be killed: the next tick of the scheduler takes it up again, and rows that are there
already are left alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs, search
from ckan.model.meta import metadata
from ckan.types import Context
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.learningcity import existing
from ckanext.learningcity.desk.check import packed
from ckanext.learningcity.tables.report import Report

from .space_checks import Known, check, plan
from .space_rows import Row, read

#: One row an uploaded file. `migration/learningcity` creates the table.
content_import = sa.Table(
    "learningcity_content_import",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # one of STATES
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),  # whether what is added is a draft
    sa.Column("report", JSONB, nullable=False),  # `desk.check.packed`
    sa.Column("counts", JSONB, nullable=False),  # added, changed, unchanged, faulty
    # The rows without a fault until they are written, then ids until the search has them.
    sa.Column("rows", JSONB, nullable=False),
    sa.Column("reason", sa.Text),  # why it failed
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
)

STATES = ("draft", "writing", "indexing", "written", "cancelled", "failed")
_PROMISED = ("writing", "indexing")  # what a job has to bring to its end

MOST_ROWS = 5_000

Import = dict[str, Any]


class StateError(Exception):
    """What was asked for is not possible any more: the import is not a draft."""


def create(
    content: bytes, filename: str, organization: model.Group, user: model.User, *, private: bool
) -> str:
    """Check a file, keep what it says, and return the import's id; the caller commits.

    :raises ValidationError: the file has too many rows
    """
    report = Report()
    sheet = read(content, report)
    if len(sheet.rows) > MOST_ROWS:
        message = tk._("The file has {found} rows; at most {most}.")
        told = message.format(found=len(sheet.rows), most=MOST_ROWS)
        raise tk.ValidationError({"upload": [told]})
    counts = check(sheet, organization, user.name, report)
    now = _now()
    row = {
        "id": str(uuid.uuid4()),
        "organization_id": organization.id,
        "user_id": user.id,
        "state": "draft",
        "filename": filename,
        "private": private,
        "report": packed(report),
        "counts": counts,
        "rows": [asdict(row) for row in sheet.rows if not row.faulty],
        "created": now,
        "modified": now,
    }
    model.Session.execute(content_import.insert().values(row))
    return row["id"]


def get(import_id: str) -> Import | None:
    """Return an import."""
    one = sa.select(content_import).where(content_import.c.id == import_id)
    row = model.Session.execute(one).mappings().first()
    return dict(row) if row else None


def change(import_id: str, state: str, **values: Any) -> None:
    """Bring a draft into another state, and commit.

    :raises StateError: it is no draft
    """
    _write(import_id, "draft", state, **values)


def begin(import_id: str) -> None:
    """Promise to write a draft, and put that on the queue.

    :raises StateError: it is no draft
    """
    change(import_id, "writing")
    _enqueue(import_id)


def resume() -> None:
    """Put imports on the queue that have lost their job: a process was killed."""
    waiting = set(jobs.get_queue().job_ids)
    promised = sa.select(content_import.c.id).where(content_import.c.state.in_(_PROMISED))
    for import_id in model.Session.scalars(promised):
        if _job_id(import_id) not in waiting:
            _enqueue(import_id)


def run(import_id: str) -> None:
    """Write an import, whole or not at all, and let the search know; the job.

    Only then it is written: who is told so looks for it.
    """
    lock = sa.select(content_import).where(content_import.c.id == import_id).with_for_update()
    found = model.Session.execute(lock).mappings().first()
    if found is None or found["state"] not in _PROMISED:
        model.Session.rollback()
        return
    ids = found["rows"]
    if found["state"] == "writing":
        try:
            ids, counts = _written(found, existing.user(found["user_id"]).name)
        except (tk.ValidationError, tk.NotAuthorized) as error:
            model.Session.rollback()
            _write(import_id, "writing", "failed", reason=_reason(error), rows=[])
            return
        _set(import_id, state="indexing", counts=counts, rows=ids)
    model.Session.commit()
    for package_id in ids:
        search.rebuild(package_id)
    _write(import_id, "indexing", "written", rows=[])


def _written(row: Mapping[str, Any], user: str) -> tuple[list[str], dict[str, int]]:
    """Write the rows without committing; return the ids of what changed, and the counts."""
    organization = existing.organization(row["organization_id"])
    known = Known(organization)
    counts = {**row["counts"], "added": 0, "changed": 0, "unchanged": 0}
    ids: list[str] = []
    for entry in row["rows"]:
        stored = known.find(Row(**entry))
        planned = plan(entry["fields"], stored)
        if planned is None:
            counts["unchanged"] += 1
            continue
        context = Context(user=user, defer_commit=True, return_id_only=True)
        if stored:
            tk.get_action("package_update")(context, planned)
            ids.append(stored["id"])
        else:
            new = {**planned, "owner_org": organization.id, "private": row["private"]}
            ids.append(tk.get_action("package_create")(context, new))
        counts["changed" if stored else "added"] += 1
    return ids, counts


def _write(import_id: str, before: str, state: str, **values: Any) -> None:
    changed = _set(import_id, before, state=state, **values)
    if not changed:
        model.Session.rollback()
        raise StateError
    model.Session.commit()


def _set(import_id: str, before: str | None = None, **values: Any) -> int:
    conditions = [content_import.c.id == import_id]
    if before:
        conditions.append(content_import.c.state == before)
    changing = content_import.update().where(*conditions).values(**values, modified=_now())
    return model.Session.execute(changing).rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _reason(error: tk.ValidationError | tk.NotAuthorized) -> str:
    if isinstance(error, tk.ValidationError):
        return "; ".join(f"{name}: {text}" for name, text in error.error_summary.items())
    return str(error.message or error)


def _job_id(import_id: str) -> str:
    return f"learningcity-import-{import_id}"


def _enqueue(import_id: str) -> None:
    options = {"job_id": _job_id(import_id), "result_ttl": 0}
    tk.enqueue_job(run, [import_id], title="Write an import", rq_kwargs=options)


def _now() -> datetime:
    return datetime.now(timezone.utc)
