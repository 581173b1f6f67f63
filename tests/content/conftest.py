"""Two cities and the secretariat, with their people."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests import factories
from content.people import People


@pytest.fixture
def people(reset_db, with_plugins, reset_index, reset_redis) -> People:
    """A portal of two cities and the secretariat; what a test makes is gone before the next."""
    reset_db()
    reset_redis()
    reset_index()
    return made()


@pytest.fixture
def shared_people(reset_db, with_plugins, reset_index, reset_redis) -> People:
    """As `people`, made once for all tests that leave nothing behind."""
    if model.Group.get("secretariat-office") is None or model.Group.get("kept") is None:
        reset_db()
        reset_redis()
        reset_index()
        factories.Organization(name="kept")
        return made()
    return People()


def made() -> People:
    names = {name: factories.User(name=name)["name"] for name in People.NAMES}
    for city, area in (("phayao", "TH-56-M5601"), ("rayong", "TH-21")):
        factories.Organization(
            name=f"{city}-office",
            title=f"{city} office",
            org_role="city",
            area=area,
            users=[
                {"name": names[f"{city}_editor"], "capacity": "editor"},
                {"name": names[f"{city}_member"], "capacity": "member"},
                {"name": names[f"{city}_admin"], "capacity": "admin"},
            ],
        )
    factories.Organization(
        name="secretariat-office",
        title="Secretariat",
        org_role="secretariat",
        users=[{"name": names["curator"], "capacity": "editor"}],
    )
    return People()
