"""What follows from a release cannot be changed through CKAN's other doors."""

from __future__ import annotations

import pytest
from ckan.tests import factories, helpers

HEAD = "indicator,area,year,value\n"
FIRST = f"{HEAD}ADULT_LITERACY,TH-56,2565,93\n"
SECOND = f"{HEAD}ADULT_LITERACY,TH-56,2565,94\n"

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def sysadmin() -> dict:
    return {"user": factories.Sysadmin()["name"], "ignore_auth": False}


@pytest.fixture
def dataset() -> dict:
    made = factories.Dataset(owner_org=factories.Organization()["id"])
    helpers.call_action("learningcity_observation_publish", id=made["id"], data=FIRST)
    return helpers.call_action("package_show", id=made["id"])


def rows(resource: dict) -> list[float]:
    held = helpers.call_action("datastore_search", resource_id=resource["id"])
    return [row["OBS_VALUE"] for row in held["records"]]


@pytest.mark.parametrize(
    ("action", "parameters"),
    [
        ("datastore_upsert", {"method": "insert", "records": [{"OBS_VALUE": 1}], "force": True}),
        ("datastore_create", {"records": [{"OBS_VALUE": 1}], "force": True}),
        ("datastore_delete", {"force": True}),
        ("datastore_records_delete", {"filters": {}, "force": True}),
    ],
)
def test_even_an_administrator_does_not_change_the_table(dataset, sysadmin, action, parameters):
    [resource] = dataset["resources"]
    with pytest.raises(helpers.logic.NotAuthorized):
        helpers.call_action(action, sysadmin.copy(), resource_id=resource["id"], **parameters)
    assert rows(resource) == [93]


def test_even_an_administrator_does_not_delete_the_file(dataset, sysadmin):
    [resource] = dataset["resources"]
    with pytest.raises(helpers.logic.NotAuthorized):
        helpers.call_action("resource_delete", sysadmin.copy(), id=resource["id"])
    assert rows(resource) == [93]


@pytest.mark.parametrize("action", ["resource_update", "resource_patch"])
def test_the_file_stays_that_of_the_release(dataset, sysadmin, action):
    [before] = dataset["resources"]
    forged = {
        **before,
        "url": "https://example.com/other.csv",
        "hash": "0",
        "release": 9,
        "observations": False,
        "description": "ค่าตัวชี้วัด",
    }
    after = helpers.call_action(action, sysadmin.copy(), **forged)
    assert after["description"] == "ค่าตัวชี้วัด"
    for name in ("url", "hash", "release", "observations", "format"):
        assert after[name] == before[name]


def test_a_client_that_sends_back_an_older_state_does_not_undo_a_release(dataset, sysadmin):
    helpers.call_action("learningcity_observation_publish", id=dataset["id"], data=SECOND)
    after = helpers.call_action("package_update", sysadmin.copy(), **dataset)
    [resource] = after["resources"]
    assert resource["release"] == 2
    assert resource["url"].endswith("/release/2.csv")
    assert rows(resource) == [94]


def test_nobody_feigns_a_resource_of_observations(dataset, sysadmin):
    made = helpers.call_action(
        "resource_create",
        sysadmin.copy(),
        package_id=dataset["id"],
        url="https://example.com/a.csv",
        observations=True,
    )
    assert not made.get("observations")
    assert made["url"] == "https://example.com/a.csv"


def test_other_tables_are_changed_as_ever(dataset, sysadmin):
    made = helpers.call_action(
        "datastore_create",
        sysadmin.copy(),
        resource={"package_id": dataset["id"]},
        records=[{"a": 1}],
    )
    helpers.call_action(
        "datastore_upsert",
        sysadmin.copy(),
        resource_id=made["resource_id"],
        method="insert",
        records=[{"a": 2}],
    )
    held = helpers.call_action("datastore_search", resource_id=made["resource_id"])
    assert held["total"] == 2
