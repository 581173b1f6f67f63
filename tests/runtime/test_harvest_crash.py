"""A harvest by the real queue and workers, killed at random moments.

`HARVEST_KILLS` and `HARVEST_RECORDS` make it longer: the full suite is 20 kills of 2,000 records.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from agencies.gdcatalog import BASE, dataset
from agencies.server import AgencyServer, Reply, Request
from ckanapi import CKANAPIError, RemoteCKAN

RECORDS = int(os.environ.get("HARVEST_RECORDS", "300"))
KILLS = int(os.environ.get("HARVEST_KILLS", "4"))
SEED = 4
VICTIMS = ("harvest-gather", "valkey", "postgres")

#: Everything that a harvest leaves, without moments and ids of jobs.
STATE = """
    SELECT p.name, p.title, p.state, p.owner_org, p.extras ->> 'guid', r.state, r.url, r.format,
        o.guid, o.state, o.current, o.report_status, c.version, c.fingerprint, c.error::text,
        c.gone,
        (SELECT count(*) FROM harvest_object WHERE package_id = p.id),
        (SELECT count(*) FROM learningcity_search_document WHERE id = p.id),
        (SELECT count(*) FROM member WHERE table_id = p.id AND state = 'active')
    FROM package p JOIN harvest_object o ON o.package_id = p.id
    LEFT JOIN resource r ON r.package_id = p.id
    LEFT JOIN learningcity_harvest_record c ON c.dataset_id = p.id
    ORDER BY p.name, r.position
"""


def _file(number: int) -> dict[str, str]:
    url = f"https://example.org/{number}.csv"
    return {"id": f"file-{number}", "name": "ตาราง", "format": "CSV", "url": url}


class Catalogue(AgencyServer):
    """A catalogue of `RECORDS` datasets, a page at a time."""

    datasets = tuple(dataset(number, resources=[_file(number)]) for number in range(RECORDS))

    def respond(self, request: Request) -> Reply:
        start, rows = (int(request.query.get(name, 0)) for name in ("start", "rows"))
        page = self.datasets[start : start + rows]
        result = {"count": len(self.datasets), "results": page}
        return Reply(json.dumps({"success": True, "result": result}).encode())


@pytest.fixture
def agency() -> Iterator[Catalogue]:
    with Catalogue() as running:
        yield running


@pytest.fixture
def portal(machine, agency, kill, quick_tick, eventually) -> RemoteCKAN:
    """The running portal as its administrator, allowed to ask `agency`."""
    option = f"ckanext.learningcity.harvest.allow_hosts = {agency.host}\n"
    machine.home.ini.write_text(machine.home.ini.read_text() + option)
    for worker in (
        "web",
        "harvest-gather",
        "harvest-fetch",
        "worker",
    ):  # come back with the new options
        kill(worker)
    token = machine.run("ckan", "user", "token", "add", "admin", "test", "-q").stdout.split()[-1]
    eventually(lambda: _answers(machine.port), 120)
    return RemoteCKAN(f"http://127.0.0.1:{machine.port}", apikey=token)


def _answers(port: int) -> bool:
    try:
        return bool(RemoteCKAN(f"http://127.0.0.1:{port}").action.status_show())
    except (OSError, CKANAPIError):
        return False


def test_what_is_killed_at_random_moments_ends_as_what_is_not(
    machine, portal, agency, kill, eventually
):
    owner = portal.action.organization_create(name="nso")
    source = portal.action.harvest_source_create(
        name="catalogue",
        title="Catalogue",
        url=f"{agency.url}{BASE}",
        source_type="learningcity",
        owner_org=owner["id"],
        config=json.dumps({"source": "gdcatalog-phuket"}),
    )

    def finished() -> dict[str, Any] | None:
        rows = machine.execute(
            "SELECT j.status, r.outcome, r.counts, r.notes FROM harvest_job j"
            " JOIN learningcity_harvest_run r ON r.job_id = j.id ORDER BY j.created DESC LIMIT 1"
        )
        return rows[0] if rows and rows[0][0] == "Finished" else None

    def harvest(disturb: Callable[[], None]) -> tuple[Any, ...]:
        portal.action.learningcity_source_run(id=source["id"])
        disturb()
        return eventually(finished, 900)

    status, outcome, counts, notes = harvest(lambda: None)
    assert (outcome, counts, notes) == ("complete", {"added": RECORDS}, [])
    undisturbed = machine.execute(STATE)
    assert len({row[0] for row in undisturbed}) == RECORDS
    portal.action.harvest_source_clear(id=source["id"])
    assert machine.execute(STATE) == []
    machine.execute("DELETE FROM learningcity_search_document WHERE dataset_type = 'dataset'")

    rng = random.Random(SEED)  # noqa: S311 - the same moments in every run

    def disturb() -> None:
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.2, 4))
            kill(rng.choice(VICTIMS))

    status, outcome, counts, notes = harvest(disturb)
    assert (status, outcome, counts) == ("Finished", "complete", {"added": RECORDS})
    assert machine.execute(STATE) == undisturbed
    eventually(lambda: portal.call_action("package_search", {"rows": 0})["count"] == RECORDS, 60)
    assert set(notes) <= {"resumed"}
