"""Searching observations: filters, pages, moments, and who sees what."""

from __future__ import annotations

import pytest
from ckan.tests import factories, helpers
from indicators.publishing import GOOD, HEAD, publish, search

pytestmark = pytest.mark.usefixtures("portal")


def test_a_record_says_what_where_when_and_from_where(dataset):
    publish(dataset, GOOD)
    records = search(indicator=["ADULT_LITERACY"], area="TH-56", sex="F")["records"]
    assert records == [
        {
            "INDICATOR": "ADULT_LITERACY",
            "REF_AREA": "TH-56",
            "AREA_LEVEL": "province",
            "SEX": "F",
            "AGE": "_T",
            "RESIDENCE": "_T",
            "EDUCATION_LEV": "_T",
            "WEALTH_QUANTILE": "_T",
            "DISABILITY": "_T",
            "TIME_PERIOD": "2023",
            "PERIOD_TYPE": "calendar",
            "PERIOD_START": "2023-01-01",
            "PERIOD_END": "2023-12-31",
            "OBS_VALUE": 92.5,
            "UNIT_MEASURE": "PT",
            "OBS_STATUS": "A",
            "COMMENT_OBS": None,
            "EVIDENCE": None,
            "TIME_PERIOD_ORIGINAL": "2566",
            "REF_AREA_ORIGINAL": "TH-56",
            "DATASET": dataset["name"],
            "RELEASE": 1,
        }
    ]


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({}, 5),
        ({"indicator": "ADULT_LITERACY,INTERNET_USERS", "area": "TH-56"}, 4),
        ({"indicator": ["ADULT_LITERACY"], "area": ["TH-56", "TH-57"], "sex": "_T"}, 3),
        ({"start": "2023"}, 4),
        ({"end": "2565"}, 1),
        ({"start": "2022", "end": "2022"}, 1),
        ({"start": "2100"}, 0),
        ({"level": "municipality"}, 0),
        ({"level": "province,municipality"}, 5),
        ({"sex": "F,M"}, 1),
        ({"as_of": "2020-01-01"}, 0),
    ],
)
def test_filters(dataset, filters, total):
    publish(dataset, GOOD)
    found = search(**filters)
    assert found["total"] == total
    assert len(found["records"]) == total


def test_pages_meet_without_gap_or_repetition_even_across_a_release(dataset):
    publish(dataset, GOOD)
    whole = search()["records"]
    page = search(limit=2)
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    records = page["records"]
    while page["next_cursor"]:
        page = search(limit=2, cursor=page["next_cursor"])
        assert page["total"] == 5
        records += page["records"]
    assert records == whole


def test_as_of_gives_the_state_of_that_moment(dataset):
    publish(dataset, GOOD)
    moment = helpers.call_action("learningcity_release_show", id=dataset["id"], number=1)[
        "released"
    ]
    before = search(as_of=moment)
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    assert search(as_of=moment) == before
    assert search()["total"] == 1


@pytest.mark.parametrize(
    ("filters", "field", "hint"),
    [
        ({"indicator": "ADULT_LITERCY"}, "indicator", "ADULT_LITERACY"),
        ({"area": "TH-99"}, "area", "TH-99"),
        ({"level": "village"}, "level", "village"),
        ({"sex": "X9"}, "sex", "X9"),
        ({"start": "67"}, "start", "67"),
        ({"as_of": "yesterday"}, "as_of", "2026-01-31"),
        ({"limit": "many"}, "limit", ""),
        ({"limit": -1}, "limit", ""),
        ({"limit": 1_000_000}, "limit", "next_cursor"),
        ({"cursor": "bm9uc2Vuc2U"}, "cursor", "cursor"),
        ({"startYear": "2020"}, "startYear", "not known"),
    ],
)
def test_a_wrong_parameter_is_named_and_never_ignored(filters, field, hint):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        search(**filters)
    assert hint in " ".join(refused.value.error_dict[field])


def test_private_observations_are_neither_seen_nor_counted(city):
    private = factories.Dataset(owner_org=city["id"], private=True)
    publish(private, GOOD)
    stranger = factories.User()
    member = factories.User()
    helpers.call_action(
        "organization_member_create", id=city["id"], username=member["name"], role="member"
    )
    for user, total in ((stranger, 0), (member, 5)):
        found = helpers.call_action(
            "learningcity_observation_search",
            context={"user": user["name"], "ignore_auth": False},
        )
        assert (found["total"], len(found["records"])) == (total, total)
    shown = helpers.call_action(
        "learningcity_indicator_show",
        context={"user": stranger["name"], "ignore_auth": False},
        id="ADULT_LITERACY",
    )
    assert shown["coverage"]["observations"] == 0
    assert shown["datasets"] == []


def test_a_dataset_made_public_shows_its_observations_and_a_deleted_one_hides_them(city):
    dataset = factories.Dataset(owner_org=city["id"], private=True)
    publish(dataset, GOOD)
    anonymous = {"user": "", "ignore_auth": False}
    editor = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", editor, id=dataset["id"], private=False)
    assert helpers.call_action("learningcity_observation_search", anonymous)["total"] == 5
    helpers.call_action("package_delete", editor, id=dataset["id"])
    assert helpers.call_action("learningcity_observation_search", anonymous)["total"] == 0
