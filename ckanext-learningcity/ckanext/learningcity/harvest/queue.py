"""What keeps harvest jobs going: taking up what a crash left, and looking at what is due."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
from ckan.lib import jobs
from ckan.types import Context
from ckanext.harvest import queue

from ckanext.learningcity.indicators import derived

log = logging.getLogger(__name__)


def resume() -> int:
    """Put work that a killed consumer had taken back at the head of its queue.

    Call it before the consumers start; ckanext-harvest itself would wait up to two hours.

    :returns: how many pieces of work there were
    """
    connection = queue.get_connection_redis()
    count = 0
    for routing_key in (queue.get_gather_routing_key(), queue.get_fetch_routing_key()):
        name = routing_key.rsplit(":", maxsplit=1)[-1]
        for key in connection.scan_iter(f"{routing_key}:*"):
            message = json.dumps({name: str(key).rsplit(":", maxsplit=1)[-1]})
            with connection.pipeline() as pipe:
                pipe.lpush(routing_key, message).delete(key).execute()
            count += 1
    return count


def tick() -> None:
    """Start the jobs that are due, finish those that are done, and derive what is behind."""
    schedule()
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    tk.get_action("harvest_jobs_run")(Context(user=user, ignore_auth=True), {})
    for dataset_id in derived.pending():
        derived.derive(user, dataset_id)


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
