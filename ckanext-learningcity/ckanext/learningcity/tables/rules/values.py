"""The rules of single values: numbers, statuses, ranges, units, whole numbers, per cents."""

from __future__ import annotations

import polars as pl

from .. import codelists
from .codes import resolve
from .table import VALUE, Table

NUMBER = {"en": "a number such as 1234.5", "th": "ตัวเลข เช่น 1234.5"}
EMPTY = {"en": "an empty cell", "th": "ช่องว่าง"}

#: Statuses of values that were worked out and may have a fraction where a count has none.
WORKED_OUT = ("E", "F", "I")

#: Values from which a file without a former release may be said to hold fractions.
FEW = 3


def read(table: Table) -> None:
    """Read the numbers, and the statuses that explain where there is none."""
    resolve(table, "OBS_STATUS", default="A")
    number = pl.col("OBS_VALUE").cast(pl.Float64, strict=False)
    finite = number.is_finite().fill_null(value=False)
    table.frame = table.frame.with_columns(pl.when(finite).then(number).alias(VALUE))
    text = pl.col("OBS_VALUE").is_not_null() & pl.col(VALUE).is_null()
    table.find(table.frame.filter(text), "value_not_number", "OBS_VALUE", NUMBER)
    demands = {code: status["value"] for code, status in codelists.statuses().items()}
    demanded = pl.col("OBS_STATUS").replace_strict(demands, default="required")
    bare = table.frame.filter(pl.col("OBS_VALUE").is_null() & (demanded == "required"))
    absent = ", ".join(code for code, rule in demands.items() if rule != "required")
    expected = {"en": f"a value, or a status of {absent}", "th": f"ค่า หรือสถานะ {absent}"}
    table.find(bare, "value_without_status", "OBS_VALUE", expected)
    full = table.frame.filter(pl.col(VALUE).is_not_null() & (demanded == "absent"))
    table.find(full, "value_with_status", "OBS_VALUE", EMPTY, "OBS_STATUS")


def judge(table: Table, previous: pl.DataFrame | None) -> None:
    """Hold the values against their indicator: its unit, its range, whole numbers, per cents."""
    _units(table)
    _range(table)
    _whole(table)
    _fractions(table, previous)


def _units(table: Table) -> None:
    """Fill in each indicator's own unit; another one is a fault."""
    resolve(table, "UNIT_MEASURE")
    units = {code: entry["unit"] for code, entry in codelists.indicators().items()}
    own = pl.col("INDICATOR").replace_strict(units, default=None, return_dtype=pl.String)
    table.frame = table.frame.with_columns(_unit=own)
    other = table.frame.filter(pl.col("UNIT_MEASURE") != pl.col("_unit"))
    table.find(other, "unit_mismatch", "UNIT_MEASURE", lambda row: row["_unit"])
    table.frame = table.frame.with_columns(UNIT_MEASURE="_unit").drop("_unit")


def _range(table: Table) -> None:
    given = table.frame["INDICATOR"].drop_nulls().unique()
    entries = {code: codelists.indicators()[code] for code in given}
    low = {code: entry["minimum"] for code, entry in entries.items() if "minimum" in entry}
    high = {code: entry["maximum"] for code, entry in entries.items() if "maximum" in entry}
    indicator = pl.col("INDICATOR")
    under = pl.col(VALUE) < indicator.replace_strict(low, default=None, return_dtype=pl.Float64)
    over = pl.col(VALUE) > indicator.replace_strict(high, default=None, return_dtype=pl.Float64)
    table.find(
        table.frame.filter(under.fill_null(value=False) | over.fill_null(value=False)),
        "value_range",
        "OBS_VALUE",
        lambda row: f"{low.get(row['INDICATOR'], '−∞')}–{high.get(row['INDICATOR'], '∞')}",
    )


def _whole(table: Table) -> None:
    """Persons, places and visits are whole; only an estimate may have a fraction."""
    whole = [code for code, unit in codelists.units().items() if unit.get("whole")]
    counted = pl.col("UNIT_MEASURE").is_in(whole) & ~pl.col("OBS_STATUS").is_in(WORKED_OUT)
    part = table.frame.filter(counted & (pl.col(VALUE) != pl.col(VALUE).floor()))
    expected = {
        "en": f"a whole number, or a status of {', '.join(WORKED_OUT)}",
        "th": f"จำนวนเต็ม หรือสถานะ {', '.join(WORKED_OUT)}",
    }
    table.find(part, "value_not_whole", "OBS_VALUE", expected)


def _fractions(table: Table, previous: pl.DataFrame | None) -> None:
    """Report per cents that are all between 0 and 1 where the last release had others.

    Without a former release, half of the values must have more decimals than the indicator shows:
    0.93 for a rate that is given as 93.0 is a fraction, 0.9 per cent out of work may be right.
    """
    of_hundred = table.frame.filter(pl.col("UNIT_MEASURE") == "PT").drop_nulls(VALUE)
    small = of_hundred.group_by("INDICATOR").agg(pl.col(VALUE).abs().max().alias("_max"), pl.len())
    small = small.filter((pl.col("_max") <= 1) & (pl.col("_max") > 0))
    for indicator, _, count in small.iter_rows():
        given = of_hundred.filter(pl.col("INDICATOR") == indicator)
        former = _former(previous, indicator)
        if former is None:
            step = 10 ** codelists.indicators()[indicator]["decimals"]
            finer = (pl.col(VALUE) * step - (pl.col(VALUE) * step).round()).abs() > 1e-9
            if count < FEW or given.select(finer.sum()).item() * 2 < count:
                continue
        elif former <= 1:
            continue
        percent = f"{given[VALUE][0] * 100:g}"
        expected = {
            "en": f"per cent, {percent} if this is a fraction",
            "th": f"ร้อยละ คือ {percent} หากค่านี้เป็นสัดส่วน",
        }
        table.find(given.head(1), "value_fraction", "OBS_VALUE", expected)


def _former(previous: pl.DataFrame | None, indicator: str) -> float | None:
    """Return the median of an indicator in the last release, None where it has no value."""
    if previous is None:
        return None
    values = previous.filter(pl.col("INDICATOR") == indicator)["OBS_VALUE"].drop_nulls()
    return float(values.median()) if len(values) else None  # type: ignore[arg-type]
