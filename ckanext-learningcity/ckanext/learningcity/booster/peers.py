"""Which cities are like a city: of the same level, and nearer if of the same region, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.learningcity.tables import codelists

#: In what a city is like another, the likest first.
LEVEL_AND_REGION, LEVEL = "level_and_region", "level"


def likeness(area: str, other: str) -> str | None:
    """Return in what two places are alike; None if in nothing, or if they are the same."""
    one, two = codelists.areas()[area], codelists.areas()[other]
    if area == other or one["level"] != two["level"]:
        return None
    return LEVEL_AND_REGION if region(area) == region(other) else LEVEL


def region(area: str) -> str | None:
    """Return the id of the region in which a place lies."""
    above = codelists.area_ancestors(area)
    return next((place["id"] for place in above if place["level"] == "region"), None)


def suggestions(area: str, adoptions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what cities like `area` adopted and it has not, the most telling first.

    Each is `{innovation, peers}`, and a peer `{area, likeness}`; those of the same region come
    first. What was stopped is no advice.
    """
    own = {row["innovation"] for row in adoptions if row["area"] == area}
    found: dict[str, dict[str, Any]] = {}
    for row in adoptions:
        like = likeness(area, row["area"])
        if like is None or row["innovation"] in own or row["state"] == "stopped":
            continue
        entry = found.setdefault(row["innovation"], {"innovation": row["innovation"], "peers": []})
        entry["peers"].append({"area": row["area"], "likeness": like})
    for entry in found.values():
        entry["peers"].sort(key=lambda peer: (peer["likeness"] != LEVEL_AND_REGION, peer["area"]))
    return sorted(found.values(), key=_rank)


def _rank(entry: Mapping[str, Any]) -> tuple[int, int, str]:
    near = sum(peer["likeness"] == LEVEL_AND_REGION for peer in entry["peers"])
    return -near, -len(entry["peers"]), entry["innovation"]
