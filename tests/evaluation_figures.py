"""An evaluation to make, and looking into its scorecards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

AREAS = ["TH-56", "TH-57", "TH-50"]
DEFINITION = {
    "id": "2024",
    "title": {"en": "Evaluation 2024", "th": "การประเมิน 2567"},
    "year": 2024,
    "areas": AREAS,
    "targets": {
        "ADULT_LITERACY": {"value": 95, "year": 2027, "source": "https://example.org/plan"}
    },
    "readers": ["reading-agency"],
}


def indicator(card: dict[str, Any], code: str) -> dict[str, Any]:
    """Return the entry of an indicator."""
    return next(entry for entry in _entries(card) if entry["id"] == code)


def changed_paths(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return which figures differ, as `INDICATOR.figure`."""
    return {path for path, value in _figures(before) if dict(_figures(after))[path] != value}


def _entries(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in card["groups"]:
        for focal_area in group["focal_areas"]:
            yield from focal_area["indicators"]


def _figures(card: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "as_of", card["as_of"]
    yield "totals", card["totals"]
    for group in card["groups"]:
        for area in group["focal_areas"]:
            yield area["id"], {key: area[key] for key in area if key != "indicators"}
    for entry in _entries(card):
        yield from _leaves(entry["id"], entry)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inner in value.items():
        yield from _leaves(f"{path}.{key}", inner)
