"""A portal with two datasets: the nation's real values and a city's demonstration values."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

NATIONAL = """INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS
ADULT_LITERACY,TH,2022,94.1,A
ADULT_LITERACY,TH,2023,94.3,A
"""
CITY = """INDICATOR,REF_AREA,PERIOD_TYPE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,COMMENT_OBS
ADULT_LITERACY,TH-56,fiscal,2021,90.25,A,
ADULT_LITERACY,TH-56,fiscal,2022,91.5,E,<b>from a sample</b>
ADULT_LITERACY,TH-56,fiscal,2023,92.0,P,
ADULT_LITERACY,TH-57,fiscal,2023,88.8,A,
"""
SECRET = """INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE
NEET,TH-57,2023,77.7
"""


def publish(app, name: str, table: str, **fields) -> None:
    """Publish a table as a dataset."""
    organization = factories.Organization(name=f"{name}-office", title=f"{name} office")
    title = f"Title of {name}"
    factories.Dataset(name=name, title=title, owner_org=organization["id"], **fields)
    with app.flask_app.test_request_context():
        call_action("learningcity_observation_publish", id=name, data=table)


@pytest.fixture
def cities(reset_db, with_plugins, reset_index, reset_redis, app):
    """The nation's values, Phayao's and Chiang Rai's, and values that only their owner may see.

    Pages write nothing, so what one test has published serves the next.
    """
    names = {name for (name,) in model.Session.query(model.Package.name)}
    if names != {"pages-national", "pages-city", "pages-secret"}:
        reset_db()
        reset_redis()
        reset_index()
        publish(app, "pages-national", NATIONAL, license_id="cc-by")
        publish(app, "pages-city", CITY, license_id="cc-by", demonstration=True)
        publish(app, "pages-secret", SECRET, license_id="cc-by", private=True)


@pytest.fixture
def page(app):
    """Get an address and return its page as parsed HTML: `page("/city/TH-56")`."""

    def get(address: str, status: int = 200) -> BeautifulSoup:
        return BeautifulSoup(app.get(address, status=status).body, "html.parser")

    return get
