"""From an approved submission to a release, in a background job that may be killed at any point.

A submission in the state `publishing` is a promise: until it is kept or broken with a reason, each
tick of the scheduler puts it on the queue again. Working on one twice is harmless: a lock in
PostgreSQL lets one job in at a time, the release says which submission it is of, and it is made
only if the release that the publisher was shown is still the current one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs

from ckanext.learningcity.indicators import derived
from ckanext.learningcity.indicators.model import engine, release
from ckanext.learningcity.indicators.release import Superseded
from ckanext.learningcity.tables.mapping import Mapping

from . import check, notify, states, store, uploads
from .circumstances import current_release

#: Starts of one publication before it is given back: what fails three times fails always.
ATTEMPTS = 3


def begin(submission_id: str, user_id: str) -> None:
    """Promise the publication of an approved, locked submission, and put it on the queue."""
    progress = {"step": states.STEPS[0], "attempt": 0, "user": user_id}
    happened = store.entry("publishing", user_id)
    store.write(submission_id, happened, state=states.PUBLISHING, progress=progress, reason=None)
    _enqueue(submission_id)


def resume() -> None:
    """Put publications on the queue that have lost their job: a process was killed."""
    waiting = set(jobs.get_queue().job_ids)
    for row in store.in_state(states.PUBLISHING):
        if _job_id(row["id"]) not in waiting:
            _enqueue(row["id"])


def sweep() -> None:
    """Give up the files of what was published or discarded long enough ago."""
    days = tk.config["ckanext.learningcity.uploads_kept"]
    before = datetime.now(timezone.utc) - timedelta(days=days)
    for state in (states.PUBLISHED, states.DISCARDED):
        for row in store.in_state(state, before):
            uploads.forget(row["id"], row["sha256"])


def run(submission_id: str) -> None:
    """Publish a submission, or give it back with the reason; the job."""
    with _alone(submission_id) as alone:
        row = store.get(submission_id)
        if not alone or row is None or row["state"] != states.PUBLISHING:
            return
        user_id = row["progress"]["user"]
        made = _made(row)
        if made is None:
            attempt = row["progress"]["attempt"] + 1
            if attempt > ATTEMPTS:
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

    dataset = model.Package.get(row["dataset_id"])
    mapping = Mapping.from_dict(row["mapping"])
    found = check.examine(dataset, uploads.content(row["sha256"]), mapping, tell)
    if found.base != row["base_release"]:
        return superseded(row, user_id)
    if found.report.has_errors or set(found.report.to_confirm) - set(row["confirmed"]):
        return _give_back(row, user_id, {"kind": "checked_again"}, **found.facts)
    tell("releasing")
    source = {
        "kind": "upload",
        "submission": row["id"],
        "sha256": row["sha256"],
        "filename": row["filename"],
    }
    user = model.User.get(user_id)
    try:
        number = derived.publish(
            user.name, row["dataset_id"], found.table, source, expected=row["base_release"]
        )
    except Superseded:
        return _made(row) or superseded(row, user_id)
    return number or _give_back(row, user_id, {"kind": "unchanged"}, **found.facts)


def _made(row: store.Submission) -> int | None:
    """Return the release that an earlier attempt has made, with all that follows from it."""
    number = made_by(row["dataset_id"], row["id"])
    if number is not None:
        derived.derive(model.User.get(row["progress"]["user"]).name, row["dataset_id"])
    return number


def _finish(row: store.Submission, user_id: str, number: int) -> None:
    happened = store.entry("published", user_id)
    store.write(row["id"], happened, state=states.PUBLISHED, release=number, progress=None)
    notify.record(user_id, row["dataset_id"], "published", {"number": number})


def superseded(row: store.Submission, user_id: str) -> None:
    """Make a submission a draft with the difference to what somebody else published meanwhile."""
    dataset = model.Package.get(row["dataset_id"])
    found = check.examine(
        dataset, uploads.content(row["sha256"]), Mapping.from_dict(row["mapping"])
    )
    _give_back(row, user_id, _other(row["dataset_id"]), **found.facts)


def _other(dataset_id: str) -> dict[str, Any]:
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


def _give_back(row: store.Submission, user_id: str, why: dict[str, Any], **facts: Any) -> None:
    """Make a submission a draft again; nothing of it is lost, and its history says `why`."""
    happened = {**store.entry(why["kind"], user_id), **why}
    store.write(row["id"], happened, state=states.DRAFT, progress=None, **facts)


@contextmanager
def _alone(submission_id: str) -> Iterator[bool]:
    """Hold the submission's lock; False where another job has it. It dies with its process."""
    key = {"key": f"learningcity-submission-{submission_id}"}
    connected = engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    with connected as connection:
        lock = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))")
        held = bool(connection.execute(lock, key).scalar())
        try:
            yield held
        finally:
            if held:
                unlock = sa.text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))")
                connection.execute(unlock, key)


def _job_id(submission_id: str) -> str:
    return f"learningcity-publish-{submission_id}"


def _enqueue(submission_id: str) -> None:
    options = {"job_id": _job_id(submission_id), "result_ttl": 0}
    tk.enqueue_job(run, [submission_id], title="Publish a submission", rq_kwargs=options)
