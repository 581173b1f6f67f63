"""Forgetting who reported a problem."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
from ckan import model

from . import store


def sweep(now: datetime | None = None) -> int:
    """Forget who reported what has been closed for long enough; return how many they were.

    :param now: by default the present
    """
    days = timedelta(days=tk.config["ckanext.learningcity.problems_kept"])
    gone = store.forget((now or datetime.now(timezone.utc)) - days)
    model.Session.commit()
    return gone
