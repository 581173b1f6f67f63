"""States that are promises: a background job ends them, which may be killed at any point.

Until a promise is kept or broken with a reason, each tick of the scheduler puts it on the queue
again. Working on one twice is harmless: a lock in PostgreSQL, which ends with its process, lets one
job in at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib import jobs

from ckanext.learningcity.indicators.model import engine

from . import checking, publish, states, store, uploads

#: What ends each of these states.
_KEEPERS: Mapping[str, Callable[[store.Submission], None]] = {
    states.CHECKING: checking.keep,
    states.PUBLISHING: publish.keep,
}


def promised(user_id: str, sheet: str | None = None) -> dict[str, Any]:
    """Return the progress of a promise that `user_id` has asked for."""
    return {"step": states.STEPS[states.CHECKING][0], "attempt": 0, "user": user_id, "sheet": sheet}


def begin(
    submission_id: str,
    state: str,
    happened: dict[str, Any],
    sheet: str | None = None,
    **values: Any,
) -> None:
    """Promise what a submission's new `state` stands for, and put it on the queue.

    :param happened: the line of its history, whose user has asked for it
    :param sheet: whose columns a check proposes
    """
    progress = promised(happened["user"], sheet)
    store.write(submission_id, happened, state=state, progress=progress, **values)
    enqueue(submission_id, state)


def enqueue(submission_id: str, state: str) -> None:
    """Put a promise on the queue."""
    options = {"job_id": _job_id(submission_id, state), "result_ttl": 0}
    tk.enqueue_job(run, [submission_id], title=f"Submission: {state}", rq_kwargs=options)


def resume() -> None:
    """Put promises on the queue that have lost their job: a process was killed."""
    waiting = set(jobs.get_queue().job_ids)
    for state in _KEEPERS:
        for row in store.in_state(state):
            if _job_id(row["id"], state) not in waiting:
                enqueue(row["id"], state)


def run(submission_id: str) -> None:
    """Keep a submission's promise; the job."""
    with _alone(submission_id) as alone:
        row = store.get(submission_id)
        if alone and row is not None and row["state"] in _KEEPERS:
            _KEEPERS[row["state"]](row)


def compare_again(row: store.Submission, user_id: str) -> None:
    """Make a submission a draft with the difference to what somebody else has published.

    A large file is given to a job.
    """
    if checking.is_large(row["size"]):
        why = publish.other(row["dataset_id"])
        happened = {**store.entry(why["kind"], user_id), **why}
        begin(row["id"], states.CHECKING, happened)
    else:
        publish.superseded(row, user_id)


def sweep() -> None:
    """Give up the files of what was published or discarded long enough ago."""
    days = tk.config["ckanext.learningcity.uploads_kept"]
    before = datetime.now(timezone.utc) - timedelta(days=days)
    for state in (states.PUBLISHED, states.DISCARDED):
        for row in store.in_state(state, before):
            uploads.forget(row)


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


def _job_id(submission_id: str, state: str) -> str:
    return f"learningcity-{state}-{submission_id}"
