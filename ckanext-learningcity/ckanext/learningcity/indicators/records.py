"""Observations as records: what the API, the pages and the downloads show."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ckanext.learningcity.tables.model import COLUMNS, DIMENSIONS
from ckanext.learningcity.tables.periods import Period, parse_period

#: A record's fields, in order: those of a table, and where the observation comes from.
FIELDS: tuple[str, ...] = (*COLUMNS, "DATASET", "RELEASE")


def records(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield one record an observation from the series rows of a `query.Page`."""
    for row in rows:
        yield from _of_series(row)


def _of_series(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    common = {
        "INDICATOR": row["indicator"],
        "REF_AREA": row["ref_area"],
        "AREA_LEVEL": row["area_level"],
        **dict(zip(DIMENSIONS, row["breakdown"].split("."), strict=True)),
        "PERIOD_TYPE": row["period_type"],
        "UNIT_MEASURE": row["unit"],
        "DATASET": row["dataset"],
        "RELEASE": row["release"],
    }
    nothing = [None] * len(row["periods"])
    for period, value, status, comment, evidence, period_original, area_original in zip(
        row["periods"],
        row["observed"],
        row["statuses"],
        row["comments"] or nothing,
        row["evidence"] or nothing,
        row["period_originals"] or row["periods"],
        row["area_originals"] or nothing,
        strict=True,
    ):
        limits = _limits(period, row["period_type"])
        yield {
            **common,
            "TIME_PERIOD": period,
            "PERIOD_START": limits.start.isoformat(),
            "PERIOD_END": limits.end.isoformat(),
            "OBS_VALUE": value,
            "OBS_STATUS": status,
            "COMMENT_OBS": comment,
            "EVIDENCE": evidence,
            "TIME_PERIOD_ORIGINAL": period_original,
            "REF_AREA_ORIGINAL": area_original or row["ref_area"],
        }


@lru_cache(maxsize=4096)
def _limits(period: str, period_type: str) -> Period:
    return parse_period(period, period_type)
