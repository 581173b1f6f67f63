"""Observations as records: what the API, the pages and the downloads show."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ckanext.learningcity.tables.model import COLUMNS, DIMENSIONS
from ckanext.learningcity.tables.periods import parse_period

#: A record's fields, in order: those of a table, and where the observation comes from.
FIELDS: tuple[str, ...] = (*COLUMNS, "DATASET", "RELEASE")


#: Fields that most series do not have, and the columns that they are in.
_SELDOM = {
    "COMMENT_OBS": "comments",
    "EVIDENCE": "evidence",
    "TIME_PERIOD_ORIGINAL": "period_originals",
    "REF_AREA_ORIGINAL": "area_originals",
}

_NOTHING = dict.fromkeys(FIELDS)


def records(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one record an observation from the series rows of a `query.Page`."""
    found: list[dict[str, Any]] = []
    for row in rows:
        _add_series(row, found)
    return found


def _add_series(row: dict[str, Any], found: list[dict[str, Any]]) -> None:
    common = {
        **_NOTHING,
        "INDICATOR": row["indicator"],
        "REF_AREA": row["ref_area"],
        "AREA_LEVEL": row["area_level"],
        **dict(zip(DIMENSIONS, row["breakdown"].split("."), strict=True)),
        "PERIOD_TYPE": row["period_type"],
        "UNIT_MEASURE": row["unit"],
        "REF_AREA_ORIGINAL": row["ref_area"],
        "DATASET": row["dataset"],
        "RELEASE": row["release"],
    }
    first = len(found)
    days = _days(tuple(row["periods"]), row["period_type"])
    # A page has thousands of records: one merge and few assignments each is what makes it quick.
    for period, value, status in zip(days, row["observed"], row["statuses"], strict=True):
        record = common | period
        record["OBS_VALUE"] = value
        record["OBS_STATUS"] = status
        found.append(record)
    for field, column in _SELDOM.items():
        if row[column] is not None:
            for record, text in zip(found[first:], row[column], strict=True):
                record[field] = text


@lru_cache(maxsize=512)
def _days(periods: tuple[str, ...], period_type: str) -> tuple[dict[str, str], ...]:
    """Return what follows from each period; most series of a slice have the same ones."""
    found = []
    for period in periods:
        limits = parse_period(period, period_type)
        found.append(
            {
                "TIME_PERIOD": period,
                "PERIOD_START": limits.start.isoformat(),
                "PERIOD_END": limits.end.isoformat(),
                "TIME_PERIOD_ORIGINAL": period,
            }
        )
    return tuple(found)
