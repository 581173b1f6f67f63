from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from agencies.worldbank import WorldBankServer
from ckan.tests import factories, helpers

from ckanext.learningcity.harvest import queue
from ckanext.learningcity.harvesters.session import Limits, Session
from ckanext.learningcity.tables import codelists


@pytest.fixture
def agency() -> Iterator[WorldBankServer]:
    """A World Bank on this machine, which the portal is allowed to ask."""
    with WorldBankServer() as running:
        yield running


@pytest.fixture
def published() -> dict[str, str]:
    """The indicators that the agency has: World Bank code to ours. A few, for speed."""
    return {
        "SE.ADT.LITR.ZS": "ADULT_LITERACY",
        "IT.NET.USER.ZS": "INTERNET_USERS",
        "SE.TER.ENRR": "TERTIARY_ENROLMENT",
    }


@pytest.fixture
def source(portal, agency, published, monkeypatch, ckan_config) -> dict:
    """A harvest source that asks `agency`, without pauses between its questions."""
    few = {code: codelists.indicators()[ours] for code, ours in published.items()}
    monkeypatch.setattr("ckanext.learningcity.harvesters.worldbank._published", lambda: few)
    hasty = partial(Session, limits=Limits(interval=0, backoff=0))
    monkeypatch.setattr("ckanext.learningcity.harvest.config.Session", hasty)
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.allow_hosts", [agency.host])
    owner = factories.Organization(name="world-bank")
    return helpers.call_action(
        "harvest_source_create",
        context={"user": factories.Sysadmin()["name"]},
        name="world-bank-indicators",
        title="World Bank",
        url=agency.endpoint,
        source_type="learningcity",
        frequency="MANUAL",
        owner_org=owner["id"],
        config=json.dumps({"source": "worldbank"}),
    )


@pytest.fixture
def work() -> Callable[[], None]:
    """Do the work on both queues, as the two consumers would."""
    return _drain


@pytest.fixture
def run(source) -> Callable[..., dict]:
    """Run the source through ckanext-harvest's queues and return the job."""

    def run_once(**asked: object) -> dict:
        job = helpers.call_action("learningcity_source_run", id=source["id"], **asked)["job"]
        _drain()
        return helpers.call_action("harvest_job_show", id=job)

    return run_once


def _drain() -> None:
    for stage, make in queue.STAGES.items():
        consumer = make()
        while consumer.redis.llen(consumer.routing_key):
            method, header, body = next(consumer.consume("unused"))
            queue.handle(stage, consumer, method, header, body)
