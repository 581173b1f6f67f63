"""A city and a dataset of it."""

from __future__ import annotations

import pytest
from ckan.tests import factories


@pytest.fixture
def city(portal) -> dict:
    return factories.Organization()


@pytest.fixture
def dataset(city) -> dict:
    return factories.Dataset(owner_org=city["id"], title="ตัวชี้วัดเมืองแห่งการเรียนรู้")
