"""Counts beside the results."""

from __future__ import annotations

import pytest
from ckan.tests import helpers

pytestmark = pytest.mark.usefixtures("catalogue")


def facets(**asked) -> dict:
    return helpers.call_action("package_search", **asked)["facets"]


def test_counts_follow_the_question():
    fields = ["organization", "tags", "res_format", "groups", "survey_year"]
    assert facets(q="*:*", **{"facet.field": fields}) == {
        "organization": {"phayao": 2, "hat-yai": 2},
        "tags": {
            **{"open data": 2, "การศึกษา": 2},
            **{"budget": 1, "library": 1, "เมือง": 1},
        },
        "res_format": {"CSV": 1},  # datasets, not files
        "groups": {"lifelong": 1},
        "survey_year": {"2015": 1, "2020": 1},
    }
    assert facets(q="library", **{"facet.field": ["organization", "tags"]}) == {
        "organization": {"hat-yai": 2},
        "tags": {"open data": 2, "library": 1},
    }
    assert facets(q="zebra", **{"facet.field": ["tags"]}) == {"tags": {}}


def test_titles_come_with_the_counts():
    found = helpers.call_action("package_search", **{"facet.field": ["organization"]})
    items = found["search_facets"]["organization"]["items"]
    assert {item["name"]: item["display_name"] for item in items} == {
        "phayao": "เทศบาลเมืองพะเยา",
        "hat-yai": "เทศบาลนครหาดใหญ่",
    }


def test_limits():
    asked = {"facet.field": ["tags", "survey_year"]}
    most = facets(**asked, **{"facet.limit": 2})
    assert {name: len(values) for name, values in most.items()} == {"tags": 2, "survey_year": 2}
    assert set(most["tags"]) == {"open data", "การศึกษา"}
    assert set(facets(**asked, **{"facet.mincount": 2})["tags"]) == {"open data", "การศึกษา"}
    assert len(facets(**asked, **{"facet.limit": -1})["tags"]) == 5


def test_a_field_that_nobody_has_counts_nothing():
    hostile = "x') FROM user; --"
    assert facets(**{"facet.field": ["unknown", hostile]}) == {"unknown": {}, hostile: {}}


def test_the_page_shows_them(app):
    page = app.get("/en/dataset/?tags=open+data").get_data(as_text=True)
    assert "library-visits" in page
    assert "learning-city" not in page
    assert "organization=hat-yai" in page
