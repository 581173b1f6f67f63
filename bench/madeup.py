"""Made-up observations: whole series of years, over places and breakdowns, as a long file."""

from __future__ import annotations

import polars as pl

from ckanext.learningcity.tables import codelists

YEARS = range(1990, 2025)
_BREAKDOWNS = ("SEX", "AGE", "RESIDENCE", "EDUCATION_LEV")


def observations(first: int, count: int) -> pl.DataFrame:
    """Return `count` rows, those from number `first` on: breakdown by breakdown, totals first.

    Within a breakdown come all indicators, each over all provinces and years.
    """
    places = [code for code, area in codelists.areas().items() if area["level"] == "province"]
    indicators = [c for c, entry in codelists.indicators().items() if entry["unit"] == "PT"]
    columns = {name: ["_T", *_parts(name)] for name in _BREAKDOWNS}
    columns |= {"indicator": indicators, "area": places, "year": [str(year) for year in YEARS]}
    numbers = pl.int_range(first, first + count, eager=True)
    made, left = {"value": (numbers % 1000 / 10).cast(pl.String)}, numbers
    for name, values in reversed(columns.items()):
        made[name] = pl.Series(values).gather(left % len(values))
        left = left // len(values)
    return pl.DataFrame(made)


def _parts(name: str) -> list[str]:
    return [code for code in codelists.breakdowns()[name]["codes"] if code != "_T"]
