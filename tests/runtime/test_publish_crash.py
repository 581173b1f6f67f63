"""A publication by the desk's real worker, killed at each of its steps, and with it PostgreSQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError
from requests import RequestException

from ckanext.learningcity.tables import codelists

YEARS = range(2530, 2567)
AGES = ("Y15T24", "Y25T64", "Y_GE60")
NOTE = "counted by the office of the province in the spring of the year"

#: Whom to kill, and in which state and step of the submission at the earliest.
KILLS = (
    ("worker", "checking", 1),
    ("worker", "publishing", 4),
    ("postgres", "publishing", 4),
    ("web", "publishing", 4),
    ("worker", "publishing", 5),
)


def table(value: int) -> bytes:
    """Return a table of some megabytes in which every observation has the same value."""
    rows = [
        f"ADULT_LITERACY,{area},{year},{sex},{age},{value},{NOTE}\n"
        for area in codelists.areas()
        for year in YEARS
        for sex in ("F", "M")
        for age in AGES
    ]
    return ("indicator,area,year,sex,age,value,note\n" + "".join(rows)).encode()


def values(address: str) -> tuple[int, set[float]]:
    """Return how many observations a CSV has, and their values."""
    with urlopen(address, timeout=60) as reply:
        rows = csv.DictReader(io.TextIOWrapper(reply, "utf-8-sig"))
        found = [float(row["OBS_VALUE"]) for row in rows]
    return len(found), set(found)


class Office:
    """The running portal with one dataset, as its administrator."""

    def __init__(self, machine: Any, portal: RemoteCKAN, dataset: str) -> None:
        self.machine = machine
        self.portal = portal
        self.dataset = dataset

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.machine.port}"

    def act(self, name: str, **parameters: Any) -> Any:
        return self.portal.call_action(f"learningcity_submission_{name}", parameters)

    def upload(self, value: int) -> str:
        files = {"upload": ("table.csv", table(value))}
        made = self.portal.call_action(
            "learningcity_submission_create", {"id": self.dataset}, files=files
        )
        return made["id"]

    def look(self, submission: str) -> dict[str, Any] | None:
        """Return the submission; None while PostgreSQL is away."""
        try:
            return self.act("show", id=submission)
        except (CKANAPIError, RequestException):
            return None

    def reached(self, submission: str, state: str, step: int = 0) -> bool:
        """Whether a submission is in a state and at a step, or past both."""
        order = ("checking", "draft", "approved", "publishing", "published")
        shown = self.look(submission)
        if shown is None or shown["state"] != state:
            return shown is not None and order.index(shown["state"]) > order.index(state)
        return step == 0 or shown["progress"]["done"] >= step

    def downloaded(self) -> tuple[int, set[float]] | None:
        """Return what `/observations.csv` has; None while PostgreSQL is away."""
        try:
            return values(f"{self.site}/observations.csv?indicator=ADULT_LITERACY")
        except (URLError, OSError):
            return None

    def everywhere(self) -> dict[str, tuple[int, set[float]]]:
        """Return how many observations each place shows, and their values."""
        [resource] = self.portal.action.package_show(id=self.dataset)["resources"]
        wanted = {"resource_id": resource["id"], "limit": 1}
        held = self.portal.action.datastore_search(**wanted)["total"]
        distinct = self.portal.action.datastore_search(
            **{**wanted, "limit": 9}, fields="OBS_VALUE", distinct=True
        )
        total = self.portal.action.learningcity_observation_search(limit=0)["total"]
        page = self.portal.action.learningcity_observation_search(limit=5000)["records"]
        [indexed] = self.portal.action.package_search(q=f"id:{resource['package_id']}")["results"]
        return {
            "download": values(f"{self.site}/observations.csv"),
            "DataStore": (held, {float(row["OBS_VALUE"]) for row in distinct["records"]}),
            "API": (total, {row["OBS_VALUE"] for row in page}),
            "file of the resource": values(indexed["resources"][0]["url"]),
        }


@pytest.fixture
def office(machine, quick_tick) -> Office:
    token = machine.run("ckan", "user", "token", "add", "admin", "desk", "-q").stdout.split()[-1]
    portal = RemoteCKAN(f"http://127.0.0.1:{machine.port}", apikey=token)
    owner = portal.action.organization_create(name="office-of-statistics")
    dataset = portal.action.package_create(name="literacy", owner_org=owner["id"])
    return Office(machine, portal, dataset["name"])


def test_what_is_killed_at_the_desk_ends_as_the_old_release_or_the_new_one(
    office, kill, eventually: Callable[..., Any]
):
    def until(submission: str, state: str, step: int = 0) -> None:
        eventually(lambda: office.reached(submission, state, step), 300)

    count = len(codelists.areas()) * len(YEARS) * 2 * len(AGES)
    for number, (victim, state, step) in enumerate((("", "", 0), *KILLS), start=1):
        whole = [(0, set()), (count, {79.0 + number}), (count, {80.0 + number})]
        submission = office.upload(80 + number)
        if state == "checking":
            until(submission, state, step)
            kill(victim)
        until(submission, "draft")
        office.act("submit", id=submission)
        office.act("publish", id=submission)
        if state == "publishing":
            until(submission, state, step)
            kill(victim)
            assert eventually(office.downloaded, 300) in whole
        until(submission, "published")
        shown = office.everywhere()
        assert shown == dict.fromkeys(shown, whole[-1]), (victim, state)
        releases = office.portal.action.learningcity_release_list(id=office.dataset)
        assert releases["count"] == office.act("show", id=submission)["release"] == number
