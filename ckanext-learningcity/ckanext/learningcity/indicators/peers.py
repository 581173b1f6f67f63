"""How a place stands among the places of its level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from statistics import median
from typing import Any

import sqlalchemy as sa

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import DIMENSIONS, TOTAL

from . import query

_TOTALS = dict.fromkeys(DIMENSIONS, (TOTAL,))
_WHOLE = 1_000_000

Record = Mapping[str, Any]


def of_records(
    connection: sa.Connection, records: Mapping[str, Record], labels: Sequence[str] | None
) -> dict[str, dict[str, Any]]:
    """Return by indicator how a place's value stands among those of its level.

    Peers are all places of the same administrative level with a value of the same period and kind
    of year. An indicator without at least one other place is left out.

    :param records: the place's own observation of each indicator
    :returns: `places` (their number, the place among them), `rank` (1 is the best, or the highest
        where neither direction is better; equal values share one), `median`, `low` and `high`
    """
    if not records:
        return {}
    found = _values(connection, records, labels)
    peers = {}
    for code, record in records.items():
        values = {**found[code], record["REF_AREA"]: record["OBS_VALUE"]}
        if len(values) > 1:
            peers[code] = _standing(code, record["OBS_VALUE"], list(values.values()))
    return peers


def _standing(code: str, own: float, values: list[float]) -> dict[str, Any]:
    down = codelists.indicators()[code]["direction"] == "down"
    before = sum(value < own if down else value > own for value in values)
    return {
        "places": len(values),
        "rank": before + 1,
        "median": median(values),
        "low": min(values),
        "high": max(values),
    }


def _values(
    connection: sa.Connection, records: Mapping[str, Record], labels: Sequence[str] | None
) -> dict[str, dict[str, float]]:
    """Return by indicator the value of each place of the records' level, in the record's period."""
    periods = [record["TIME_PERIOD"] for record in records.values()]
    wanted = query.Slice(
        indicators=list(records),
        levels=[next(iter(records.values()))["AREA_LEVEL"]],
        dimensions=_TOTALS,
        start=min(periods),
        end=max(periods),
        labels=labels,
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    # Of one period, that of the last dataset stands for a place: see `tables.worth`.
    for row in sorted(query.search(connection, wanted, _WHOLE).rows, key=itemgetter("dataset")):
        record = records[row["indicator"]]
        period = record["TIME_PERIOD"]
        if row["period_type"] == record["PERIOD_TYPE"] and period in row["periods"]:
            value = row["observed"][row["periods"].index(period)]
            if value is not None:
                found[row["indicator"]][row["ref_area"]] = value
    return found
