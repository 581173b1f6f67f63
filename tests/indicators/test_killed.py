"""A publication that is killed leaves the old release or the new one, whole, everywhere."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from ckan import model
from ckan.common import config
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres as datastore_engines
from processes import publisher

from ckanext.learningcity.harvest import queue

HEAD = "indicator,area,year,value\n"
OLD = f"{HEAD}ADULT_LITERACY,TH-56,2565,93\nADULT_LITERACY,TH-57,2565,90\n"
NEW = f"{HEAD}ADULT_LITERACY,TH-56,2565,94\nADULT_LITERACY,TH-56,2566,95\nNEET,TH-56,2566,1\n"
STATES = {1: [90, 93], 2: [1, 94, 95]}

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture(scope="module")
def publish(_migrated) -> Iterator[Callable[..., int]]:
    """Return a function that publishes in a process of its own and returns how that ended."""
    with subprocess.Popen(
        [sys.executable, publisher.__file__, config["__file__"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"

        def order(**order: str) -> int:
            print(json.dumps(order), file=process.stdin, flush=True)
            return int(process.stdout.readline())

        yield order
        process.stdin.close()


@pytest.fixture
def dataset() -> dict:
    """Return a dataset with its first release."""
    made = factories.Dataset(owner_org=factories.Organization()["id"])
    helpers.call_action("learningcity_observation_publish", id=made["id"], data=OLD)
    return made


def reconnect() -> None:
    """Forget the connections that ended with PostgreSQL, and wait until it has recovered."""
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg2.connect(config["sqlalchemy.url"]).close()
            break
        except psycopg2.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    model.Session.remove()
    model.meta.engine.dispose()
    datastore_engines.get_read_engine().dispose()
    datastore_engines.get_write_engine().dispose()


def shown(app, dataset: dict) -> dict[str, list[float]]:
    """Return the values that each place shows."""
    table = csv.DictReader(io.StringIO(app.get("/observations.csv").body.lstrip("\ufeff")))
    [resource] = helpers.call_action("package_show", id=dataset["id"])["resources"]
    held = helpers.call_action("datastore_search", resource_id=resource["id"])
    found = helpers.call_action("learningcity_observation_search")
    [indexed] = helpers.call_action("package_search", q=f"id:{dataset['id']}")["results"]
    path = indexed["resources"][0]["url"].removeprefix(config["ckan.site_url"])
    file = csv.DictReader(io.StringIO(app.get(path).body.lstrip("\ufeff")))
    places = {
        "API": [record["OBS_VALUE"] for record in found["records"]],
        "CSV": [row["OBS_VALUE"] for row in table],
        "DataStore": [row["OBS_VALUE"] for row in held["records"]],
        "file of the resource": [row["OBS_VALUE"] for row in file],
    }
    return {place: sorted(map(float, values)) for place, values in places.items()}


@pytest.mark.parametrize("victim", ["process", "postgres"])
@pytest.mark.parametrize("point", publisher.POINTS)
def test_the_old_release_or_the_new_one_is_whole(app, dataset, publish, point, victim):
    user = factories.Sysadmin()["name"]
    ended = publish(dataset=dataset["id"], data=NEW, user=user, point=point, victim=victim)
    if victim == "process":
        assert os.WIFSIGNALED(ended)
        assert os.WTERMSIG(ended) == signal.SIGKILL
    else:
        assert os.WEXITSTATUS(ended) == 1
    reconnect()

    for place, values in shown(app, dataset).items():
        assert values in STATES.values(), place
    queue.tick()  # what the worker does when it comes back
    number = helpers.call_action("learningcity_release_list", id=dataset["id"])["count"]
    assert shown(app, dataset) == dict.fromkeys(shown(app, dataset), STATES[number])

    helpers.call_action("learningcity_observation_publish", id=dataset["id"], data=NEW)
    assert shown(app, dataset) == dict.fromkeys(shown(app, dataset), STATES[2])
    assert helpers.call_action("learningcity_release_list", id=dataset["id"])["count"] == 2


@pytest.mark.parametrize(
    "point", ["before the commit", "after the commit", "after the DataStore table is shown"]
)
def test_of_a_first_release_everything_is_there_or_nothing(app, publish, point):
    made = factories.Dataset(owner_org=factories.Organization()["id"])
    user = factories.Sysadmin()["name"]
    publish(dataset=made["id"], data=OLD, user=user, point=point, victim="process")
    reconnect()
    queue.tick()
    number = helpers.call_action("learningcity_release_list", id=made["id"])["count"]
    assert number == (point != "before the commit")
    if not number:
        assert helpers.call_action("package_show", id=made["id"])["resources"] == []
        helpers.call_action("learningcity_observation_publish", id=made["id"], data=OLD)
    assert shown(app, made) == dict.fromkeys(shown(app, made), STATES[1])
