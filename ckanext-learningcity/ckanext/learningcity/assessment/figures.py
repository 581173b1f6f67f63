"""The figures of an evaluation: scorecards and the composite, as of a moment.

Only what everybody may read counts, whoever asks: an evaluation that depended on the reader's
permissions could not be repeated by another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import ckan.lib.plugins as lib_plugins
import sqlalchemy as sa

from ckanext.learningcity.evaluation import scorecard
from ckanext.learningcity.evaluation.composite import Measure, Method, composite
from ckanext.learningcity.evaluation.sensitivity import sensitivity
from ckanext.learningcity.indicators import coverage
from ckanext.learningcity.indicators.chosen import Record, totals
from ckanext.learningcity.tables import codelists

from . import readings
from .rounds import Evaluation

#: What an entry of an indicator on a scorecard tells of its definition.
_DEFINED = ("id", "name", "unit", "direction", "measure", "decimals", "focal_area", "verified")


@dataclass(frozen=True)
class Figures:
    """All that an evaluation is worked out from, as of one moment.

    `series` is by place and indicator; `standings` are those of the qualitative grades; `made_up`
    are the names of demonstration datasets.
    """

    evaluation: Evaluation
    as_of: datetime
    series: Mapping[str, Mapping[str, list[Record]]]
    standings: Mapping[readings.Key, Mapping[str, Any]]
    made_up: frozenset[str]

    @property
    def demonstration(self) -> bool:
        """Whether any observation is made up."""
        return any(
            records and records[-1]["DATASET"] in self.made_up
            for series in self.series.values()
            for records in series.values()
        )

    def value(self, area: str, indicator: str) -> float | None:
        """Return the value that counts: an agreed grade, else the newest observation."""
        grade = self.standings.get((area, indicator), {}).get("grade")
        if grade is not None:
            return float(grade)
        held = scorecard.known(self.series[area].get(indicator, ()), self.evaluation.year)
        return held[-1]["OBS_VALUE"] if held else None

    def values(self, indicator: str, areas: Sequence[str]) -> dict[str, float | None]:
        """Return the values of an indicator by place."""
        return {area: self.value(area, indicator) for area in areas}


def gather(
    connection: sa.Connection, evaluation: Evaluation, as_of: datetime, areas: Sequence[str] = ()
) -> Figures:
    """Read what an evaluation is worked out from; `areas` are places beyond its own."""
    labels = lib_plugins.get_permission_labels().get_user_dataset_labels(None)
    wanted = list(dict.fromkeys([*evaluation.areas, *areas]))
    made_up = (
        dataset["name"]
        for dataset in coverage.datasets(connection, labels)
        if dataset["demonstration"]
    )
    return Figures(
        evaluation,
        as_of,
        totals(connection, wanted, labels, list(codelists.reported_indicators()), as_of),
        readings.standings(evaluation, as_of),
        frozenset(made_up),
    )


def peers(evaluation: Evaluation, area: str) -> list[str]:
    """Return the places of the evaluation on the same level as `area`, itself left out."""
    levels = codelists.areas()
    level = levels[area]["level"]
    return [each for each in evaluation.areas if levels[each]["level"] == level and each != area]


def card(figures: Figures, area: str, compared: Sequence[str]) -> dict[str, Any]:
    """Return the scorecard of a place: `groups`, each with its `focal_areas`, and `totals`."""
    entries = {
        code: _entry(figures, area, indicator, compared)
        for code, indicator in codelists.reported_indicators().items()
    }
    focal_areas = [
        _focal_area(focal_area, [e for e in entries.values() if e["focal_area"] == code])
        for code, focal_area in codelists.focal_areas().items()
    ]
    groups = [
        {
            "id": group["id"],
            "name": group["name"],
            "focal_areas": [each for each in focal_areas if each["group"] == group["id"]],
        }
        for group in codelists.focal_area_groups().values()
    ]
    return {"groups": groups, "totals": _counts(list(entries.values()))}


def table(figures: Figures, method: Method) -> dict[str, Any]:
    """Return the composite of all places by `method`.

    :returns: `places`, the best first and those without a composite last: each with `area`,
        `score`, `rank`, `coverage`, `focal_areas` (scores) and `ranks` (`best`, `worst`, `middle`,
        `methods`); and `measures`, the indicators that counted with the number of places that
        have them
    """
    areas = figures.evaluation.areas
    measures = [
        Measure(code, entry["focal_area"], entry["direction"], figures.values(code, areas))
        for code, entry in codelists.reported_indicators().items()
    ]
    held = [
        measure
        for measure in measures
        if measure.direction != "none" and any(v is not None for v in measure.values.values())
    ]
    found, ranges = composite(held, areas, method), sensitivity(held, areas, method)
    scored = {area: score for area, score in found.scores.items() if score is not None}
    positions = scorecard.ranks(scored)
    places = [
        {
            "area": area,
            "score": found.scores[area],
            "rank": positions.get(area),
            "coverage": found.coverage[area],
            "focal_areas": {code: scores[area] for code, scores in found.focal_areas.items()},
            "ranks": asdict(ranges[area]) if area in ranges and area in scored else None,
        }
        for area in areas
    ]
    places.sort(key=lambda place: (place["rank"] is None, place["rank"] or 0, place["area"]))
    return {
        "places": places,
        "measures": [
            {"id": m.id, "places": sum(value is not None for value in m.values.values())}
            for m in held
        ],
    }


def _entry(
    figures: Figures, area: str, indicator: Mapping[str, Any], compared: Sequence[str]
) -> dict[str, Any]:
    code, evaluation = indicator["id"], figures.evaluation
    series = figures.series[area].get(code, [])
    judged = scorecard.judged(indicator, series, evaluation.rules, evaluation.targets.get(code))
    held = figures.standings.get((area, code))
    if held is not None and held["grade"] is not None:
        judged |= {"reported": True, "fresh": True, "value": float(held["grade"]), "age": 0}
    values = figures.values(code, [area, *compared])
    made_up = judged["record"] is not None and judged["record"]["DATASET"] in figures.made_up
    return {
        **{name: indicator.get(name) for name in _DEFINED},
        **judged,
        "reading": held,
        "position": scorecard.position(values, area, indicator["direction"]),
        "demonstration": made_up,
    }


def _focal_area(focal_area: Mapping[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    told = {name: focal_area[name] for name in ("id", "group", "name")}
    return {**told, **_counts(entries), "indicators": entries}


def _counts(entries: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "expected": len(entries),
        "reported": sum(entry["reported"] for entry in entries),
        "fresh": sum(bool(entry["fresh"]) for entry in entries),
        "better": sum(entry["trend"] == "better" for entry in entries),
        "worse": sum(entry["trend"] == "worse" for entry in entries),
        "targets": sum(entry["target"] is not None for entry in entries),
        "targets_reached": sum(
            bool(entry["target"] and entry["target"]["reached"]) for entry in entries
        ),
    }
