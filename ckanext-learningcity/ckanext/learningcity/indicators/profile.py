"""What is known of one place: its series, compared with the nation's, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import DIMENSIONS, TOTAL

from . import coverage, query
from .records import records

COUNTRY = "TH"
_TOTALS = dict.fromkeys(DIMENSIONS, (TOTAL,))
_WHOLE = 1_000_000


def of_area(connection: sa.Connection, area: str, labels: Sequence[str] | None) -> dict[str, Any]:
    """Return `indicators`, `focal_areas` and `datasets` of a place.

    Each indicator carries the place's own totals only; the country's latest value stands beside
    them as `national` and never among them.
    """
    own = _series(connection, [area], labels)
    held = coverage.datasets(connection, labels, area=area)
    by_name = {dataset["name"]: dataset for dataset in held}
    national = {} if area == COUNTRY else _series(connection, [COUNTRY], labels, list(own))
    indicators = []
    for code, found in own.items():
        known = _known(found)
        indicators.append(
            {
                "indicator": codelists.indicators()[code],
                "latest": known[-1],
                "previous": known[-2] if len(known) > 1 else None,
                "series": found,
                "national": _known(national[code])[-1] if code in national else None,
                "dataset": {**by_name[known[-1]["DATASET"]], "release": known[-1]["RELEASE"]},
            }
        )
    return {
        "indicators": indicators,
        "focal_areas": _completeness(own),
        "datasets": held,
        "updated": max((dataset["released"] for dataset in held), default=None),
    }


def _series(
    connection: sa.Connection,
    areas: list[str],
    labels: Sequence[str] | None,
    indicators: Sequence[str] = (),
) -> dict[str, list[dict[str, Any]]]:
    """Return the total series of each indicator, in the order of the code list.

    Where several datasets hold a series, the one with the latest value stands for it. One without
    any value is left out.
    """
    wanted = query.Slice(areas=areas, indicators=indicators, dimensions=_TOTALS, labels=labels)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in query.search(connection, wanted, _WHOLE).rows:
        one, best = list(records([row])), found.get(row["indicator"])
        if _known(one) and (best is None or _newest(one) > _newest(best)):
            found[row["indicator"]] = one
    return {code: found[code] for code in codelists.indicators() if code in found}


def _known(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records that have a value; the others say by their status why they have none."""
    return [record for record in found if record["OBS_VALUE"] is not None]


def _newest(found: list[dict[str, Any]]) -> str:
    return _known(found)[-1]["PERIOD_END"]


def _completeness(own: dict[str, Any]) -> list[dict[str, Any]]:
    """Return for each focal area how many of its indicators the place has."""
    indicators = codelists.indicators().values()
    return [
        {
            "id": focal_area,
            "name": entry["name"],
            "expected": sum(i["focal_area"] == focal_area for i in indicators),
            "reported": sum(i["focal_area"] == focal_area and i["id"] in own for i in indicators),
        }
        for focal_area, entry in codelists.focal_areas().items()
    ]
