"""Who may approve and publish, as the organization has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import authz, model
from ckan.model import group_table

from ckanext.learningcity.existing import extras

_APPROVE = ("nobody", "other_editor", "admin")
_PUBLISH = ("editor", "admin")


@dataclass(frozen=True)
class Workflow:
    """How an organization publishes.

    `approve` is `nobody`, `other_editor` or `admin`; `publish` is `editor` or `admin`.
    """

    approve: str = _APPROVE[0]
    publish: str = _PUBLISH[0]

    @property
    def needs_approval(self) -> bool:
        """Whether somebody else has to agree before a publication."""
        return self.approve != "nobody"


def workflow(dataset: model.Package) -> Workflow:
    """Return how the organization that owns `dataset` publishes."""
    owner = model.Group.get(dataset.owner_org) if dataset.owner_org else None
    fields = extras(owner)
    return Workflow(
        fields.get("workflow_approve") or _APPROVE[0],
        fields.get("workflow_publish") or _PUBLISH[0],
    )


def may_approve(user: model.User, dataset: model.Package, authors: Iterable[str]) -> bool:
    """Return whether `user`, who may edit `dataset`, may approve what `authors` made."""
    if user.id in authors:
        return False
    return workflow(dataset).approve != "admin" or _is_admin(user, dataset)


def may_publish(user: model.User, dataset: model.Package) -> bool:
    """Return whether `user`, who may edit `dataset`, may publish what needs no more approval."""
    return workflow(dataset).publish != "admin" or _is_admin(user, dataset)


def approvers(dataset: model.Package, authors: Iterable[str]) -> list[model.User]:
    """Return the members of the organization who may approve what `authors` made."""
    if not dataset.owner_org or not workflow(dataset).needs_approval:
        return []
    return [user for user in _editors(dataset.owner_org) if may_approve(user, dataset, authors)]


def organizations(user: model.User, *, as_admin: bool = False) -> sa.Select[Any]:
    """Return a selection of the ids of organizations whose datasets `user` may edit."""
    if user.sysadmin:
        return sa.select(group_table.c.id).where(group_table.c.is_organization.is_(True))
    roles = ["admin"] if as_admin else authz.get_roles_with_permission("update_dataset")
    return sa.select(model.Member.group_id).where(
        model.Member.table_name == "user",
        model.Member.table_id == user.id,
        model.Member.state == model.State.ACTIVE,
        model.Member.capacity.in_(roles),
    )


def of_secretariat(user: model.User | None) -> bool:
    """Return whether `user` may edit for the network's secretariat."""
    if user is None:
        return False
    secretariat = sa.select(group_table.c.id).where(
        group_table.c.state == model.State.ACTIVE,
        group_table.c.extras["org_role"].astext == "secretariat",
        group_table.c.id.in_(organizations(user)),
    )
    return model.Session.execute(secretariat.limit(1)).first() is not None


def responsible(dataset: model.Package | None) -> list[model.User]:
    """Return who may edit for the owner of `dataset`, if any, or for the network's secretariat."""
    secretariat = sa.select(group_table.c.id).where(
        group_table.c.state == model.State.ACTIVE,
        group_table.c.extras["org_role"].astext == "secretariat",
    )
    owners = {dataset and dataset.owner_org, *model.Session.scalars(secretariat)} - {None}
    found = {user.id: user for owner in sorted(owners) for user in _editors(owner)}
    return list(found.values())


def _is_admin(user: model.User, dataset: model.Package) -> bool:
    if user.sysadmin:
        return True
    return authz.users_role_for_group_or_org(dataset.owner_org, user.name) == "admin"


def _editors(organization_id: str) -> list[model.User]:
    roles = authz.get_roles_with_permission("update_dataset")
    found = (
        model.Session.query(model.User)
        .join(model.Member, model.Member.table_id == model.User.id)
        .filter(
            model.Member.group_id == organization_id,
            model.Member.table_name == "user",
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(roles),
            model.User.state == model.State.ACTIVE,
        )
    )
    return found.order_by(model.User.name).all()
