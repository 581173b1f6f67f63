"""From an approved submission to a release, in a background job that may be killed at any point.

The state `publishing` is one of those that `promises` keeps. Working on one twice is harmless: the
release says which submission it is of, and it is made only if the release that the publisher was
shown is still the current one.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.learningcity import existing
from ckanext.learningcity.indicators import derived
from ckanext.learningcity.indicators.model import release
from ckanext.learningcity.indicators.release import Superseded
from ckanext.learningcity.tables.mapping import Mapping

from . import check, notify, states, store, uploads
from .circumstances import current_release


def keep(row: store.Submission) -> None:
    """Publish a submission, or give it back with the reason; the job."""
    user_id = row["progress"]["user"]
    made = _made(row)
    if made is None:
        attempt = row["progress"]["attempt"] + 1
        if attempt > states.ATTEMPTS:
            _give_back(row, user_id, {"kind": "failed"})
            return
        row["progress"]["attempt"] = attempt
        made = _publish(row, user_id)
    if made is not None:
        _finish(row, user_id, made)


def made_by(dataset_id: str, submission_id: str) -> int | None:
    """Return the number of the release that a submission has become, if any."""
    number = sa.select(release.c.number).where(
        release.c.dataset_id == dataset_id,
        release.c.source["submission"].astext == submission_id,
    )
    return model.Session.scalar(number)


def _publish(row: store.Submission, user_id: str) -> int | None:
    """Make the release and return its number; None where the submission was given back."""

    def tell(step: str) -> None:
        store.write(row["id"], progress={**row["progress"], "step": step})

    dataset = existing.dataset(row["dataset_id"])
    mapping = Mapping.from_dict(row["mapping"])
    found = check.examine(dataset, uploads.content(row["sha256"]), mapping, tell)
    if found.base != row["base_release"]:
        return superseded(row, user_id)
    if found.report.has_errors or set(found.report.to_confirm) - set(row["confirmed"]):
        return _give_back(row, user_id, {"kind": "checked_again"}, found)
    tell("releasing")
    source = {
        "kind": "upload",
        "submission": row["id"],
        "sha256": row["sha256"],
        "filename": row["filename"],
    }
    user = existing.user(user_id)
    try:
        number = derived.publish(
            user.name, row["dataset_id"], found.table, source, expected=row["base_release"]
        )
    except Superseded:
        return _made(row) or superseded(row, user_id)
    return number or _give_back(row, user_id, {"kind": "unchanged"}, found)


def _made(row: store.Submission) -> int | None:
    """Return the release that an earlier attempt has made, with all that follows from it."""
    number = made_by(row["dataset_id"], row["id"])
    if number is not None:
        derived.derive(existing.user(row["progress"]["user"]).name, row["dataset_id"])
    return number


def _finish(row: store.Submission, user_id: str, number: int) -> None:
    happened = store.entry("published", user_id)
    store.write(row["id"], happened, state=states.PUBLISHED, release=number, progress=None)
    notify.record(user_id, row["dataset_id"], "published", {"number": number})


def superseded(row: store.Submission, user_id: str) -> None:
    """Make a submission a draft with the difference to what somebody else published meanwhile."""
    dataset = existing.dataset(row["dataset_id"])
    found = check.examine(
        dataset, uploads.content(row["sha256"]), Mapping.from_dict(row["mapping"])
    )
    _give_back(row, user_id, other(row["dataset_id"]), found)


def other(dataset_id: str) -> dict[str, Any]:
    """Return who published the current release of a dataset, which one and when."""
    newest = sa.select(release).where(
        release.c.dataset_id == dataset_id, release.c.number == current_release(dataset_id)
    )
    row = model.Session.execute(newest).one()
    publisher = model.User.get(row.publisher)
    return {
        "kind": "superseded",
        "number": row.number,
        "by": publisher.display_name if publisher else "",
        "released": row.released.isoformat(),
    }


def _give_back(
    row: store.Submission, user_id: str, why: dict[str, Any], found: check.Examined | None = None
) -> None:
    """Make a submission a draft again; nothing of it is lost, and its history says `why`."""
    happened = {**store.entry(why["kind"], user_id), **why}
    draft = {"state": states.DRAFT, "progress": None}
    if found is None:
        store.write(row["id"], happened, **draft)
    else:
        check.record(row, found, happened, **draft)
