"""A portal with two releases of a public dataset, and a dataset that only its owner may see."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

NAME = "downloads-city"
SECRET = "downloads-secret"

FIRST = """INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,OBS_STATUS,COMMENT_OBS
ADULT_LITERACY,TH-56,2565,,90.5,A,
ADULT_LITERACY,TH-56,2566,,91,E,"=1+1, ก"
ADULT_LITERACY,TH-56,2566,F,0.5,A,
ADULT_LITERACY,TH-57,2566,,88.25,A,ที่มา: สำมะโน
"""
SECOND = FIRST.replace("88.25", "89") + "ADULT_LITERACY,TH-57,2567,,,O,\n"
HIDDEN = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nNEET,TH-57,2023,77.7\n"


def publish(app, name: str, *tables: str, **fields) -> None:
    """Publish tables as the releases of a dataset."""
    organization = factories.Organization(
        name=f"{name}-office",
        title_translated={"th": "เทศบาลเมือง & เพื่อน", "en": "City {of} 100% \\ friends"},
    )
    factories.Dataset(name=name, owner_org=organization["id"], **fields)
    for table in tables:
        with app.flask_app.test_request_context():
            call_action("learningcity_observation_publish", id=name, data=table)


@pytest.fixture
def published(reset_db, with_plugins, reset_index, reset_redis, app) -> str:
    """The name of the public dataset. Downloads write nothing, so what one test made serves all."""
    if model.Package.get(NAME) is None:
        reset_db()
        reset_redis()
        reset_index()
        title = {"th": "อัตรารู้หนังสือ", "en": "Literacy: 50% & more_"}
        publish(app, NAME, FIRST, SECOND, title_translated=title, license_id="cc-by")
        publish(app, SECRET, HIDDEN, title="Secret", private=True)
    return NAME


@pytest.fixture
def release(published):
    """Return what `learningcity_release_show` tells of a release of the public dataset."""

    def show(number: int) -> dict:
        return call_action("learningcity_release_show", id=published, number=number)

    return show
