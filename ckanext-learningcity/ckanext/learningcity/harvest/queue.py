"""What keeps harvest jobs going: taking up what a crash left, and looking at what is due."""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from contextvars import copy_context
from datetime import datetime, timedelta, timezone
from threading import Thread
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs
from ckan.types import Context
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob
from redis import RedisError

from ckanext.learningcity.award import publish as awards
from ckanext.learningcity.content import imports
from ckanext.learningcity.desk import promises
from ckanext.learningcity.forum import mailing
from ckanext.learningcity.indicators import derived
from ckanext.learningcity.problems import keeping as reports
from ckanext.learningcity.tabular import queue as tables
from ckanext.learningcity.week import keeping

from . import alerts, config, pruning, runs, work

log = logging.getLogger(__name__)

#: The stages of a harvest job that have a consumer of their own.
STAGES: Mapping[str, Callable[[], Any]] = {
    "gather": queue.get_gather_consumer,
    "fetch": queue.get_fetch_consumer,
}


def consume(stage: str) -> None:
    """Work on a stage's queue for ever, first on what a killed predecessor had taken.

    ckanext-harvest's own consumers leave that to a look at the queue after minutes or hours.
    """
    if stage == "gather":
        runs.let_go(runs.WORKER)
    resume(stage)
    resubmit()
    # The settings belong to this thread's context.
    beat = copy_context()
    Thread(target=beat.run, args=(keep_ticking,), daemon=True).start()
    consumer = STAGES[stage]()
    for method, header, body in consumer.consume("unused"):
        handle(stage, consumer, method, header, body)


def handle(stage: str, consumer: Any, method: Any, header: Any, body: str) -> None:
    """Do one piece of work: a whole run of ours, or a step of another harvester."""
    if stage == "fetch":
        queue.fetch_callback(consumer, method, header, body)
        return
    job = HarvestJob.get(json.loads(body)["harvest_job_id"])
    if job is None or job.source.type != config.TYPE:
        queue.gather_callback(consumer, method, header, body)
        return
    harvest(job)
    consumer.basic_ack(method.delivery_tag)


def harvest(job: HarvestJob, told: work.Told = lambda _run: None, kind: str = runs.WORKER) -> bool:
    """Do the run of a job and finish the job; False where another process works on it."""
    job_id, source_id = job.id, job.source_id
    done = work.do(job, told, kind)
    if not runs.finished(job_id):
        return False
    ended = model.Session.query(HarvestJob).filter_by(id=job_id, gather_finished=None)
    ended.update({"gather_finished": datetime.now(timezone.utc).replace(tzinfo=None)})
    model.Session.commit()
    _act("harvest_jobs_run", source_id=source_id)
    alerts.after(source_id)
    model.Session.remove()
    return done


def resume(stage: str) -> int:
    """Put work of a stage that a killed consumer had taken back at the head of its queue.

    One consumer a stage is assumed. Should there be two, work may be done twice, which changes
    nothing: an unchanged dataset is recognised, and a run has one holder.

    :returns: how many pieces of work there were
    """
    consumer = STAGES[stage]()
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
    resubmit()
    _act("harvest_jobs_run")
    runs.close_orphans()
    pruning.sweep()
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    for dataset_id in derived.pending():
        derived.derive(user, dataset_id)
    tables.catch_up()
    promises.resume()
    imports.resume()
    promises.sweep()
    keeping.sweep()
    mailing.resume()
    reports.sweep()
    awards.sweep()


def resubmit() -> None:
    """Put runs that nobody holds on the queue, whatever became of their messages."""
    publisher: Any = queue.get_gather_publisher()
    for job_id in runs.abandoned():
        publisher.send({"harvest_job_id": job_id})  # replaces a message that is there


def keep_ticking() -> None:
    """Put ticks on the scheduler for ever.

    A tick puts the next one there too, but one that is killed before it has ends the chain.
    """
    while True:
        try:
            schedule()
        except RedisError as error:
            log.warning("No tick was put on the scheduler: Redis does not answer (%s)", error)
        time.sleep(tk.config["ckanext.learningcity.harvest.tick"])


def schedule() -> None:
    """Put the next `tick` on CKAN's scheduler.

    Its id is the time slot's, so that any number of callers makes one job.
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


def _act(action: str, **data: Any) -> None:
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    tk.get_action(action)(Context(user=user, ignore_auth=True), data)
