"""The grades of an evaluation, and who may give which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import authz, model
from ckan.model import group_table

from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.evaluation.rubric import DECISION, OWN, SECOND, standing

from .model import reading
from .rounds import Evaluation, now

Key = tuple[str, str]  # place and indicator


def standings(evaluation: Evaluation, as_of: datetime | None = None) -> dict[Key, dict[str, Any]]:
    """Return by place and indicator how its grades stand, at a moment or now."""
    return {key: standing(rows) for key, rows in history(evaluation, as_of=as_of).items()}


def history(
    evaluation: Evaluation, area: str | None = None, as_of: datetime | None = None
) -> dict[Key, list[dict[str, Any]]]:
    """Return by place and indicator every grade, from the earliest."""
    wanted = sa.select(reading).where(reading.c.evaluation == evaluation.id)
    if area:
        wanted = wanted.where(reading.c.area == area)
    if as_of:
        wanted = wanted.where(reading.c.at <= as_of)
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in model.Session.execute(wanted.order_by(reading.c.id)).mappings():
        found.setdefault((row["area"], row["indicator"]), []).append(dict(row))
    return found


def add(evaluation: Evaluation, values: Mapping[str, Any]) -> None:
    """Add a grade; the caller commits."""
    row = {**values, "evaluation": evaluation.id, "at": now()}
    model.Session.execute(reading.insert().values(row))


def roles(evaluation: Evaluation, user: str, area: str) -> dict[str, str | None]:
    """Return the roles in which a user may read a place, each with the organization's id.

    The place's own organization gives its grade. An organization that the evaluation names, or the
    secretariat, reads second, and the secretariat decides; never who belongs to the place's own.
    """
    account = model.User.get(user)
    if account is None or account.state != model.State.ACTIVE:
        return {}
    held = _organizations(account)
    own = [each["id"] for each in held if each["area"] == area]
    found: dict[str, str | None] = {}
    if own:
        found[OWN] = own[0]
    curates = may_curate(user)
    named = [each["id"] for each in held if each["name"] in evaluation.readers]
    if not own and (named or curates):
        found[SECOND] = named[0] if named else None
    if curates and not own:
        found[DECISION] = None
    return found


def _organizations(account: model.User) -> list[dict[str, Any]]:
    """Return the organizations whose datasets a user may edit: `id`, `name` and `area`."""
    wanted = (
        sa.select(
            group_table.c.id,
            group_table.c.name,
            group_table.c.extras["area"].astext.label("area"),
        )
        .join(model.Member, model.Member.group_id == group_table.c.id)
        .where(
            model.Member.table_name == "user",
            model.Member.table_id == account.id,
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(authz.get_roles_with_permission("update_dataset")),
            group_table.c.state == model.State.ACTIVE,
        )
        .order_by(group_table.c.name)
    )
    return [dict(row) for row in model.Session.execute(wanted).mappings()]
