"""Made-up observations: whole series of years, over places and breakdowns, as a long file."""

from __future__ import annotations

import polars as pl

from ckanext.learningcity.tables import codelists

YEARS = range(1990, 2025)
_BREAKDOWNS = ("SEX", "AGE", "RESIDENCE", "EDUCATION_LEV")


def observations(count: int) -> pl.DataFrame:
    """Return `count` rows: as many indicators as it takes, each over all provinces."""
    places = [code for code, area in codelists.areas().items() if area["level"] == "province"]
    indicators = [c for c, entry in codelists.indicators().items() if entry["unit"] == "PT"]
    columns = {"indicator": indicators}
    for name in _BREAKDOWNS:
        columns[name] = list(codelists.breakdowns()[name]["codes"])
    columns |= {"area": places, "year": [str(year) for year in YEARS]}
    whole = pl.DataFrame({"indicator": columns.pop("indicator")})
    for name, values in columns.items():
        whole = whole.join(pl.DataFrame({name: values}), how="cross").head(count)
    return whole.with_columns(value=(pl.int_range(pl.len()) % 1000 / 10).cast(pl.String))
