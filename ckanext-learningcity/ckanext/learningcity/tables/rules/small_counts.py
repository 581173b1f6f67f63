"""The rule of small counts: a few persons of a group are withheld, and cannot be worked out."""

from __future__ import annotations

import polars as pl

from .. import codelists
from .keys import NUMBER
from .table import VALUE, Table
from .wholes import Whole

#: How a count that is withheld is published (SDMX CL_OBS_STATUS).
WITHHELD = "Q"

ANOTHER = {
    "en": "a second part or the total withheld too (empty cell, status Q)",
    "th": "ปกปิดส่วนย่อยอีกหนึ่งส่วนหรือยอดรวมด้วย (เว้นว่างและใช้สถานะ Q)",
}


def judge(table: Table, small_count: int) -> None:
    """Report counts of persons above 0 and under `small_count`; the value is not quoted."""
    value = pl.col(VALUE)
    small = _of_persons() & (value > 0) & (value < small_count)
    expected = {
        "en": f"0, {small_count} or more, or an empty cell with the status Q (withheld)",
        "th": f"0 หรือตั้งแต่ {small_count} ขึ้นไป หรือเว้นว่างและใช้สถานะ Q (ปกปิด)",
    }
    faulty = table.frame.filter(small).with_columns(_small=pl.lit(f"1–{small_count - 1}"))
    table.find(faulty, "small_count", "OBS_VALUE", expected, "_small")


def derivable(table: Table, whole: Whole, totals: pl.DataFrame) -> None:
    """Report a count withheld that is the total less the other parts, or their sum.

    :param totals: as `wholes.given` yields them
    """
    others = pl.col("_values") + pl.col("_withheld") == whole.size
    one_part = (pl.col("_withheld") == 1) & pl.col(VALUE).is_not_null()
    the_total = (pl.col("_withheld") == 0) & (pl.col("OBS_STATUS") == WITHHELD)
    bared = totals.filter(_of_persons() & others & (one_part | the_total))
    keys = bared.select(pl.when(one_part).then("_withheld_key").otherwise(NUMBER).alias(NUMBER))
    faulty = table.frame.join(keys, on=NUMBER, how="semi")
    table.find(faulty, "small_count_derivable", "OBS_VALUE", ANOTHER, "OBS_STATUS")


def _of_persons() -> pl.Expr:
    persons = [code for code, unit in codelists.units().items() if unit.get("persons")]
    return pl.col("UNIT_MEASURE").is_in(persons)
