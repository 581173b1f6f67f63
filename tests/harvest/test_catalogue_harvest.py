"""A catalogue of many datasets: batches, one question where nothing is new, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import pytest
from agencies.gdcatalog import GDCatalogServer, dataset
from ckan.tests import factories, helpers

from ckanext.learningcity.harvest import work
from ckanext.learningcity.harvesters.session import Limits, Session

act = helpers.call_action


@pytest.fixture
def agency() -> Iterator[GDCatalogServer]:
    with GDCatalogServer(page_size=4) as running:
        running.datasets = [dataset(number) for number in range(1, 8)]
        yield running


@pytest.fixture
def source(portal, agency, monkeypatch, ckan_config) -> dict:
    hasty = partial(Session, limits=Limits(interval=0, backoff=0))
    monkeypatch.setattr("ckanext.learningcity.harvest.config.Session", hasty)
    monkeypatch.setattr(work, "BATCH", 3)
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.allow_hosts", [agency.host])
    return act(
        "harvest_source_create",
        context={"user": factories.Sysadmin()["name"]},
        name="catalogue",
        title="Catalogue",
        url=agency.endpoint,
        source_type="learningcity",
        frequency="MANUAL",
        owner_org=factories.Organization(name="nso")["id"],
        config=json.dumps({"source": "gdcatalog-phuket"}),
    )


def found() -> set[str]:
    return {each["title"] for each in act("package_search", rows=100)["results"]}


def last_run() -> dict:
    return act("learningcity_source_runs", id="catalogue")[0]


def test_every_dataset_is_found_and_has_its_object_and_activity(run):
    job = run()
    assert (job["status"], job["stats"]["added"]) == ("Finished", 7)
    assert found() == {f"ชุดข้อมูลที่ {number}" for number in range(1, 8)}
    one = act("package_search", rows=1)["results"][0]
    extras = {extra["key"]: extra["value"] for extra in one["extras"]}
    assert extras["harvest_source_title"] == "Catalogue"
    sysadmin = {"user": factories.Sysadmin()["name"]}
    shown = {"id": one["id"], "include_hidden_activity": True}
    [activity] = act("package_activity_list", sysadmin, **shown)
    assert activity["activity_type"] == "new package"


def test_where_nothing_is_new_one_question_is_enough(run, agency):
    run()
    before = len(agency.requests)
    run()
    assert len(agency.requests) == before + 1
    assert last_run()["outcome"] == "complete"
    run(full=True)
    assert last_run()["counts"]["unchanged"] == 7


def test_a_change_an_addition_and_a_removal_are_told_apart(run, agency):
    run()
    agency.datasets[0] = dataset(1, title="ใหม่", metadata_modified="2026-01-01T00:00:00")
    agency.datasets[6] = dataset(9)
    run()
    counts = last_run()["counts"]
    assert [counts[name] for name in ("added", "updated", "withdrawn")] == [1, 1, 1]
    assert "ใหม่" in found()


def test_a_dataset_that_the_rules_refuse_leaves_the_others_of_its_batch_alone(run, agency):
    agency.datasets[1] = dataset(2, title="x" * 20, maintainer_email="not an address")
    run()
    shown = act("learningcity_source_show", id="catalogue")
    assert shown["datasets"] + shown["errors"] == 7
    assert len(found()) >= 6


def test_a_source_that_was_cleared_is_read_anew(run, source):
    run()
    sysadmin = {"user": factories.Sysadmin()["name"]}
    act("harvest_source_clear", sysadmin, id=source["id"])
    assert found() == set()
    run()
    assert len(found()) == 7
