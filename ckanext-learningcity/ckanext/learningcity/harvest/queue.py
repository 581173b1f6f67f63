"""What keeps harvest jobs going: taking up what a crash left, and looking at what is due."""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import jobs
from ckan.types import Context
from ckanext.harvest import queue

from ckanext.learningcity.desk import publish as desk
from ckanext.learningcity.indicators import derived
from ckanext.learningcity.tabular import queue as tables
from ckanext.learningcity.week import keeping

#: The stages of a harvest job that have a consumer of their own.
STAGES: Mapping[str, tuple[Callable[[], Any], Callable[..., object]]] = {
    "gather": (queue.get_gather_consumer, queue.gather_callback),
    "fetch": (queue.get_fetch_consumer, queue.fetch_callback),
}


def consume(stage: str) -> None:
    """Work on a stage's queue for ever, first on what a killed predecessor had taken.

    ckanext-harvest's own consumers leave that to a look at the queue after minutes or hours.
    """
    resume(stage)
    schedule()
    make, callback = STAGES[stage]
    consumer = make()
    for method, header, body in consumer.consume("unused"):
        callback(consumer, method, header, body)


def resume(stage: str) -> int:
    """Put work of a stage that a killed consumer had taken back at the head of its queue.

    One consumer a stage is assumed. Should there be two, work may be done twice, which changes
    nothing: an unchanged dataset is recognised.

    :returns: how many pieces of work there were
    """
    consumer = STAGES[stage][0]()
    count = 0
    for key in consumer.redis.scan_iter(f"{consumer.routing_key}:*"):
        message = json.dumps({consumer.message_key: key.rsplit(":", maxsplit=1)[-1]})
        with consumer.redis.pipeline() as pipe:
            pipe.lpush(consumer.routing_key, message).delete(key).execute()
        count += 1
    return count


def tick() -> None:
    """Start the harvests that are due, and finish what a killed process left anywhere."""
    schedule()
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    tk.get_action("harvest_jobs_run")(Context(user=user, ignore_auth=True), {})
    for dataset_id in derived.pending():
        derived.derive(user, dataset_id)
    tables.catch_up()
    desk.resume()
    desk.sweep()
    keeping.sweep()


def schedule() -> None:
    """Put the next `tick` on CKAN's scheduler.

    Its id is the time slot's, so that any number of callers makes one job, and a chain that a crash
    broke is mended by the next caller.
    """
    seconds = tk.config["ckanext.learningcity.harvest.tick"]
    slot = int(datetime.now(timezone.utc).timestamp()) // seconds + 1
    due = datetime.fromtimestamp(slot * seconds, timezone.utc)
    jobs.get_queue().enqueue_at(
        due,
        tick,
        job_id=f"learningcity-tick-{slot}",
        result_ttl=0,
        ttl=int(timedelta(days=1).total_seconds()),
    )
