"""The rule of totals: a total agrees with its parts."""

from __future__ import annotations

import polars as pl

from .. import codelists
from .table import VALUE, Table
from .wholes import Whole

#: Half a unit: counts are whole, and estimates of parts are rounded.
ROUNDING = 0.5


def judge(table: Table, whole: Whole, totals: pl.DataFrame) -> None:
    """Report the totals that their parts contradict.

    Counts (`additive` in the code list of indicators) add up where every part has a value, and some
    of the parts are never more than the total. A mean (`average` in the code list of units) lies
    between its smallest and its largest part.

    :param totals: as `wholes.given` yields them
    """
    entries = codelists.indicators()
    adds = [code for code, entry in entries.items() if entry.get("additive")]
    rounding = {code: 10.0 ** -entry["decimals"] for code, entry in entries.items()}
    complete = pl.col("_values") == whole.size
    additive = pl.col("INDICATOR").is_in(adds)
    over = pl.col("_sum") > pl.col(VALUE) + ROUNDING
    under = complete & (pl.col("_sum") < pl.col(VALUE) - ROUNDING)
    table.find(
        totals.filter(additive & (over | under)),
        "totals_mismatch",
        "OBS_VALUE",
        lambda row: {
            "en": f"{row['_sum']:,.15g}, the sum of {whole.names('en')}",
            "th": f"{row['_sum']:,.15g} ซึ่งเป็นผลรวมของ {whole.names('th')}",
        },
    )
    means = [code for code, unit in codelists.units().items() if unit.get("average")]
    rate = ~additive & pl.col("UNIT_MEASURE").is_in(means)
    slack = pl.col("INDICATOR").replace_strict(rounding, default=0.0)
    outside = (pl.col(VALUE) < pl.col("_least") - slack) | (pl.col(VALUE) > pl.col("_most") + slack)
    table.find(
        totals.filter(rate & complete & outside),
        "total_outside_parts",
        "OBS_VALUE",
        lambda row: {
            language: f"{row['_least']:g}–{row['_most']:g} ({whole.names(language)})"
            for language in ("en", "th")
        },
    )
