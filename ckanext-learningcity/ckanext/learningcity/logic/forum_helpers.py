"""Template helpers of the forum."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.learningcity.forum import objects
from ckanext.learningcity.forum.readers import reader

__all__ = [
    "learningcity_forum_about",
    "learningcity_forum_mailed",
    "learningcity_forum_moderator",
    "learningcity_forum_moment",
    "learningcity_forum_object",
    "learningcity_forum_spaces",
    "learningcity_forum_subscription",
]

_SHOWN = 5


def learningcity_forum_about(kind: str, id_: str) -> dict[str, Any]:
    """Return `count` and the newest topics about a city, an indicator or a dataset."""
    asked = {"object_kind": kind, "object_id": id_, "limit": _SHOWN}
    return tk.get_action("learningcity_topic_list")({}, asked)


def learningcity_forum_mailed() -> bool:
    """Return whether the portal sends mail."""
    return tk.config["ckanext.learningcity.mail"]


def learningcity_forum_moment(moment: str) -> str:
    """Return a day in words and the time, as clocks here show it."""
    return tk.h.learningcity_moment(
        datetime.fromisoformat(moment).astimezone(tk.h.get_display_timezone())
    )


def learningcity_forum_object(about: str) -> dict[str, Any] | None:
    """Return what a topic is to be about, from `city:TH-56`; None where there is no such thing."""
    kind, _, id_ = about.partition(":")
    found = objects.find(kind, id_) if kind in objects.KINDS else None
    return objects.describe("", kind, found) if found else None


def learningcity_forum_moderator() -> bool:
    """Return whether the reader moderates the forum."""
    user = tk.current_user
    return bool(user.is_authenticated and reader(Context(user=user.name)).moderator)


def learningcity_forum_spaces() -> dict[str, dict[str, Any]]:
    """Return the spaces by their ids."""
    return {row["id"]: row for row in tk.get_action("learningcity_forum_space_list")({}, {})}


def learningcity_forum_subscription(scope: str, target: str = "") -> dict[str, Any] | None:
    """Return the reader's subscription to something, None where there is none."""
    if not tk.current_user.is_authenticated:
        return None
    rows = tk.get_action("learningcity_forum_subscription_list")({}, {})
    return next((r for r in rows if (r["scope"], r["target"]) == (scope, target)), None)
