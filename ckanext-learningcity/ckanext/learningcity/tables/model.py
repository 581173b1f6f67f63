"""The columns of a table of observations.

Names are SDMX concepts. A table is a polars DataFrame with `SCHEMA`; one row is one observation.
A breakdown that is not applied carries `_T` (total).
"""

from __future__ import annotations

import polars as pl

from .codelists import breakdowns

TOTAL = "_T"

#: Breakdown columns, in the order of `schemas/codelists/breakdowns.yaml`.
DIMENSIONS: tuple[str, ...] = tuple(breakdowns())

#: What makes two rows the same observation.
KEY: tuple[str, ...] = ("INDICATOR", "REF_AREA", *DIMENSIONS, "PERIOD_TYPE", "TIME_PERIOD")

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "INDICATOR": pl.String,  # id in schemas/codelists/indicators.yaml
    "REF_AREA": pl.String,  # id in schemas/codelists/areas.yaml
    "AREA_LEVEL": pl.String,  # country, region, province, district, municipality
    **dict.fromkeys(DIMENSIONS, pl.String),
    "TIME_PERIOD": pl.String,  # Gregorian: 2024, 2024-Q1, 2024-03
    "PERIOD_TYPE": pl.String,  # calendar, fiscal, academic
    "PERIOD_START": pl.Date,  # first day
    "PERIOD_END": pl.Date,  # last day
    "OBS_VALUE": pl.Float64,  # null only where OBS_STATUS says why
    "UNIT_MEASURE": pl.String,  # id in schemas/codelists/units.yaml
    "OBS_STATUS": pl.String,  # id in schemas/codelists/statuses.yaml; A is a normal value
    "COMMENT_OBS": pl.String,  # note, or null
    "EVIDENCE": pl.String,  # address of the evidence of a qualitative grade, or null
    "TIME_PERIOD_ORIGINAL": pl.String,  # as written in the source: ปีงบประมาณ 2567
    "REF_AREA_ORIGINAL": pl.String,  # as written in the source: จ.พะเยา
}

COLUMNS: tuple[str, ...] = tuple(SCHEMA)
