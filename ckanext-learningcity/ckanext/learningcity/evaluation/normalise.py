"""Putting indicators of different units on one scale.

Three ways of the OECD/JRC Handbook on Constructing Composite Indicators (2008), part 1.5. A high
score is always a good one. A place without a value stays without a score. Where all places are
equal, one place alone among them, nothing tells them apart: each gets the middle of the scale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import fmean, pstdev

#: A value or score by place; None where there is none.
Values = Mapping[str, float | None]
Scores = dict[str, float | None]

MIDDLE = 50.0


def normalise(values: Values, method: str, direction: str) -> Scores:
    """Return the scores of `values` by `method`, a key of `METHODS`.

    :param direction: `up` where a higher value is better, `down` where a lower one is
    """
    sign = -1.0 if direction == "down" else 1.0
    known = {place: sign * value for place, value in values.items() if value is not None}
    return dict.fromkeys(values) | METHODS[method](known)


def _min_max(known: Mapping[str, float]) -> Scores:
    """Return 0 for the worst place, 100 for the best, and their share of the way for the others."""
    low, high = min(known.values(), default=0.0), max(known.values(), default=0.0)
    if low == high:
        return dict.fromkeys(known, MIDDLE)
    # Halved before subtracting: the distance between two very large numbers may not be a number.
    span = high / 2 - low / 2
    return {place: 100 * ((value / 2 - low / 2) / span) for place, value in known.items()}


def _z_score(known: Mapping[str, float]) -> Scores:
    """Return 50 for the mean, and 10 more or less for each standard deviation from it.

    The population's standard deviation: the places that are compared are all there are.
    """
    values = list(known.values())
    if len(set(values)) < 2:
        return dict.fromkeys(known, MIDDLE)
    scale = max(map(abs, values))
    values = [value / scale for value in values]
    mean, deviation = fmean(values), pstdev(values)
    if not deviation:  # they differ by less than the arithmetic can tell
        return dict.fromkeys(known, MIDDLE)
    return {
        place: MIDDLE + 10 * (value / scale - mean) / deviation for place, value in known.items()
    }


def _rank(known: Mapping[str, float]) -> Scores:
    """Return 100 for the first place and 0 for the last; equal places share the mean of theirs."""
    if len(set(known.values())) < 2:
        return dict.fromkeys(known, MIDDLE)
    positions = ranks(known)
    last = len(known)
    return {place: 100 * (last - position) / (last - 1) for place, position in positions.items()}


def ranks(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the position of each place, 1 for the highest; equal ones share their mean: 2.5."""
    ordered = sorted(scores.values(), reverse=True)
    first = {value: ordered.index(value) + 1 for value in set(ordered)}
    return {place: first[value] + (ordered.count(value) - 1) / 2 for place, value in scores.items()}


METHODS: dict[str, Callable[[Mapping[str, float]], Scores]] = {
    "min_max": _min_max,
    "z_score": _z_score,
    "rank": _rank,
}
