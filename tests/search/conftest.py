"""A small catalogue, and questions to it through the door that everyone uses."""

from __future__ import annotations

import pytest
from ckan.tests import factories, helpers


@pytest.fixture
def names(portal):
    """``names(q=…, fq=…)``: names of the datasets that an anonymous caller finds, in order."""

    def search(q: str = "*:*", user: str = "", **asked) -> list[str]:
        context = {"user": user, "ignore_auth": False}
        found = helpers.call_action("package_search", context, q=q, rows=50, **asked)
        assert found["count"] == len(found["results"])
        return [dataset["name"] for dataset in found["results"]]

    return search


@pytest.fixture
def catalogue(portal) -> dict[str, dict]:
    """Eight public datasets of two cities."""
    phayao = factories.Organization(name="phayao", title="เทศบาลเมืองพะเยา")
    hat_yai = factories.Organization(name="hat-yai", title="เทศบาลนครหาดใหญ่")
    group = factories.Group(name="lifelong")
    datasets = [
        {
            "name": "learning-city",
            "title": "เมืองแห่งการเรียนรู้พะเยา",
            "notes": "แหล่งเรียนรู้ในเมืองปี ๒๕๖๖",
            "tags": ["การศึกษา", "เมือง"],
            "owner_org": phayao["id"],
            "groups": [{"name": group["name"]}],
        },
        {
            "name": "province-budget",
            "title": "งบประมาณขององค์การบริหารส่วนจังหวัด",
            "notes": "Money spent on schools.",
            "tags": ["budget"],
            "owner_org": phayao["id"],
        },
        {
            "name": "equity",
            "title": "กองทุนเพื่อความเสมอภาคทางการศึกษา",
            "notes": "โครงการของ กสศ. ปี 2566",
            "tags": ["การศึกษา"],
        },
        {
            "name": "library-visits",
            "title": "Library visits",
            "notes": "Visits to the public libraries of Hat Yai, by month.",
            "tags": ["library", "open data"],
            "owner_org": hat_yai["id"],
            "license_id": "cc-by",
            "resources": [
                {"url": "http://x.test/v.csv", "format": "CSV", "name": "Monthly counts"},
                {"url": "http://x.test/w.csv", "format": "CSV"},
            ],
        },
        {
            "name": "open-data-survey",
            "title": "Survey of OpenData in city governments",
            "notes": "Wi-Fi coverage and digital skills; see also the library.",
            "tags": ["open data"],
            "owner_org": hat_yai["id"],
            "extras": [{"key": "reviewed_date", "value": "2025-03-01"}],
        },
        {
            "name": "education-spending",
            "title": "Education spending",
            "notes": "Universities and schools, 2020",
            "extras": [
                {"key": "survey_year", "value": "2020"},
                {"key": "topic", "value": "a: b"},
            ],
        },
        {
            "name": "water",
            "title": "คุณภาพน้ำประปา",
            "notes": "น้ำดื่มของเทศบาล",
            "extras": [{"key": "survey_year", "value": "2015"}],
        },
        {"name": "cpp-course", "title": "C++ (introduction)", "notes": "A course for teachers"},
    ]
    return {d["name"]: factories.Dataset(**_with_tags(d)) for d in datasets}


def _with_tags(dataset: dict) -> dict:
    return {**dataset, "tags": [{"name": tag} for tag in dataset.get("tags", [])]}
