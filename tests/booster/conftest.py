"""Two cities with published values, and an innovation that they may adopt."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests import factories
from content.conftest import made
from content.people import People

from ckanext.learningcity.booster.model import adoption

VALUES = """INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE
ADULT_PARTICIPATION,{area},2021,10
ADULT_PARTICIPATION,{area},2022,11
ADULT_PARTICIPATION,{area},2023,14
ADULT_PARTICIPATION,{area},2024,{last}
"""


@pytest.fixture
def people(reset_db, with_plugins, reset_index, reset_redis, app) -> People:
    """The cities and their values stay from test to test; what was adopted goes."""
    if model.Group.get("booster-tests") is None:
        reset_db()
        reset_redis()
        reset_index()
        found = made()
        factories.Organization(
            name="tak-office", title="Tak office", org_role="city", area="TH-63-M6301"
        )
        for city, area, last in (("phayao", "TH-56-M5601", 20), ("rayong", "TH-21", 9)):
            factories.Dataset(name=f"{city}-values", owner_org=f"{city}-office", license_id="cc-by")
            with app.flask_app.test_request_context():
                found.act(
                    f"{city}_editor",
                    "learningcity_observation_publish",
                    id=f"{city}-values",
                    data=VALUES.format(area=area, last=last),
                )
        model.Session.add(model.Group(name="booster-tests", title="Marks this module's portal"))
        model.Session.commit()
    model.Session.execute(adoption.delete())
    for package in model.Session.query(model.Package).filter(model.Package.type == "innovation"):
        package.purge()
    model.Session.commit()
    return People()


@pytest.fixture
def innovation(people):
    return people.share("innovation", name="boat-library", user="rayong_editor")


@pytest.fixture
def adopt(people, innovation):
    """Record an adoption: `adopt("phayao", state="running", started="2022-06-01")`."""

    def record(city: str, user: str = "", **fields):
        given = {"innovation": "boat-library", "state": "running", "started": "2022-06-01"}
        given["organization"] = f"{city}-office"
        return people.act(
            user or f"{city}_editor", "learningcity_adoption_create", **{**given, **fields}
        )

    return record
