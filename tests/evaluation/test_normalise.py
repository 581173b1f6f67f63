"""Properties of the three normalisations: bounds, order, ties, one place, nothing known."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.evaluation.normalise import METHODS, MIDDLE, normalise, ranks

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
MODEST = st.integers(-(10**6), 10**6).map(float)
DIRECTIONS = st.sampled_from(["up", "down"])
ANY = st.sampled_from(sorted(METHODS))


def places(numbers, **size):
    return st.dictionaries(st.text(min_size=1, max_size=3), st.none() | numbers, **size)


@given(places(NUMBERS), ANY, DIRECTIONS)
def test_every_place_with_a_value_gets_a_number_and_no_other(values, method, direction):
    scores = normalise(values, method, direction)
    assert scores.keys() == values.keys()
    for place, value in values.items():
        assert (scores[place] is None) == (value is None)
        assert scores[place] is None or abs(scores[place]) < 1e9


@given(places(NUMBERS), st.sampled_from(["min_max", "rank"]), DIRECTIONS)
def test_bounds(values, method, direction):
    scores = [score for score in normalise(values, method, direction).values() if score is not None]
    assert all(-1e-9 <= score <= 100 + 1e-9 for score in scores)


@given(places(MODEST), ANY)
def test_a_higher_value_never_scores_less_where_high_is_good_nor_more_where_low_is(values, method):
    known = sorted((value, place) for place, value in values.items() if value is not None)
    up, down = normalise(values, method, "up"), normalise(values, method, "down")
    for (less, low), (more, high) in pairwise(known):
        assert up[low] <= up[high] + 1e-9
        assert down[low] >= down[high] - 1e-9
        if less < more:
            assert up[low] < up[high]


@given(places(MODEST, min_size=2), ANY, DIRECTIONS)
def test_equal_values_score_alike(values, method, direction):
    scores = normalise(values, method, direction)
    for place, value in values.items():
        for other, same in values.items():
            if value == same:
                assert scores[place] == pytest.approx(scores[other])


@given(places(MODEST), DIRECTIONS)
def test_z_scores_have_their_mean_and_deviation(values, direction):
    scores = [s for s in normalise(values, "z_score", direction).values() if s is not None]
    if scores:
        assert sum(scores) / len(scores) == pytest.approx(MIDDLE)
    if len({value for value in values.values() if value is not None}) > 1:
        variance = sum((score - MIDDLE) ** 2 for score in scores) / len(scores)
        assert variance == pytest.approx(100)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [{"A": 7.0}, {"A": 7.0, "B": 7.0, "C": None}])
def test_one_place_or_equal_ones_get_the_middle(method, values):
    scores = normalise(values, method, "up")
    assert {score for score in scores.values() if score is not None} == {MIDDLE}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [{}, {"A": None, "B": None}])
def test_nothing_known_gives_no_score(method, values):
    assert normalise(values, method, "down") == values


def test_equal_places_share_the_mean_of_their_ranks():
    assert ranks({"A": 3.0, "B": 5.0, "C": 3.0, "D": 1.0}) == {"A": 2.5, "B": 1, "C": 2.5, "D": 4}


def test_an_unknown_method_is_an_error():
    with pytest.raises(KeyError):
        normalise({"A": 1.0}, "logarithm", "up")
