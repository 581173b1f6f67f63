"""Preparing and moving evaluations: who may, in which state, and what is refused."""

from __future__ import annotations

import itertools

import pytest
from ckan.tests import helpers
from evaluation_figures import DEFINITION

NotAuthorized = helpers.logic.NotAuthorized
ValidationError = helpers.logic.ValidationError

#: What leads to each state, and which acts are possible in it.
WAYS = {
    "draft": [],
    "open": ["open"],
    "closed": ["open", "close"],
    "published": ["open", "close", "publish"],
}
POSSIBLE = {
    "draft": {"open", "update"},
    "open": {"close", "update"},
    "closed": {"reopen", "publish"},
    "published": set(),
}
ACTS = ["open", "close", "reopen", "publish", "update"]
MAY = {"secretary", "sysadmin"}


def parameters(act: str) -> dict:
    return dict(DEFINITION) if act == "update" else {"id": "2024", "reason": "because"}


@pytest.mark.parametrize("state", WAYS)
def test_every_act_in_every_state_by_every_role(network, state):
    network.act("evaluation_create", **DEFINITION)
    for act in WAYS[state]:
        network.act(f"evaluation_{act}", **parameters(act))
    for act, by in itertools.product(ACTS, [None, "TH-56", "reader", "stranger"]):
        with pytest.raises(NotAuthorized):
            network.act(f"evaluation_{act}", by, **parameters(act))
    for act in ACTS:
        if act not in POSSIBLE[state]:
            with pytest.raises(ValidationError) as refused:
                network.act(f"evaluation_{act}", **parameters(act))
            assert "state" in refused.value.error_dict
    for by in (None, "TH-56", "stranger"):
        listed = [found["id"] for found in network.act("evaluation_list", by)]
        assert listed == ([] if state == "draft" else ["2024"])
        if state == "draft":
            with pytest.raises(NotAuthorized):
                network.act("evaluation_show", by, id="2024")
            with pytest.raises(NotAuthorized):
                network.act("scorecard_show", by, id="TH-56", evaluation="2024")
    assert network.act("evaluation_show", id="2024")["state"] == state


def test_nobody_but_the_secretariat_prepares_one(network):
    for by in (None, "TH-56", "reader", "stranger"):
        with pytest.raises(NotAuthorized):
            network.act("evaluation_create", by, **DEFINITION)


def test_reopening_says_why_to_everybody(evaluation):
    evaluation.act("evaluation_close", id="2024")
    with pytest.raises(ValidationError, match="why"):
        evaluation.act("evaluation_reopen", id="2024")
    evaluation.act("evaluation_reopen", id="2024", reason="A figure was wrong")
    shown = evaluation.act("evaluation_show", None, id="2024")
    assert [line["reason"] for line in shown["reopened"]] == ["A figure was wrong"]
    assert "history" not in shown
    assert shown["as_of"] is None
    kinds = [line["kind"] for line in evaluation.act("evaluation_show", id="2024")["history"]]
    assert kinds == ["created", "open", "close", "reopen"]


WRONG = [
    ("id", "Evaluation 2024"),
    ("title", {"en": "only English"}),
    ("title", "plain"),
    ("year", "2567"),
    ("year", "soon"),
    ("areas", "TH-56"),
    ("areas", "TH-56,TH-999"),
    ("areas", "TH-56,TH-56"),
    ("normalisation", "logarithm"),
    ("missing", "zero"),
    ("coverage", "1.5"),
    ("coverage", "NaN"),
    ("weights", '{"9.9": 1}'),
    ("weights", '{"1.1": -1}'),
    ("weights", "[1]"),
    ("targets", '{"NOTHING": {"value": 1, "year": 2030, "source": "x"}}'),
    ("targets", '{"NEET": {"value": 1}}'),
    ("targets", '{"NEET": {"value": "many", "year": 2030, "source": "x"}}'),
    ("fresh_years", "-1"),
    ("readers", "no-such-organization"),
    ("unknown", "1"),
]


def test_what_is_wrong_is_named(network):
    for field, value in WRONG:
        with pytest.raises(ValidationError) as refused:
            network.act("evaluation_create", **{**DEFINITION, field: value})
        assert list(refused.value.error_dict) == [field], value
    assert network.act("evaluation_list") == []


def test_an_id_is_taken_once(evaluation):
    with pytest.raises(ValidationError) as refused:
        evaluation.act("evaluation_create", **DEFINITION)
    assert "id" in refused.value.error_dict
