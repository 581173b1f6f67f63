"""A harvest by the real queue and workers, killed at random moments.

`HARVEST_KILLS` and `HARVEST_RECORDS` make it longer: the full suite is 20 kills of 2,000 records.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg2
import pytest
from agencies.gdcatalog import BASE, dataset
from agencies.server import AgencyServer, Reply, Request
from ckanapi import CKANAPIError, RemoteCKAN
from requests import RequestException

RECORDS = int(os.environ.get("HARVEST_RECORDS", "300"))
KILLS = int(os.environ.get("HARVEST_KILLS", "3"))
SEED = int(os.environ.get("HARVEST_SEED", "4"))
VICTIMS = ("harvest-gather", "valkey", "postgres")

#: Records that are taken in together.
BATCH = 100

#: Kills in a row before a batch is let through: a run that gets nowhere is ended after five starts.
FRUITLESS = 2

#: Everything that a harvest leaves, without moments, ids of jobs and what earlier runs left.
STATE = """
    SELECT p.name, p.title, p.state, p.owner_org, p.extras ->> 'guid', r.state, r.url, r.format,
        o.guid, o.state, o.report_status, c.version, c.fingerprint, c.error::text, c.gone,
        (SELECT count(*) FROM learningcity_search_document WHERE id = p.id),
        (SELECT count(*) FROM member WHERE table_id = p.id AND state = 'active'),
        (SELECT count(*) FROM package_tag WHERE package_id = p.id AND state = 'active'),
        (SELECT count(*) FROM activity WHERE object_id = p.id)
    FROM package p
    LEFT JOIN harvest_object o ON o.package_id = p.id AND o.current
    LEFT JOIN resource r ON r.package_id = p.id
    LEFT JOIN learningcity_harvest_record c ON c.dataset_id = p.id
    WHERE p.type = 'dataset'
    ORDER BY p.name, r.position
"""

#: What a killed run might leave half done.
LEFTOVERS = """
    SELECT id, state FROM harvest_object WHERE state NOT IN ('COMPLETE', 'ERROR')
    UNION ALL SELECT guid, 'not settled' FROM learningcity_harvest_record WHERE fingerprint IS NULL
"""

LAST_RUN = """
    SELECT j.status, r.outcome, r.counts, r.notes, r.done
    FROM harvest_job j JOIN learningcity_harvest_run r ON r.job_id = j.id
    ORDER BY j.created DESC LIMIT 1
"""


def _file(number: int) -> dict[str, str]:
    url = f"https://example.org/{number}.csv"
    return {"id": f"file-{number}", "name": "ตาราง", "format": "CSV", "url": url}


class Catalogue(AgencyServer):
    """A catalogue of `RECORDS` datasets, a page at a time."""

    datasets = tuple(dataset(number, resources=[_file(number)]) for number in range(RECORDS))
    asked: threading.Event

    def respond(self, request: Request) -> Reply:
        self.asked.set()
        start, rows = (int(request.query.get(name, 0)) for name in ("start", "rows"))
        page = self.datasets[start : start + rows]
        result = {"count": len(self.datasets), "results": page}
        return Reply(json.dumps({"success": True, "result": result}).encode())


class Portal:
    """The running portal as its administrator, who is patient with what was just killed."""

    def __init__(self, machine: Any, eventually: Callable[..., Any]) -> None:
        token = machine.run("ckan", "user", "token", "add", "admin", "test", "-q").stdout
        self._remote = RemoteCKAN(f"http://127.0.0.1:{machine.port}", apikey=token.split()[-1])
        self._machine, self._eventually = machine, eventually

    def act(self, action: str, **data: Any) -> Any:
        """Call an action as soon as the portal can."""

        def done() -> bool:
            try:
                answers.append(self._remote.call_action(action, data))
            except (CKANAPIError, RequestException):
                return False
            return True

        answers: list[Any] = []
        self._eventually(done, 120)
        return answers[0]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask PostgreSQL as soon as it answers."""

        def done() -> bool:
            try:
                answers.append(self._machine.execute(statement))
            except psycopg2.OperationalError:  # it starts up, or was killed while it answered
                return False
            return True

        answers: list[list[tuple[Any, ...]]] = []
        self._eventually(done, 120)
        return answers[0]

    def last_run(self) -> dict[str, Any]:
        row = self.ask(LAST_RUN)[0]
        return dict(zip(("status", "outcome", "counts", "notes", "done"), row, strict=True))

    def finished(self) -> dict[str, Any] | None:
        run = self.last_run()
        return run if run["status"] == "Finished" else None

    def left(self) -> list[tuple[Any, ...]]:
        assert self.ask(LEFTOVERS) == []
        return self.ask(STATE)


@pytest.fixture
def agency() -> Iterator[Catalogue]:
    with Catalogue() as running:
        running.asked = threading.Event()
        yield running


@pytest.fixture
def portal(machine, agency, eventually) -> Portal:
    """The portal, allowed to ask `agency`, looking often for what a killed process left."""
    options = {"allow_hosts": agency.host, "tick": 5}
    lines = [f"ckanext.learningcity.harvest.{name} = {value}\n" for name, value in options.items()]
    machine.home.ini.write_text(machine.home.ini.read_text() + "".join(lines))
    machine.run("down")
    machine.up()
    return Portal(machine, eventually)


class Harvest:
    """The harvest of `agency`: its runs, and the moments at which they are disturbed."""

    def __init__(self, portal: Portal, agency: Catalogue, eventually: Callable[..., Any]) -> None:
        self._portal, self._agency, self._eventually = portal, agency, eventually
        self.source = portal.act(
            "harvest_source_create",
            name="catalogue",
            title="Catalogue",
            url=f"{agency.url}{BASE}",
            source_type="learningcity",
            frequency="MANUAL",
            owner_org=portal.act("organization_create", name="nso")["id"],
            config=json.dumps({"source": "gdcatalog-phuket"}),
        )["id"]
        self.counts: dict[str, int] = {}
        self._batch = 0.0  # seconds
        self._reached = self._fruitless = 0

    def start(self, *, full: bool = False) -> None:
        """Begin a run, a full one after the first; it has begun when the source is asked."""
        self.counts = {"unchanged" if full else "added": RECORDS}
        self._reached = 0
        self._agency.asked.clear()
        self._portal.act("learningcity_source_run", id=self.source, full=full)
        self._eventually(self._agency.asked.is_set, 300)

    def end(self) -> dict[str, Any]:
        """Wait until the run has ended, and say how."""
        begun = time.monotonic()
        last = self._eventually(self._portal.finished, 900)
        assert (last["outcome"], last["counts"]) == ("complete", self.counts)
        self._batch = self._batch or (time.monotonic() - begun) * BATCH / RECORDS
        return last

    def wait(self, part: float) -> None:
        """Wait for `part` of the time of a batch after the source was asked again.

        Where a run has ended meanwhile, the moment is one of another that reads all again.
        """
        self._eventually(lambda: self._agency.asked.is_set() or self._portal.finished(), 300)
        if not self._agency.asked.is_set():
            self.end()
            self.start(full=True)
        if self._fruitless == FRUITLESS:
            self._eventually(self._advanced, 300)
        threading.Event().wait(part * self._batch)
        self._agency.asked.clear()
        last = self._portal.last_run()
        self._fruitless = self._fruitless + 1 if last["done"] == self._reached else 0
        self._reached = last["done"]
        print(last)  # for whoever reads the log of a failure

    def _advanced(self) -> bool:
        last = self._portal.last_run()
        return last["done"] > self._reached or last["status"] == "Finished"


def test_what_is_killed_at_random_moments_ends_as_what_is_not(portal, agency, kill, eventually):
    harvest = Harvest(portal, agency, eventually)
    harvest.start()
    assert harvest.end()["notes"] == []
    harvest.start(full=True)
    harvest.end()
    undisturbed = portal.left()
    assert len({row[0] for row in undisturbed}) == RECORDS
    portal.act("harvest_source_clear", id=harvest.source)
    portal.ask("DELETE FROM activity")
    portal.ask("DELETE FROM learningcity_search_document WHERE dataset_type = 'dataset'")
    assert portal.left() == []

    moments = random.Random(SEED)  # noqa: S311 - the same in every run
    harvest.start()
    for number in range(KILLS):
        victim, part = moments.choice(VICTIMS), moments.uniform(0, 1.5)
        print(f"kill {number + 1}: {victim}", end=" ")
        kill(victim, partial(harvest.wait, part))
    assert set(harvest.end()["notes"]) <= {"resumed"}
    if "added" in harvest.counts:
        harvest.start(full=True)
        harvest.end()
    assert portal.left() == undisturbed
    assert portal.act("package_search", rows=0)["count"] == RECORDS
