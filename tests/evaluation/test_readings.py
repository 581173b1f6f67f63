"""Qualitative grades: the city's, a second reader's, the decision."""

from __future__ import annotations

import pytest
from ckan.tests import helpers
from evaluation_figures import DEFINITION, indicator

NotAuthorized = helpers.logic.NotAuthorized
ValidationError = helpers.logic.ValidationError


def test_two_that_agree_make_a_value(evaluation):
    assert evaluation.grade("TH-56", 3)["state"] == "waiting"
    card = evaluation.act("scorecard_show", None, id="TH-56")
    assert indicator(card, "LEARNING_STRATEGY")["reported"] is False
    assert evaluation.grade("reader", 3)["state"] == "agreed"
    entry = indicator(evaluation.act("scorecard_show", None, id="TH-56"), "LEARNING_STRATEGY")
    assert (entry["value"], entry["reported"], entry["fresh"]) == (3, True, True)


def test_the_second_reader_does_not_see_the_first_grade(evaluation):
    evaluation.grade("TH-56", 3, comment="Adopted by the council")
    (waiting,) = [
        entry
        for entry in evaluation.act("reading_list", "reader", evaluation="2024", area="TH-56")
        if entry["state"] == "waiting"
    ]
    (own,) = waiting["readings"]
    assert (own["grade"], own["comment"]) == (None, "")
    assert own["evidence"] == "https://example.org/strategy"
    seen = evaluation.grade("reader", 1)["readings"]
    assert [reading["grade"] for reading in seen] == [3, 1]


def test_where_they_differ_the_secretariat_decides_and_says_why(evaluation):
    evaluation.grade("TH-56", 3)
    assert evaluation.grade("reader", 1)["state"] == "differs"
    with pytest.raises(ValidationError) as refused:
        evaluation.grade("secretary", 2)
    assert "comment" in refused.value.error_dict
    decided = evaluation.grade("secretary", 2, comment="Adopted, but without a budget")
    assert (decided["state"], decided["grade"]) == ("decided", 2)
    assert [r["role"] for r in decided["readings"]] == ["own", "second", "decision"]


def test_nobody_decides_about_their_own_reading(evaluation):
    evaluation.grade("TH-56", 3)
    evaluation.grade("secretary", 1, role="second")
    with pytest.raises(ValidationError) as refused:
        evaluation.grade("secretary", 1, role="decision", comment="I said so")
    assert "role" in refused.value.error_dict
    assert evaluation.grade("sysadmin", 2, role="decision", comment="Heard both")["grade"] == 2


def test_a_new_grade_of_the_city_begins_anew(evaluation):
    evaluation.grade("TH-56", 3)
    evaluation.grade("reader", 3)
    assert evaluation.grade("TH-56", 4)["state"] == "waiting"
    assert evaluation.grade("reader", 4)["grade"] == 4


def test_an_earlier_moment_knows_only_the_grades_of_then(evaluation):
    evaluation.grade("TH-56", 3)
    evaluation.grade("reader", 3)
    closed = evaluation.act("evaluation_close", id="2024")
    evaluation.act("evaluation_reopen", id="2024", reason="more grades")
    evaluation.grade("TH-56", 1)
    evaluation.grade("reader", 1)
    then = evaluation.act("scorecard_show", None, id="TH-56", as_of=closed["as_of"])
    assert indicator(then, "LEARNING_STRATEGY")["value"] == 3
    now = evaluation.act("scorecard_show", None, id="TH-56")
    assert indicator(now, "LEARNING_STRATEGY")["value"] == 1


def test_who_has_no_role_may_neither_grade_nor_see(evaluation):
    evaluation.grade("TH-56", 3)
    for by in (None, "TH-57", "stranger"):
        with pytest.raises(NotAuthorized):
            evaluation.grade(by, 3)
    for by in ("TH-57", "stranger"):
        assert evaluation.act("reading_list", by, evaluation="2024", area="TH-56") == []


def test_a_city_does_not_read_itself_second_even_where_it_is_a_named_reader(network):
    network.act("evaluation_create", **{**DEFINITION, "readers": ["o-th-56"]})
    network.act("evaluation_open", id="2024")
    network.grade("TH-56", 3)
    with pytest.raises(NotAuthorized):
        network.grade("TH-56", 3, role="second")
    network.grade("TH-57", 2, area="TH-57")
    assert network.grade("TH-56", 2, area="TH-57")["state"] == "agreed"


WRONG = [
    ({"grade": 5}, "grade"),
    ({"grade": "good"}, "grade"),
    ({"indicator": "NEET"}, "indicator"),
    ({"indicator": "NOTHING"}, "indicator"),
    ({"area": "TH-90"}, "area"),
    ({"evidence": "javascript:alert(1)"}, "evidence"),
    ({"evidence": ""}, "evidence"),
    ({"comment": "x" * 6000}, "comment"),
    ({"role": "second"}, "role"),
]


def test_what_is_wrong_is_named_and_nothing_is_kept(evaluation):
    for given, field in WRONG:
        grade = {"grade": 3, "evidence": "https://example.org/x", **given}
        with pytest.raises(ValidationError) as refused:
            evaluation.grade("sysadmin" if field in ("area", "role") else "TH-56", **grade)
        assert list(refused.value.error_dict) == [field], given
    listed = evaluation.act("reading_list", "TH-56", evaluation="2024")
    assert {entry["state"] for entry in listed} == {"none"}


@pytest.mark.parametrize("act", ["close", None])
def test_grades_are_given_while_it_is_open(network, act):
    network.act("evaluation_create", **DEFINITION)
    if act:
        network.act("evaluation_open", id="2024")
        network.act("evaluation_close", id="2024")
    with pytest.raises(ValidationError) as refused:
        network.grade("TH-56", 3)
    assert "evaluation" in refused.value.error_dict
