"""How much of a rank is the method: the ranks that other defensible methods give.

Every normalisation, every rule for missing values and three ways of weighting are tried, and each
focal area is left out once (the Handbook's step 7). Nothing is drawn by chance, so the same
observations give the same range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import median

from .composite import MISSING, Measure, Method, composite
from .normalise import METHODS, ranks


@dataclass(frozen=True)
class Range:
    """The ranks of a place: `best`, `worst` and `middle` (median) of `methods` methods."""

    best: float
    worst: float
    middle: float
    methods: int


def sensitivity(
    measures: Sequence[Measure], places: Sequence[str], method: Method
) -> dict[str, Range]:
    """Return the range of ranks of each place that has a composite by at least one method."""
    found: dict[str, list[float]] = {}
    for variant, kept in _variants(measures, method):
        scores = composite(kept, places, variant).scores
        known = {place: score for place, score in scores.items() if score is not None}
        for place, position in ranks(known).items():
            found.setdefault(place, []).append(position)
    return {
        place: Range(min(held), max(held), median(held), len(held))
        for place, held in sorted(found.items())
    }


def _variants(
    measures: Sequence[Measure], method: Method
) -> Iterator[tuple[Method, Sequence[Measure]]]:
    areas = sorted({measure.focal_area for measure in measures})
    for normalisation, missing in product(METHODS, MISSING):
        for weights in _weightings(measures, areas, method):
            variant = replace(method, normalisation=normalisation, missing=missing, weights=weights)
            yield variant, measures
    for area in areas[: len(areas) if len(areas) > 1 else 0]:
        yield method, [measure for measure in measures if measure.focal_area != area]


def _weightings(
    measures: Sequence[Measure], areas: Sequence[str], method: Method
) -> Iterator[Mapping[str, float]]:
    """Yield the method's own weights; every group alike; every indicator alike."""
    yield method.weights
    groups = [area.partition(".")[0] for area in areas]
    yield {area: 1 / groups.count(area.partition(".")[0]) for area in areas}
    held = [measure.focal_area for measure in measures]
    yield {area: float(held.count(area)) for area in areas}
