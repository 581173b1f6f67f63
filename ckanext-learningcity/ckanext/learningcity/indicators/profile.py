"""What is known of one place: its series, compared with the nation's, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ckanext.learningcity.tables import codelists

from . import coverage, peers
from .chosen import known, totals

COUNTRY = "TH"


def of_area(connection: sa.Connection, area: str, labels: Sequence[str] | None) -> dict[str, Any]:
    """Return `indicators`, `focal_areas` and `datasets` of a place.

    Each indicator carries the place's own totals only; the country's latest value stands beside
    them as `national` and never among them.
    """
    own = totals(connection, [area], labels)[area]
    datasets = coverage.datasets(connection, labels, area=area)
    by_name = {dataset["name"]: dataset for dataset in datasets}
    national = {}
    if own and area != COUNTRY:
        national = totals(connection, [COUNTRY], labels, list(own))[COUNTRY]
    among = peers.of_records(connection, {c: known(f)[-1] for c, f in own.items()}, labels)
    indicators = []
    for code, found in own.items():
        held = known(found)
        indicators.append(
            {
                "indicator": codelists.indicators()[code],
                "latest": held[-1],
                "previous": held[-2] if len(held) > 1 else None,
                "series": found,
                "national": known(national[code])[-1] if code in national else None,
                "peers": among.get(code),
                "dataset": {**by_name[held[-1]["DATASET"]], "release": held[-1]["RELEASE"]},
            }
        )
    return {
        "indicators": indicators,
        "focal_areas": _completeness(own),
        "datasets": datasets,
        "updated": max((dataset["released"] for dataset in datasets), default=None),
    }


def _completeness(own: dict[str, Any]) -> list[dict[str, Any]]:
    """Return for each focal area how many of its indicators the place has."""
    indicators = codelists.reported_indicators().values()
    return [
        {
            "id": focal_area,
            "name": entry["name"],
            "expected": sum(i["focal_area"] == focal_area for i in indicators),
            "reported": sum(i["focal_area"] == focal_area and i["id"] in own for i in indicators),
        }
        for focal_area, entry in codelists.focal_areas().items()
    ]
