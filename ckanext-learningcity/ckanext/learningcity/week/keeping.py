"""Keeping the sign-ups in line with their event: moving up, telling, and forgetting in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from . import changes, signups, telling
from .sessions import sessions


class SignUps(p.SingletonPlugin):
    """Gives those who wait a place when an event gets more of them."""

    p.implements(p.IPackageController, inherit=True)

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Tell who signed up for an event that is deleted."""
        super().after_dataset_delete(context, pkg_dict)  # pyright: ignore[reportAttributeAccessIssue]
        dataset = model.Package.get(pkg_dict["id"])
        if dataset is not None and dataset.type == "event":
            signups.lock(dataset.id)
            _tell_changes({**shown(dataset.id), "event_status": "cancelled"})

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Follow a change of an event, in the transaction in which CKAN changes it."""
        super().after_dataset_update(context, pkg_dict)  # pyright: ignore[reportAttributeAccessIssue]
        dataset = model.Package.get(pkg_dict["id"])
        if dataset is not None and dataset.type == "event":
            follow(dataset.id)


def follow(event_id: str) -> None:
    """Tell of what changed, and move up who waits for a place that there is now."""
    if not signups.of_event(event_id):
        return
    signups.lock(event_id)
    event = shown(event_id)
    _tell_changes(event)
    if changes.cancelled(event):
        return
    for session in sessions(event):
        for row in signups.move_up(event_id, session.id, session.capacity):
            telling.tell("moved_up", row["id"])


def sweep(now: datetime | None = None) -> int:
    """Forget who signed up for what has been over for long enough; return how many they were.

    What was deleted, or is no session any more, is over.

    :param now: by default the present
    """
    days = timedelta(days=tk.config["ckanext.learningcity.signups_kept"])
    before = (now or datetime.now(timezone.utc)) - days
    gone = 0
    for event_id in signups.events():
        gone += signups.forget(event_id, _kept(event_id, before))
    model.Session.commit()
    return gone


def shown(event_id: str) -> dict[str, Any]:
    """Return an event as the database has it now, whoever asks."""
    trusted = Context(ignore_auth=True, use_cache=False)
    return tk.get_action("package_show")(trusted, {"id": event_id})


def _tell_changes(event: Mapping[str, Any]) -> None:
    """Tell everybody once whose session is not what they were told; the event is locked."""
    for row in signups.listed(event["id"]):
        now = changes.of_session(event, row["session_id"])
        if now == row["told"]:
            continue
        signups.note(row["id"], now)
        kind = changes.news(row["told"], now)
        if kind:
            telling.tell(kind, row["id"], changes.facts(now))


def _kept(event_id: str, before: datetime) -> list[str]:
    """Return the ids of an event's sessions that were not over before a moment."""
    dataset = model.Package.get(event_id)
    if dataset is None or dataset.state == model.State.DELETED:
        return []
    event = shown(event_id)
    return [s.id for s in sessions(event) if any(end >= before for _, end in s.times())]
