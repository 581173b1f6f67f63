"""How much one account may write, and whose posts wait for a moderator."""

from __future__ import annotations

from datetime import datetime, timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .model import VISIBLE, post, report, version

_OPTIONS = {
    timedelta(minutes=1): "ckanext.learningcity.forum.posts_minute",
    timedelta(hours=1): "ckanext.learningcity.forum.posts_hour",
}


class TooManyError(Exception):
    """An account has written as much as it may; `wait` is for how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def check(user_id: str, now: datetime) -> None:
    """Let an account write, edit or report once more, and nobody else as it until the commit.

    :raises TooManyError: it has to wait
    """
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"learningcity forum {user_id}"))
    model.Session.execute(sa.select(lock))
    for span, option in _OPTIONS.items():
        most = tk.config[option]
        times = _written(user_id, now - span, most)
        if len(times) >= most:
            free = times[-1] + span - now
            raise TooManyError(max(1, int(free.total_seconds()) + 1))


def waits(user_id: str) -> bool:
    """Return whether the next post of an account waits for a moderator."""
    shown = sa.select(post.c.id).where(post.c.author_id == user_id, post.c.state == VISIBLE)
    needed = tk.config["ckanext.learningcity.forum.first_posts"]
    return len(model.Session.execute(shown.limit(needed)).all()) < needed


def _written(user_id: str, since: datetime, most: int) -> list[datetime]:
    """Return the moments at which an account wrote, the latest first, `most` of them at most."""
    edits = (
        sa.select(version.c.replaced)
        .join(post, post.c.id == version.c.post_id)
        .where(post.c.author_id == user_id, version.c.replaced > since)
    )
    posts = sa.select(post.c.created).where(post.c.author_id == user_id, post.c.created > since)
    reports = sa.select(report.c.created).where(
        report.c.user_id == user_id, report.c.created > since
    )
    moments = sa.union_all(posts, edits, reports).subquery()
    moment = moments.c[0]
    return list(model.Session.scalars(sa.select(moment).order_by(moment.desc()).limit(most)))
