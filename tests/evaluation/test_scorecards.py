"""Scorecards: what follows from the store, and only from it."""

from __future__ import annotations

import json

import pytest
from ckan.tests import factories, helpers
from evaluation_figures import changed_paths, indicator

ValidationError = helpers.logic.ValidationError
NotFound = helpers.logic.NotFound


def test_each_figure_follows_from_the_observations(evaluation):
    card = evaluation.act("scorecard_show", None, id="TH-56")
    literacy = indicator(card, "ADULT_LITERACY")
    assert literacy["value"] == 92
    assert literacy["fresh"] is True
    assert literacy["trend"] == "better"
    assert literacy["since"]["TIME_PERIOD"] == "2020"
    assert literacy["target"]["gap"] == 3
    assert literacy["position"] == {"rank": 3, "of": 3, "median": 94}
    neet = indicator(card, "NEET")
    assert neet["fresh"] is False
    assert neet["age"] == 5
    assert neet["trend"] is None
    assert indicator(card, "INTERNET_USERS")["reported"] is False
    assert card["totals"]["reported"] == 2
    assert card["totals"]["targets_reached"] == 0
    assert card["peers"] == ["TH-57", "TH-50"]


def test_a_place_may_be_compared_with_chosen_peers(evaluation):
    card = evaluation.act("scorecard_show", None, id="TH-56", peers="TH-57,TH-56")
    assert card["peers"] == ["TH-57"]
    assert indicator(card, "NEET")["position"]["of"] == 2


def test_values_after_the_years_end_do_not_count(evaluation):
    evaluation.publish("TH-56", "ADULT_LITERACY,TH-56,2024,92\nADULT_LITERACY,TH-56,2025,99\n")
    card = evaluation.act("scorecard_show", None, id="TH-56")
    assert indicator(card, "ADULT_LITERACY")["value"] == 92


def test_a_national_value_is_nobodys(evaluation):
    factories.Dataset(name="nation", owner_org="reading-agency")
    helpers.call_action(
        "learningcity_observation_publish",
        id="nation",
        data="INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nTERTIARY_ENROLMENT,TH,2024,50\n",
    )
    card = evaluation.act("scorecard_show", None, id="TH-56")
    assert indicator(card, "TERTIARY_ENROLMENT")["reported"] is False


def test_one_release_changes_exactly_the_figures_that_depend_on_it(evaluation):
    before = evaluation.act("scorecard_show", None, id="TH-56")
    evaluation.publish(
        "TH-57", "ADULT_LITERACY,TH-57,2024,91\nNEET,TH-57,2023,9\nINTERNET_USERS,TH-57,2024,81\n"
    )
    after = evaluation.act("scorecard_show", None, id="TH-56")
    assert changed_paths(before, after) == {
        "as_of",
        "ADULT_LITERACY.position.rank",
        "ADULT_LITERACY.position.median",
    }


def test_a_closed_evaluation_and_an_earlier_moment_give_the_same_bytes_again(evaluation):
    closed = evaluation.act("evaluation_close", id="2024")
    first = evaluation.act("scorecard_show", None, id="TH-56")
    composite = evaluation.act("composite_show", id="2024")
    evaluation.publish("TH-56", "ADULT_LITERACY,TH-56,2024,90\n")
    evaluation.publish("TH-57", "NEET,TH-57,2024,8\n")
    again = evaluation.act("scorecard_show", None, id="TH-56", as_of=closed["as_of"])
    assert json.dumps(again) == json.dumps(first)
    assert json.dumps(evaluation.act("composite_show", id="2024")) == json.dumps(composite)


def test_private_figures_do_not_count_for_anybody(evaluation):
    owner = {"user": evaluation.users["TH-57"]}
    helpers.call_action("package_patch", owner, id="d-th-57", private=True)
    for by in (None, "TH-57", "sysadmin"):
        card = evaluation.act("scorecard_show", by, id="TH-57")
        assert card["totals"]["reported"] == 0


def test_bad_parameters_are_named(evaluation):
    for parameters, field in (
        ({"id": "TH-99"}, "id"),
        ({"id": "TH-56", "peers": "nowhere"}, "peers"),
        ({"id": "TH-56", "as_of": "yesterday"}, "as_of"),
        ({"id": "TH-56", "as_of": "3"}, "as_of"),
        ({"id": "TH-56", "evaluation": "DROP TABLE"}, "evaluation"),
        ({"id": "TH-56", "yaer": "2024"}, "yaer"),
        ({}, "id"),
    ):
        with pytest.raises(ValidationError) as refused:
            evaluation.act("scorecard_show", None, **parameters)
        assert list(refused.value.error_dict) == [field]


def test_no_evaluation_is_said_so(network):
    with pytest.raises(NotFound):
        network.act("scorecard_show", None, id="TH-56")
    with pytest.raises(NotFound):
        network.act("scorecard_show", None, id="TH-56", evaluation="2030")
