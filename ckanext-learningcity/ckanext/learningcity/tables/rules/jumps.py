"""The rules against the last release: values that changed beyond belief, and data that vanish."""

from __future__ import annotations

import polars as pl

from .. import codelists
from .keys import NUMBER, series
from .table import VALUE, Row, Table

#: Observations that a release must have before half of them can be missed.
FEWEST = 4


def judge(table: Table, previous: pl.DataFrame) -> None:
    """Hold the table against `previous`, the last release with `keys.NUMBER`."""
    _removed(table, previous)
    here = table.frame.drop_nulls([NUMBER, VALUE])
    old = previous.drop_nulls([NUMBER, "OBS_VALUE"])
    old = old.select(NUMBER, _old="OBS_VALUE", _old_period="TIME_PERIOD")
    _changed(table, here.join(old, on=NUMBER, how="inner"))
    _continued(table, here, old)


def _removed(table: Table, previous: pl.DataFrame) -> None:
    if table.report.has_errors:
        return  # rows that cannot be read are not rows that were left out
    gone = previous.join(table.frame.drop_nulls(NUMBER), on=NUMBER, how="anti").height
    if previous.height < FEWEST or gone * 2 <= previous.height:
        return
    table.tell(
        "many_removed",
        f"{gone:,}",
        {"en": f"most of its {previous.height:,}", "th": f"ส่วนใหญ่ของ {previous.height:,} ค่า"},
    )


def _changed(table: Table, both: pl.DataFrame) -> None:
    """Report observations whose value is far from that of the last release."""
    table.find(
        both.filter(_far("_old")),
        "value_jump",
        "OBS_VALUE",
        lambda row: {
            "en": f"about {row['_old']:.15g}, as in the last release",
            "th": f"ประมาณ {row['_old']:.15g} ดังที่เผยแพร่ครั้งก่อน",
        },
    )


def _continued(table: Table, here: pl.DataFrame, old: pl.DataFrame) -> None:
    """Report new periods whose value is far from that of the period before.

    Where the source says that the series breaks there (status B), it may be.
    """
    new = here.join(old, on=NUMBER, how="anti").select(NUMBER)
    if new.is_empty() or old.is_empty():
        return
    line = here.with_columns(_series=series())
    line = (
        line.join(new.select(_series=series()), on="_series", how="semi")
        .sort(NUMBER)
        .with_columns(
            pl.col(VALUE).shift(1).over("_series").alias("_before"),
            pl.col("TIME_PERIOD").shift(1).over("_series").alias("_before_period"),
        )
        .join(new, on=NUMBER, how="semi")
    )
    table.find(
        line.filter(_far("_before") & (pl.col("OBS_STATUS") != "B")),
        "value_jump",
        "OBS_VALUE",
        _as_before,
    )


def _as_before(row: Row) -> dict[str, str]:
    before, period = f"{row['_before']:.15g}", row["_before_period"]
    return {"en": f"about {before}, as in {period}", "th": f"ประมาณ {before} ดังเช่นใน {period}"}


def _far(old: str) -> pl.Expr:
    """Whether a value is farther from `old` than the unit's `jump` allows.

    `difference` is the least difference that is far; with `factor`, one must also be that many
    times the other.
    """
    limits = {code: unit["jump"] for code, unit in codelists.units().items()}
    differences = {code: jump["difference"] for code, jump in limits.items()}
    factors = {code: jump.get("factor", 1) for code, jump in limits.items()}
    unit, new, former = pl.col("UNIT_MEASURE"), pl.col(VALUE).abs(), pl.col(old).abs()
    most, least = pl.max_horizontal(new, former), pl.min_horizontal(new, former)
    difference = unit.replace_strict(differences, default=None, return_dtype=pl.Float64)
    factor = unit.replace_strict(factors, default=None, return_dtype=pl.Float64)
    apart = (pl.col(VALUE) - pl.col(old)).abs() > difference
    return (apart & (most >= least * factor)).fill_null(value=False)
