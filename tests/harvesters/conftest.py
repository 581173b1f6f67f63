"""What tests of the harvesters share: servers that play agencies, and sessions that never wait."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import pytest
from agencies.server import AgencyServer
from agencies.worldbank import WorldBankServer

from ckanext.learningcity.harvesters import Session
from ckanext.learningcity.harvesters.session import Limits

NOW = datetime(2026, 2, 1, 12, 0, tzinfo=timezone.utc)


class Clock:
    """Time that passes only by sleeping; `slept` has every pause."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[AgencyServer]:
    with AgencyServer() as running:
        yield running


@pytest.fixture
def worldbank() -> Iterator[WorldBankServer]:
    with WorldBankServer() as running:
        yield running


@pytest.fixture
def make_session(clock: Clock) -> Iterator[Callable[..., Session]]:
    """Make sessions on the test's clock; `limits` are given as a dict."""
    made: list[Session] = []

    def make(*allow_hosts: str, limits: dict | None = None, **options) -> Session:
        rng = random.Random(1)  # noqa: S311 - makes pauses repeatable
        seams = {"clock": clock, "sleep": clock.sleep, "now": lambda: NOW, "rng": rng}
        bounds = Limits(**{"interval": 0, **(limits or {})})
        contact = "data@example.org"
        made.append(Session(contact, allow_hosts=allow_hosts, limits=bounds, **(seams | options)))
        return made[-1]

    yield make
    for session in made:
        session.close()
