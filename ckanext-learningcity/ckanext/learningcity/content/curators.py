"""Who features what cities share: the network's secretariat."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import authz, model
from ckan.model import group_table


def may_curate(name: str | None) -> bool:
    """Return whether a user edits for the secretariat, or administers the portal.

    :param name: name or id of a user; None and "" stand for nobody
    """
    user = model.User.get(name) if name else None
    if user is None or user.state != model.State.ACTIVE:
        return False
    if user.sysadmin:
        return True
    wanted = sa.select(model.Member.id).where(
        model.Member.group_id == group_table.c.id,
        model.Member.table_name == "user",
        model.Member.table_id == user.id,
        model.Member.state == model.State.ACTIVE,
        model.Member.capacity.in_(authz.get_roles_with_permission("update_dataset")),
        group_table.c.state == model.State.ACTIVE,
        group_table.c.extras["org_role"].astext == "secretariat",
    )
    return model.Session.execute(wanted.limit(1)).first() is not None
