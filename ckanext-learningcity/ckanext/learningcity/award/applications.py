"""Applications of cities: read, lock, how complete they are, and until when they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model import group_table

from ckanext.learningcity.indicators.titles import texts

from . import clock, rounds
from .model import application, file

Row = dict[str, Any]

DRAFT, SUBMITTED, WITHDRAWN, DECIDED = "draft", "submitted", "withdrawn", "decided"
EDITABLE = (DRAFT, WITHDRAWN)

FILES_MAX = 10
FIGURES_MAX = 20

_LEAST = 40  # characters of an answer that says something


def get(application_id: str) -> Row | None:
    """Return an application with the name and title of its city; None where there is none."""
    found = model.Session.execute(_rows().where(application.c.id == application_id))
    row = found.mappings().first()
    return _described(row) if row else None


def lock(application_id: str) -> Row:
    """Return an application, locked until the transaction ends: the clock is read after this."""
    wanted = sa.select(application.c.id).where(application.c.id == application_id)
    model.Session.execute(wanted.with_for_update())
    found = get(application_id)
    assert found  # noqa: S101 - the caller has just read it, and none is ever deleted
    return found


def search(**wanted: Any) -> list[Row]:
    """Return applications with these values of columns, by category and city."""
    conditions = [application.c[name] == value for name, value in wanted.items()]
    order = (application.c.round.desc(), application.c.category, group_table.c.name)
    rows = _rows().where(*conditions).order_by(*order)
    return [_described(row) for row in model.Session.execute(rows).mappings()]


def files(application_id: str) -> list[Row]:
    """Return the files of evidence that are there, the first first."""
    wanted = sa.select(file).where(file.c.application == application_id, file.c.removed.is_(None))
    found = model.Session.execute(wanted.order_by(file.c.added, file.c.id))
    return [dict(row) for row in found.mappings()]


def deadline(row: Mapping[str, Any], round_row: Mapping[str, Any]) -> datetime:
    """Return the first moment that is too late for this application."""
    return max(row["extended_until"] or round_row["closes"], round_row["closes"])


def taken(row: Mapping[str, Any], round_row: Mapping[str, Any]) -> bool:
    """Return whether the application may be changed and handed in now."""
    if round_row["stage"] != rounds.ANNOUNCED:
        return False
    return round_row["opens"] <= clock.now() < deadline(row, round_row)


def completeness(row: Mapping[str, Any], round_row: Mapping[str, Any]) -> dict[str, Any]:
    """Return how complete an application is: `done` and `missing` (names of parts), `share`.

    The parts are the title, the summary, each criterion that counts, and evidence.
    """
    parts = {
        "title": bool(row["title"]),
        "summary": bool(row["summary"]),
        **{
            criterion: len(row["answers"].get(criterion, "").strip()) >= _LEAST
            for criterion in rounds.criteria(round_row, row["category"])
        },
        "evidence": bool(row["figures"]) or bool(files(row["id"])),
    }
    done = [name for name, there in parts.items() if there]
    missing = [name for name, there in parts.items() if not there]
    return {"done": done, "missing": missing, "share": len(done) / len(parts)}


def _rows() -> sa.Select[Any]:
    return sa.select(
        application,
        group_table.c.name.label("organization"),
        group_table.c.title.label("organization_title"),
        group_table.c.extras.label("organization_extras"),
    ).select_from(application.join(group_table, group_table.c.id == application.c.organization_id))


def _described(row: sa.RowMapping) -> Row:
    found = dict(row)
    extras = found.pop("organization_extras") or {}
    found["organization_title_translated"] = texts(extras, "title_translated")
    return found
