"""Publishing: what becomes a release, and what is refused whole."""

from __future__ import annotations

import csv
import io

import pytest
from ckan.tests import factories, helpers
from indicators.publishing import GOOD, HEAD, publish, search

pytestmark = pytest.mark.usefixtures("portal")


def test_a_file_becomes_release_one_and_a_changed_one_release_two(dataset):
    first = publish(dataset, GOOD)
    assert first["release"]["number"] == 1
    assert first["difference"] == {"added": 5, "changed": 0, "removed": 0}
    second = publish(
        dataset, GOOD.replace("93.5", "94").replace("INTERNET_USERS,TH-56,2566,70,\n", "")
    )
    assert second["release"]["number"] == 2
    assert second["difference"] == {"added": 0, "changed": 1, "removed": 1}
    assert search()["total"] == 4


def test_the_same_file_again_makes_no_release(dataset):
    publish(dataset, GOOD)
    again = publish(dataset, GOOD)
    assert again["release"] is None
    assert again["difference"] == {"added": 0, "changed": 0, "removed": 0}
    releases = helpers.call_action("learningcity_release_list", id=dataset["id"])
    assert [release["number"] for release in releases["results"]] == [1]


def test_a_faulty_file_reports_all_faults_and_changes_nothing(dataset):
    publish(dataset, GOOD)
    faulty = (
        f"{HEAD}\n"
        "ADULT_LITERACY,TH-99,2567,91\n"
        "ADULT_LITERACY,TH-56,67,91\n"
        "ADULT_LITERACY,TH-56,2567,lots\n"
        "ADULT_LITERACY,TH-57,2567,91\n"
        "ADULT_LITERACY,TH-57,2024,92\n"
    )
    with pytest.raises(helpers.logic.ValidationError) as refused:
        publish(dataset, faulty)
    issues = refused.value.error_dict["issues"]
    errors = [issue for issue in issues if issue["severity"] == "error"]
    assert [(issue["code"], issue["row"], issue["column"]) for issue in errors] == [
        ("area_unknown", 2, "area"),
        ("period_two_digits", 3, "year"),
        ("value_not_number", 4, "value"),
        ("duplicate_key", 6, "indicator"),
    ]
    assert search()["total"] == 5


def test_a_dry_run_says_what_would_change_and_changes_nothing(dataset):
    publish(dataset, GOOD)
    told = publish(dataset, GOOD.replace("93.5", "94"), dry_run=True)
    assert told["difference"] == {"added": 0, "changed": 1, "removed": 0}
    assert told["release"] is None
    assert (
        search(indicator="ADULT_LITERACY", area="TH-56", start="2566", sex="_T")["records"][0][
            "OBS_VALUE"
        ]
        == 93.5
    )


def test_a_dry_run_that_is_neither_yes_nor_no_is_refused(dataset):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        publish(dataset, GOOD, dry_run="perhaps")
    assert "perhaps" in refused.value.error_dict["dry_run"][0]
    assert helpers.call_action("learningcity_release_list", id=dataset)["count"] == 0


def test_only_those_who_may_change_a_dataset_may_publish_to_it(dataset):
    for context in ({"user": ""}, {"user": factories.User()["name"]}):
        with pytest.raises(helpers.logic.NotAuthorized):
            helpers.call_action(
                "learningcity_observation_publish",
                context={**context, "ignore_auth": False},
                id=dataset["id"],
                data=GOOD,
            )
    assert search()["total"] == 0


@pytest.mark.parametrize("parameters", [{}, {"data": ""}, {"data": GOOD, "upload": io.BytesIO()}])
def test_exactly_one_file_must_be_given(dataset, parameters):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        helpers.call_action("learningcity_observation_publish", id=dataset["id"], **parameters)
    assert "upload" in refused.value.error_dict


def test_a_release_carries_the_title_in_both_languages(city):
    title = {"th": "ประชากรพะเยา", "en": "Population of Phayao"}
    dataset = factories.Dataset(owner_org=city["id"], title_translated=title)
    assert publish(dataset, GOOD)["release"]["title_translated"] == title
    shown = helpers.call_action("learningcity_indicator_show", id="ADULT_LITERACY")
    assert shown["datasets"][0]["title_translated"] == title


def test_publishing_to_a_dataset_that_is_not_there():
    with pytest.raises(helpers.logic.NotFound):
        helpers.call_action("learningcity_observation_publish", id="nowhere", data=GOOD)


def test_comments_with_quotes_commas_and_lines_survive(dataset):
    note = 'ก "quoted", {braces} \\ back\nnew line'
    buffer = io.StringIO()
    csv.writer(buffer).writerows(
        [[*HEAD.split(","), "note"], ["ADULT_LITERACY", "TH-56", "2566", "1", note]]
    )
    publish(dataset, buffer.getvalue())
    assert search()["records"][0]["COMMENT_OBS"] == note
