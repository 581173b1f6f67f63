"""Withdrawing releases, rolling back to one, and what no door lets anyone do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

HEAD = "indicator,area,year,value\n"
FIRST = f"{HEAD}ADULT_LITERACY,TH-56,2565,93\nADULT_LITERACY,TH-57,2565,90\n"
SECOND = f"{HEAD}ADULT_LITERACY,TH-56,2565,94\nADULT_LITERACY,TH-56,2566,95\n"
THIRD = f"{HEAD}ADULT_LITERACY,TH-56,2565,96\n"

pytestmark = pytest.mark.usefixtures("portal")


def call(action: str, **parameters):
    return helpers.call_action(action, **parameters)


def refused(action: str, **parameters) -> dict:
    with pytest.raises(helpers.logic.ValidationError) as error:
        call(action, **parameters)
    return error.value.error_dict


@pytest.fixture
def dataset() -> str:
    """Return the name of a dataset with two releases."""
    name = factories.Dataset(owner_org=factories.Organization()["id"])["name"]
    for data in (FIRST, SECOND):
        call("learningcity_observation_publish", id=name, data=data)
    return name


def values(**parameters) -> list[float]:
    found = call("learningcity_observation_search", **parameters)
    return [record["OBS_VALUE"] for record in found["records"]]


def test_withdrawing_the_current_release_shows_the_state_before_as_a_new_release(dataset):
    withdrawn = call("learningcity_release_withdraw", id=dataset, number=2, reason="ผิดปี")
    assert withdrawn["withdrawn"]["reason"] == "ผิดปี"
    assert values() == [93, 90]
    third = call("learningcity_release_show", id=dataset, number=3)
    assert third["source"] == {"kind": "withdrawal", "of": 2, "to": 1, "reason": "ผิดปี"}
    [resource] = call("package_show", id=dataset)["resources"]
    rows = call("datastore_search", resource_id=resource["id"])["records"]
    assert sorted(row["OBS_VALUE"] for row in rows) == [90, 93]


def test_the_state_of_a_withdrawn_release_is_not_given_for_its_time_either(dataset):
    moment = call("learningcity_release_show", id=dataset, number=2)["released"]
    assert values(as_of=moment) == [94, 95]
    call("learningcity_release_withdraw", id=dataset, number=2, reason="personal data")
    assert values(as_of=moment) == []
    first = call("learningcity_release_show", id=dataset, number=1)["released"]
    assert values(as_of=first) == [93, 90]
    assert "number" in refused("learningcity_release_diff", id=dataset, number=3, against=2)


def test_withdrawing_the_only_state_leaves_an_empty_release():
    name = factories.Dataset(owner_org=factories.Organization()["id"])["name"]
    call("learningcity_observation_publish", id=name, data=FIRST)
    call("learningcity_release_withdraw", id=name, number=1, reason="wrong dataset")
    assert values() == []
    assert call("learningcity_release_show", id=name, number=2)["observations"] == 0


def test_withdrawing_an_old_release_makes_no_new_one(dataset):
    call("learningcity_release_withdraw", id=dataset, number=1, reason="wrong")
    assert values() == [94, 95]
    assert call("learningcity_release_list", id=dataset)["count"] == 2


def test_what_was_rolled_back_to_falls_with_the_release_it_repeats(dataset):
    call("learningcity_release_rollback", id=dataset, number=1, reason="try")
    call("learningcity_release_withdraw", id=dataset, number=1, reason="personal data")
    assert values() == [94, 95]


def test_a_release_is_withdrawn_once(dataset):
    call("learningcity_release_withdraw", id=dataset, number=1, reason="wrong")
    again = refused("learningcity_release_withdraw", id=dataset, number=1, reason="again")
    assert "number" in again


def test_rolling_back_makes_an_earlier_state_the_next_release(dataset):
    made = call("learningcity_release_rollback", id=dataset, number=1, reason="2 was a draft")
    assert made["number"] == 3
    assert made["source"] == {"kind": "rollback", "to": 1, "reason": "2 was a draft"}
    assert made["sha256"] == call("learningcity_release_show", id=dataset, number=1)["sha256"]
    assert values() == [93, 90]


@pytest.mark.parametrize(
    ("number", "why"), [(2, "the current state"), (1, "withdrawn before")], ids=str
)
def test_rolling_back_is_refused(dataset, number, why):
    if number == 1:
        call("learningcity_release_withdraw", id=dataset, number=1, reason=why)
    assert "number" in refused(
        "learningcity_release_rollback", id=dataset, number=number, reason="x"
    )
    assert values() == [94, 95]


@pytest.mark.parametrize("action", ["withdraw", "rollback"])
def test_a_correction_needs_a_reason_and_a_release(dataset, action):
    assert "reason" in refused(f"learningcity_release_{action}", id=dataset, number=1)
    with pytest.raises(helpers.logic.NotFound):
        call(f"learningcity_release_{action}", id=dataset, number=9, reason="x")


@pytest.mark.parametrize("action", ["withdraw", "rollback"])
def test_strangers_correct_nothing(dataset, action):
    context = {"user": factories.User()["name"], "ignore_auth": False}
    with pytest.raises(helpers.logic.NotAuthorized):
        helpers.call_action(
            f"learningcity_release_{action}", context, id=dataset, number=1, reason="x"
        )
    assert values() == [94, 95]


def test_a_difference_lists_old_and_new_values(dataset):
    told = call("learningcity_release_diff", id=dataset, number=2)
    assert told["counts"] == {"added": 1, "changed": 1, "removed": 1}
    assert told["count"] == 3
    brief = [
        (
            record["change"],
            record["REF_AREA"],
            record["TIME_PERIOD"],
            record["old"] and record["old"]["OBS_VALUE"],
            record["new"] and record["new"]["OBS_VALUE"],
        )
        for record in told["results"]
    ]
    assert brief == [
        ("removed", "TH-57", "2022", 90, None),
        ("changed", "TH-56", "2022", 93, 94),
        ("added", "TH-56", "2023", None, 95),
    ]


def test_a_difference_has_pages_and_any_base(dataset):
    pages = [
        call("learningcity_release_diff", id=dataset, number=2, limit=1, offset=n)["results"]
        for n in range(4)
    ]
    assert [page[0]["change"] if page else None for page in pages] == [
        "removed",
        "changed",
        "added",
        None,
    ]
    whole = call("learningcity_release_diff", id=dataset, number=2, against=0)
    assert whole["counts"] == {"added": 2, "changed": 0, "removed": 0}
    backwards = call("learningcity_release_diff", id=dataset, number=1, against=2)
    assert backwards["counts"] == {"added": 1, "changed": 1, "removed": 1}


@pytest.mark.parametrize("bad", [{"number": 9}, {"number": 1, "against": 9}])
def test_a_difference_with_an_unknown_release_is_not_found(dataset, bad):
    with pytest.raises(helpers.logic.NotFound):
        call("learningcity_release_diff", id=dataset, **bad)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE learningcity_release SET sha256 = repeat('0', 64)",
        "DELETE FROM learningcity_release",
        "DELETE FROM learningcity_withdrawal",
    ],
)
def test_the_database_itself_refuses_to_alter_a_release(dataset, statement):
    call("learningcity_release_withdraw", id=dataset, number=1, reason="wrong")
    with pytest.raises(sa.exc.IntegrityError, match="never altered"):
        model.Session.execute(sa.text(statement))
    model.Session.rollback()


def test_as_of_takes_the_number_of_a_release(dataset):
    call("learningcity_observation_publish", id=dataset, data=THIRD)
    assert values(dataset=dataset, as_of="1") == [93, 90]
    assert values(dataset=dataset, as_of=2) == [94, 95]


@pytest.mark.parametrize("with_dataset", [True, False])
def test_as_of_a_release_needs_one_dataset_that_has_it(dataset, with_dataset):
    chosen = {"dataset": dataset, "as_of": "7"} if with_dataset else {"as_of": "1"}
    assert "as_of" in refused("learningcity_observation_search", **chosen)


def test_two_publishers_at_once_one_wins_and_the_other_is_told(dataset):
    told = call("learningcity_observation_publish", id=dataset, data=THIRD, base_release=2)
    assert told["release"]["number"] == 3
    late = refused("learningcity_observation_publish", id=dataset, data=FIRST, base_release=2)
    assert "3" in late["base_release"][0]
    assert values() == [96]
