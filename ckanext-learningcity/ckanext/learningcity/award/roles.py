"""Who somebody is to an application: its applicant, its reviewer, the secretariat, or nobody.

Members of the applicant's organization are never anything else, whatever other office they hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import authz, model

from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.existing import extras

from . import applications, reviews, rounds

APPLICANT, SECRETARIAT, REVIEWER = "applicant", "secretariat", "reviewer"


def viewpoint(user: model.User | None, row: Mapping[str, Any]) -> str | None:
    """Return as whom a user sees an application; None for whom there is no such application."""
    if user is None or user.state != model.State.ACTIVE:
        return None
    capacity = membership(user.id, row["organization_id"])
    if capacity is not None:
        return APPLICANT if capacity in _editing() else None
    if may_curate(user.id):
        return SECRETARIAT
    return REVIEWER if reviews_of(user, row) else None


def reviews_of(user: model.User, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a user's reviews of an application, none once there is a conflict of interest."""
    if membership(user.id, row["organization_id"]) is not None:
        return []
    found = reviews.search(application=row["id"], reviewer=user.id)
    if any(entry["state"] == reviews.CONFLICT for entry in found):
        return []
    return [entry for entry in found if entry["state"] != reviews.RELEASED]


def membership(user_id: str, organization_id: str) -> str | None:
    """Return what a user is in an organization; None for who is no member."""
    wanted = sa.select(model.Member.capacity).where(
        model.Member.group_id == organization_id,
        model.Member.table_name == "user",
        model.Member.table_id == user_id,
        model.Member.state == model.State.ACTIVE,
    )
    return model.Session.execute(wanted.limit(1)).scalar()


def edits(user: model.User | None, organization_id: str) -> bool:
    """Return whether a user edits for an organization, as one of its members."""
    if user is None or user.state != model.State.ACTIVE:
        return False
    return membership(user.id, organization_id) in _editing()


def is_public(row: Mapping[str, Any]) -> bool:
    """Return whether everybody may see an application: its round has published it."""
    if row["dataset_id"] is None:
        return False
    round_row = rounds.get(row["round"])
    return round_row is not None and round_row["stage"] == rounds.PUBLISHED


def cities(user: model.User) -> list[model.Group]:
    """Return the cities that a user edits for, by name."""
    wanted = (
        model.Session.query(model.Group)
        .join(model.Member, model.Member.group_id == model.Group.id)
        .filter(
            model.Member.table_name == "user",
            model.Member.table_id == user.id,
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(_editing()),
            model.Group.state == model.State.ACTIVE,
            model.Group.is_organization.is_(True),
        )
    )
    return [
        group
        for group in wanted.order_by(model.Group.name)
        if extras(group).get("org_role") == "city"
    ]


def applying(user: model.User) -> list[dict[str, Any]]:
    """Return the applications of the cities that a user edits for."""
    return [row for city in cities(user) for row in applications.search(organization_id=city.id)]


def _editing() -> list[str]:
    return authz.get_roles_with_permission("update_dataset")
