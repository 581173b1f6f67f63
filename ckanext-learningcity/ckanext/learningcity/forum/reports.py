"""Reports of posts, and when they take one out of sight until a moderator decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.learningcity.content.curators import may_curate

from . import limits
from .model import decision, report

#: Decisions by which a moderator lets a post stand as it is.
_STANDS = ("approved", "restored", "dismissed")


def add(post_id: str, user_id: str, reason: str, now: datetime) -> bool:
    """Record that an account reports a post; return False where it did so before."""
    row = {"post_id": post_id, "user_id": user_id, "reason": reason, "created": now}
    there = sa.select(report.c.post_id).where(
        report.c.post_id == post_id, report.c.user_id == user_id
    )
    if model.Session.execute(there).first():
        return False
    model.Session.execute(report.insert().values(row))
    return True


def hide(row: Mapping[str, Any]) -> bool:
    """Return whether a visible post is hidden by its reports until a moderator decides.

    What a moderator wrote, or let stand as it is, is not. Reports count of members of organizations
    and of accounts whose own posts do not wait.
    """
    needed = tk.config["ckanext.learningcity.forum.reports_hide"]
    if not needed or may_curate(row["author_id"]) or _stands(row):
        return False
    reported = sa.select(report.c.user_id).where(
        report.c.post_id == row["id"], report.c.settled.is_(None)
    )
    return sum(map(_counts, model.Session.scalars(reported).all())) >= needed


def _stands(row: Mapping[str, Any]) -> bool:
    let = sa.select(decision.c.id).where(
        decision.c.post_id == row["id"],
        decision.c.kind.in_(_STANDS),
        decision.c.decided > (row["edited"] or row["created"]),
    )
    return model.Session.execute(let.limit(1)).first() is not None


def _counts(user_id: str) -> bool:
    user = model.User.get(user_id)
    if user is None or user.state != model.State.ACTIVE:
        return False
    return bool(user.get_group_ids(group_type="organization")) or not limits.waits(user_id)
