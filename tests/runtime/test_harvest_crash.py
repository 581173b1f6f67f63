"""A harvest by the real queue and workers, killed in the middle."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from agencies.worldbank import WorldBankServer, row
from ckanapi import RemoteCKAN

from ckanext.learningcity.tables import codelists

#: Whole numbers, which are right for rates and for counts.
ROWS = [row("2022", 94), row("2020", "93", footnote="Survey"), row("2018", 92, obs_status="E")]
PUBLISHED = [i for i in codelists.indicators().values() if "worldbank" in i.get("sources", {})]


@pytest.fixture
def agency() -> Iterator[WorldBankServer]:
    with WorldBankServer(ROWS) as running:
        yield running


@pytest.fixture
def portal(machine, agency, eventually) -> RemoteCKAN:
    """The running portal as its administrator, allowed to ask `agency`."""
    option = f"ckanext.learningcity.harvest.allow_hosts = {agency.host}\n"
    machine.home.ini.write_text(machine.home.ini.read_text() + option)
    for consumer in ("harvest-gather", "harvest-fetch"):  # comes back with the new option
        _kill(machine, consumer, eventually)
    token = machine.run("ckan", "user", "token", "add", "admin", "test", "-q").stdout.split()[-1]
    return RemoteCKAN(f"http://127.0.0.1:{machine.port}", apikey=token)


def _kill(machine: Any, service: str, eventually: Callable[..., Any]) -> None:
    before = machine.pid(service)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: machine.pid(service) not in (None, before))


def test_a_killed_worker_goes_on_where_it_was(machine, portal, agency, eventually):
    schema = portal.action.scheming_dataset_schema_show(type="dataset")
    assert "title_translated" in {field["field_name"] for field in schema["dataset_fields"]}
    owner = portal.action.organization_create(name="world-bank")
    source = portal.action.harvest_source_create(
        name="world-bank-indicators",
        title="World Bank",
        url=agency.endpoint,
        source_type="learningcity",
        owner_org=owner["id"],
        config=json.dumps({"source": "worldbank"}),
    )
    portal.action.learningcity_source_run(id=source["id"])
    eventually(lambda: portal.action.learningcity_release_list()["count"] >= 2, 120)
    _kill(machine, "harvest-fetch", eventually)

    def finished() -> dict[str, int] | None:
        portal.action.harvest_jobs_run()
        job = portal.action.learningcity_source_list()[0]["last_job"]
        return job["datasets"] if job["status"] == "Finished" else None

    counts = eventually(finished, 180)
    assert sum(counts.values()) == len(PUBLISHED)
    assert "errored" not in counts
    found = portal.action.package_search(fq="source_id:worldbank", rows=100)["results"]
    assert len({dataset["name"] for dataset in found}) == len(found) == len(PUBLISHED)
    releases = portal.action.learningcity_release_list(limit=100)["results"]
    assert sorted(release["number"] for release in releases) == [1] * len(PUBLISHED)
    for dataset in found:
        [resource] = dataset["resources"]
        rows = portal.action.datastore_search(resource_id=resource["id"], limit=0)
        assert rows["total"] == 3
