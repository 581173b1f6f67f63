from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.evaluation.composite import MISSING, Measure, Method, composite
from ckanext.learningcity.evaluation.normalise import METHODS
from ckanext.learningcity.evaluation.sensitivity import sensitivity

PLACES = ["A", "B", "C", "D"]
VALUES = st.fixed_dictionaries(
    {place: st.none() | st.integers(-1000, 1000).map(float) for place in PLACES}
)
MEASURES = st.lists(
    st.builds(
        Measure,
        st.uuids().map(str),
        st.sampled_from(["1.1", "1.2", "2.1", "3.3"]),
        st.sampled_from(["up", "down", "none"]),
        VALUES,
    ),
    max_size=6,
)


@given(MEASURES, st.sampled_from(MISSING))
def test_a_min_max_composite_stays_within_its_parts(measures, missing):
    found = composite(measures, PLACES, Method(missing=missing, coverage=0))
    for place, score in found.scores.items():
        assert score is None or -1e-9 <= score <= 100 + 1e-9
        assert 0 <= found.coverage[place] <= 1 + 1e-9


@given(MEASURES, st.sampled_from(sorted(METHODS)))
def test_a_place_without_any_value_has_no_composite_under_any_rule(measures, normalisation):
    bare = [Measure(m.id, m.focal_area, m.direction, {**m.values, "A": None}) for m in measures]
    for missing in MISSING:
        method = Method(normalisation, missing, coverage=0)
        assert composite(bare, PLACES, method).scores["A"] is None


def test_an_indicator_without_a_good_direction_does_not_count():
    population = Measure("POPULATION", "1.3", "none", {"A": 1.0, "B": 2.0})
    literacy = Measure("LITERACY", "1.1", "up", {"A": 1.0, "B": 2.0})
    found = composite([population, literacy], ["A", "B"], Method())
    assert found.scores == {"A": 0, "B": 100}
    assert list(found.focal_areas) == ["1.1"]


def test_too_little_coverage_gives_no_composite_and_says_how_much_there_is():
    measures = [
        Measure("x", area, "up", {"A": 1.0, "B": 2.0 if area == "1.1" else None})
        for area in ("1.1", "1.2", "1.3")
    ]
    found = composite(measures, ["A", "B"], Method(coverage=0.5))
    assert found.scores["B"] is None
    assert found.coverage["B"] == pytest.approx(1 / 3)
    assert composite(measures, ["A", "B"], Method(coverage=0.3)).scores["B"] == 100


def test_a_weight_of_nothing_takes_a_focal_area_out():
    measures = [
        Measure("x", "1.1", "up", {"A": 1.0, "B": 2.0}),
        Measure("y", "1.2", "up", {"A": 2.0, "B": 1.0}),
    ]
    found = composite(measures, ["A", "B"], Method(weights={"1.2": 0}))
    assert found.scores == {"A": 0, "B": 100}


@pytest.mark.parametrize(
    "wrong",
    [
        {"normalisation": "logarithm"},
        {"missing": "zero"},
        {"coverage": 1.5},
        {"weights": {"1.1": -1.0}},
    ],
)
def test_a_method_that_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError):
        Method(**wrong)


def test_the_range_of_ranks_holds_the_rank_and_is_the_same_every_time():
    measures = [
        Measure("x", "1.1", "up", {"A": 3.0, "B": 2.0, "C": 1.0, "D": None}),
        Measure("y", "2.1", "up", {"A": 1.0, "B": 2.5, "C": 2.0, "D": 9.0}),
    ]
    found = sensitivity(measures, PLACES, Method())
    assert found == sensitivity(list(reversed(measures)), PLACES, Method())
    assert found["A"].best <= found["A"].middle <= found["A"].worst
    assert (found["A"].best, found["A"].worst) == (1, 4)


def test_no_measure_at_all_gives_no_range():
    assert sensitivity([], PLACES, Method()) == {}
