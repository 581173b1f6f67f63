"""The composite through its action, and its results as a dataset."""

from __future__ import annotations

import pytest
from ckan.tests import helpers

from ckanext.learningcity.evaluation.normalise import METHODS

NotAuthorized = helpers.logic.NotAuthorized
ValidationError = helpers.logic.ValidationError


def test_a_composite_shows_all_that_it_hides(evaluation):
    found = evaluation.act("composite_show", id="2024")
    best, second, last = found["places"]
    assert (best["area"], second["area"], last["area"]) == ("TH-50", "TH-57", "TH-56")
    # literacy 92, 96, 94; NEET 14, 9, 11; internet none, 81, 86
    assert best["score"] == pytest.approx((50 + 60 + 100) / 3)
    assert second["score"] == pytest.approx((100 + 100 + 0) / 3)
    assert last["coverage"] == pytest.approx(2 / 3)
    assert last["score"] == 0
    for place in found["places"]:
        assert place["ranks"]["best"] <= place["rank"] <= place["ranks"]["worst"]
    assert {m["id"]: m["places"] for m in found["measures"]} == {
        "ADULT_LITERACY": 3,
        "NEET": 3,
        "INTERNET_USERS": 2,
    }


def test_the_reader_chooses_the_normalisation(evaluation):
    for normalisation in METHODS:
        found = evaluation.act("composite_show", id="2024", normalisation=normalisation)
        assert found["method"]["normalisation"] == normalisation
        assert found["evaluation"]["method"]["normalisation"] == "min_max"


def test_results_become_a_dataset_with_a_release_that_says_how_it_was_made(evaluation):
    evaluation.act("evaluation_close", id="2024")
    done = evaluation.act("evaluation_publish", id="2024")
    assert done["state"] == "published"
    releases = helpers.call_action("learningcity_release_list", id=done["dataset"])["results"]
    assert [release["number"] for release in releases] == [1]
    source = releases[0]["source"]
    assert source["kind"] == "evaluation"
    assert source["as_of"] == done["as_of"]
    assert source["normalisation"] == "min_max"
    records = helpers.call_action(
        "learningcity_observation_search", indicator="EVALUATION_COMPOSITE"
    )["records"]
    shown = evaluation.act("composite_show", None, id="2024")
    scores = {place["area"]: place["score"] for place in shown["places"]}
    assert {r["REF_AREA"]: r["OBS_VALUE"] for r in records} == {
        area: pytest.approx(score, abs=1e-4) for area, score in scores.items()
    }
    assert all("rank" in record["COMMENT_OBS"] for record in records)


def test_results_do_not_feed_the_next_evaluation(evaluation):
    evaluation.act("evaluation_close", id="2024")
    evaluation.act("evaluation_publish", id="2024")
    card = evaluation.act("scorecard_show", None, id="TH-56")
    codes = {e["id"] for g in card["groups"] for a in g["focal_areas"] for e in a["indicators"]}
    assert not {code for code in codes if code.startswith("EVALUATION")}
    profile = helpers.call_action("learningcity_city_profile", id="TH-56")
    assert sum(area["expected"] for area in profile["focal_areas"]) == len(codes)


def test_nothing_to_compare_is_no_result(network):
    network.act(
        "evaluation_create",
        id="empty",
        title={"en": "e", "th": "ว่าง"},
        year=2024,
        areas="TH-10,TH-11",
    )
    network.act("evaluation_open", id="empty")
    network.act("evaluation_close", id="empty")
    with pytest.raises(ValidationError):
        network.act("evaluation_publish", id="empty")
    assert network.act("evaluation_show", id="empty")["state"] == "closed"


def test_only_the_secretariat_sees_it_before_it_is_published(evaluation):
    for by in (None, "TH-56", "reader", "stranger"):
        with pytest.raises(NotAuthorized):
            evaluation.act("composite_show", by, id="2024")
    evaluation.act("evaluation_close", id="2024")
    evaluation.act("evaluation_publish", id="2024")
    assert evaluation.act("composite_show", None, id="2024")["places"]


def test_other_methods_are_refused(evaluation):
    for wrong in (
        {"normalisation": "logarithm"},
        {"missing": "zero"},
        {"as_of": "1"},
        {"weights": "{}"},
    ):
        with pytest.raises(ValidationError) as refused:
            evaluation.act("composite_show", id="2024", **wrong)
        assert set(wrong) == set(refused.value.error_dict)
