"""The publication of a round's results: all entries appear at one moment, as datasets.

One transaction makes the datasets and moves the round. What can be made again follows: the search
index, the activity stream and the links to files; the next tick finishes what a crash left.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.learningcity import existing
from ckanext.learningcity.harvest import index

from . import applications, clock, rounds, trail
from .trail import Act

log = logging.getLogger(__name__)

TYPE = "award-entry"

_SPACE = uuid.UUID("5e0f4a52-5e3c-4f0b-9e0a-6a1f3d8d7c11")
_NAME_MAX = 100


def hindrance(row: Mapping[str, Any]) -> str | None:
    """Return what keeps a decided round from its publication now; None for nothing.

    `moment` (of the calendar), `window` (for appeals), `appeal` (without an answer), `undecided`.
    """
    if row["stage"] == rounds.PUBLISHED:
        return None
    now, until = clock.now(), rounds.appeals_until(row)
    if now < row["publishes"]:
        return "moment"
    if until and now < until:
        return "window"
    entries = applications.search(round=row["id"])
    if any(entry["appeal"] and entry["appeal"]["state"] == "open" for entry in entries):
        return "appeal"
    if any(entry["state"] == applications.SUBMITTED for entry in entries):
        return "undecided"
    return None


def publish(row: Mapping[str, Any], act: Act) -> None:
    """Make the awarded entries public, all at once, and finish what follows from them.

    :param row: a round, locked, that nothing hinders
    """
    if row["stage"] != rounds.PUBLISHED:
        with tk.signals.action_succeeded.muted():  # `_complete` adds to the activity streams
            for entry in applications.search(round=row["id"], state=applications.DECIDED):
                if entry["level"]:
                    trail.change("application", entry["id"], act, dataset_id=_create(entry, row))
        values = {"stage": rounds.PUBLISHED, "published": clock.now(), "facts": {"complete": False}}
        trail.change("round", row["id"], act, **values)
        model.Session.commit()
    _complete(row["id"])


def sweep() -> None:
    """Publish the rounds whose moment has come, and finish those begun; for the scheduler."""
    for found in rounds.search():
        if found["stage"] not in (rounds.DECIDED, rounds.PUBLISHED):
            continue
        row = rounds.lock(found["id"])
        if row["stage"] == rounds.DECIDED and hindrance(row) is None:
            publish(row, Act("published", _site_user().id))
            log.info("The results of the awards %s are published.", row["id"])
        elif row["stage"] == rounds.PUBLISHED:
            _complete(row["id"])
        model.Session.rollback()


def _complete(round_id: str) -> None:
    """Index the entries of a published round and link their files, unless that is done."""
    row = rounds.lock(round_id)
    if row["facts"].get("complete"):
        return
    user = _site_user()
    entries = [entry for entry in applications.search(round=round_id) if entry["dataset_id"]]
    index.update({entry["dataset_id"]: "added" for entry in entries}, user.name)
    model.Session.flush()
    for entry in entries:
        files = [_resource(entry, each) for each in applications.files(entry["id"])]
        if files and not existing.dataset(entry["dataset_id"]).resources:
            context = Context(user=user.name, ignore_auth=True)
            tk.get_action("package_patch")(context, {"id": entry["dataset_id"], "resources": files})
    trail.change("round", round_id, Act("completed", user.id), facts={"complete": True})
    model.Session.commit()


def _create(entry: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Add the dataset of an entry to the transaction, and return its id."""
    category = entry["category"].replace("_", "-")
    package = {
        "id": str(uuid.uuid5(_SPACE, entry["id"])),
        "name": f"award-{row['id']}-{category}-{entry['organization']}"[:_NAME_MAX],
        "type": TYPE,
        "owner_org": entry["organization_id"],
        "private": False,
        "title_translated": entry["title"],
        "notes_translated": entry["summary"],
        "areas": [entry["area"]],
        "award_round": row["id"],
        "award_category": entry["category"],
        "award_level": entry["level"],
        "award_answers": entry["answers"],
        "award_figures": entry["figures"],
        "demonstration": row["demonstration"],
        "indicators": sorted({figure["indicator"] for figure in entry["figures"]}),
    }
    options = {"ignore_auth": True, "defer_commit": True, "return_id_only": True}
    context = {"user": _site_user().name, "award_publication": True, **options}
    return tk.get_action("package_create")(Context(**context), package)  # pyright: ignore[reportCallIssue]


def _resource(entry: Mapping[str, Any], each: Mapping[str, Any]) -> dict[str, Any]:
    address = tk.url_for(
        "learningcity_award_file.download",
        application_id=entry["id"],
        file_id=each["id"],
        locale="default",
        qualified=True,
    )
    return {"url": address, "name": each["name"], "format": each["format"].upper()}


def _site_user() -> model.User:
    name = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    return existing.user(name)
