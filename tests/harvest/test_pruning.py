"""Old harvest jobs go; what a dataset or a page still needs of them stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import helpers
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.learningcity.harvest import pruning, queue
from ckanext.learningcity.harvest.model import run as runs
from ckanext.learningcity.harvesters import worldbank

act = helpers.call_action


@pytest.fixture
def few(monkeypatch) -> None:
    monkeypatch.setattr(pruning, "NEWEST", 1)


def age(days: int) -> None:
    """Make every job, and what is known of its run, older."""
    ago = timedelta(days=days)
    model.Session.execute(sa.update(HarvestJob).values(created=HarvestJob.created - ago))
    model.Session.execute(sa.update(runs).values(finished=runs.c.finished - ago))
    model.Session.commit()


def counted() -> tuple[int, int, int]:
    """Return the numbers of jobs, runs and objects."""
    tables = (HarvestJob.__table__, runs, HarvestObject.__table__)
    found = [model.Session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]
    return found[0] or 0, found[1] or 0, found[2] or 0


@pytest.mark.usefixtures("few")
def test_old_jobs_go_and_the_origin_of_each_dataset_stays(run, source):
    first = run()["id"]
    for _ in range(4):
        run(full=True)
    before = {d["name"]: d for d in act("package_search")["results"]}
    assert counted() == (5, 5, 15)
    queue.tick()
    assert counted() == (5, 5, 15), "nothing is old"
    age(100)
    last = run(full=True)["id"]
    queue.tick()
    assert counted() == (2, 2, 6)
    assert pruning.sweep() == 0
    jobs = act("harvest_job_list", source_id=source["id"])
    assert {job["id"] for job in jobs} == {first, last}
    assert {d["name"]: d for d in act("package_search")["results"]}.keys() == before.keys()
    for name in before:
        shown = act("package_show", id=name)
        origin = {extra["key"]: extra["value"] for extra in shown["extras"]}["harvest_object_id"]
        assert act("harvest_object_show", id=origin)["job"] == first
    shown = act("learningcity_source_show", id=source["id"])
    assert (shown["health"], shown["last_success"] is not None) == ("good", True)


@pytest.mark.usefixtures("few")
def test_what_a_dataset_was_made_of_and_the_last_good_run_stay(run, source, monkeypatch):
    run()
    monkeypatch.setattr(worldbank, "_published", dict)  # it lists nothing any more
    age(200)
    for _ in range(3):
        run()
    age(100)
    queue.tick()
    assert counted() == (2, 2, 3), "the good run with its objects, and the newest"
    shown = act("learningcity_source_show", id=source["id"])
    assert shown["health"] == "failing"
    assert shown["last_success"]


@pytest.mark.usefixtures("few")
def test_no_days_keep_everything(run, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.keep_days", 0)
    run()
    run(full=True)
    age(4000)
    assert pruning.sweep() == 0
    assert counted()[0] == 2


def test_a_job_that_works_is_never_old(run, source):
    run()
    act("harvest_job_create", source_id=source["id"], run=True)
    age(4000)
    pruning.sweep()
    statuses = {job["status"] for job in act("harvest_job_list", source_id=source["id"])}
    assert "Running" in statuses
