"""One figure from many, with everything that it hides.

Indicators are normalised, their mean is the score of a focal area, and the weighted mean of the
focal areas is the composite: steps 5 and 6 of the OECD/JRC Handbook, with linear aggregation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from .normalise import METHODS, Scores, Values, normalise

#: What happens where a place lacks an indicator or a focal area.
MISSING = ("share", "mean", "exclude")


@dataclass(frozen=True)
class Measure:
    """An indicator of a composite: where it belongs, which way is good, and its values by place."""

    id: str
    focal_area: str
    direction: str
    values: Values


@dataclass(frozen=True)
class Method:
    """How a composite is made.

    `normalisation` is a key of `METHODS`. `weights` are those of focal areas, 1 for the unnamed.
    `missing` is `share` (the others carry the weight), `mean` (the mean of the other places stands
    in) or `exclude` (no composite without it). `coverage` is the least share of weight, from 0 to
    1, that a place must have values for.
    """

    normalisation: str = "min_max"
    missing: str = "share"
    weights: Mapping[str, float] = field(default_factory=dict)
    coverage: float = 0.5

    def __post_init__(self) -> None:
        if self.normalisation not in METHODS or self.missing not in MISSING:
            raise ValueError(f"no such method: {self.normalisation}, {self.missing}")
        if not 0 <= self.coverage <= 1 or any(weight < 0 for weight in self.weights.values()):
            raise ValueError("a weight or the coverage is out of range")

    def weight(self, focal_area: str) -> float:
        """Return the weight of a focal area."""
        return self.weights.get(focal_area, 1.0)


@dataclass(frozen=True)
class Composite:
    """The result: `scores` by place, `focal_areas` by id and place, and the coverage by place.

    `coverage` is the share of weight, from 0 to 1, for which a place has values of its own.
    """

    scores: Scores
    focal_areas: Mapping[str, Scores]
    coverage: Mapping[str, float]


def composite(measures: Sequence[Measure], places: Sequence[str], method: Method) -> Composite:
    """Return the composite of `places`; measures without a good direction do not count."""
    counted = [measure for measure in measures if measure.direction in ("up", "down")]
    own = {place: _coverage(counted, place, method) for place in places}
    areas: dict[str, list[Scores]] = {}
    for measure in counted:
        values = {place: measure.values.get(place) for place in places}
        scores = normalise(values, method.normalisation, measure.direction)
        areas.setdefault(measure.focal_area, []).append(scores)
    equal = replace(method, weights={})
    by_area = {
        area: _combined({str(at): scores for at, scores in enumerate(parts)}, places, equal)
        for area, parts in sorted(areas.items())
        if method.weight(area)
    }
    scores = _combined(by_area, places, method)
    for place, share in own.items():
        if share < method.coverage or not share:
            scores[place] = None
    return Composite(scores, by_area, own)


def _coverage(measures: Sequence[Measure], place: str, method: Method) -> float:
    """Return the share of weight for which `place` has values."""
    areas: dict[str, list[bool]] = {}
    for measure in measures:
        areas.setdefault(measure.focal_area, []).append(measure.values.get(place) is not None)
    total = sum(method.weight(area) for area in areas)
    if not total:
        return 0.0
    return sum(method.weight(area) * fmean(held) for area, held in areas.items()) / total


def _combined(parts: Mapping[str, Scores], places: Sequence[str], method: Method) -> Scores:
    """Return the weighted mean of `parts` for each place, as the method treats missing ones."""
    if method.missing == "mean":
        parts = {name: _filled(scores) for name, scores in parts.items()}
    return {place: _mean(parts, place, method) for place in places}


def _filled(scores: Scores) -> Scores:
    known = [score for score in scores.values() if score is not None]
    mean = fmean(known) if known else None
    return {place: mean if score is None else score for place, score in scores.items()}


def _mean(parts: Mapping[str, Scores], place: str, method: Method) -> float | None:
    known = {name: score for name, scores in parts.items() if (score := scores[place]) is not None}
    if method.missing == "exclude" and len(known) < len(parts):
        return None
    total = sum(method.weight(name) for name in known)
    if not total:
        return None
    return sum(method.weight(name) * score for name, score in known.items()) / total
