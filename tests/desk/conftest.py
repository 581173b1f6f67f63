"""A city with an editor, a second one and an administrator, and a dataset of theirs."""

from __future__ import annotations

import pytest
from ckan.tests import factories
from desk.people import City


@pytest.fixture
def city(portal) -> City:
    editor, colleague, admin = (factories.User()["name"] for _ in range(3))
    organization = factories.Organization(
        name="phayao-office",
        title="Phayao office",
        org_role="city",
        area="TH-56",
        users=[
            {"name": editor, "capacity": "editor"},
            {"name": colleague, "capacity": "editor"},
            {"name": admin, "capacity": "admin"},
        ],
    )
    dataset = factories.Dataset(owner_org=organization["id"], title="ตัวชี้วัดพะเยา")
    return City(organization["id"], editor, colleague, admin, dataset["name"])
