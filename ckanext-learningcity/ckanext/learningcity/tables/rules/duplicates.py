"""The rule of duplicates: an observation stands in a table once."""

from __future__ import annotations

import polars as pl

from ..layout import LETTER, ROW
from .keys import NUMBER
from .table import VALUE, Table

ONE_ROW = {"en": "one row for each", "th": "หนึ่งแถวต่อหนึ่งรายการ"}

_CONTENT = (VALUE, "OBS_STATUS", "COMMENT_OBS", "EVIDENCE")


def once(table: Table) -> None:
    """Report each row that repeats the key of an earlier one; one that says the same is dropped."""
    known = table.frame[NUMBER].drop_nulls()
    if known.n_unique() == len(known):
        return
    repeated = pl.col(NUMBER).is_not_null() & pl.col(NUMBER).is_duplicated()
    again = (
        table.frame.filter(repeated)
        .sort(ROW, LETTER)
        .with_columns(
            pl.col(ROW).first().over(NUMBER).cast(pl.String).alias("_first"),
            _later=pl.int_range(pl.len()).over(NUMBER) > 0,
            _same=pl.all_horizontal(
                pl.col(name).eq_missing(pl.col(name).first().over(NUMBER)) for name in _CONTENT
            ),
        )
    )
    later = again.filter("_later")
    column = "INDICATOR" if "INDICATOR" in table.layout.columns else "OBS_VALUE"
    table.find(later.filter(~pl.col("_same")), "duplicate_key", column, ONE_ROW, "_first")
    table.find(later.filter("_same"), "duplicate_same", column, ONE_ROW, "_first")
    kept = again.filter(~pl.col("_later"))
    alone = table.frame.filter(~repeated)
    table.frame = pl.concat([alone, kept.select(alone.columns)])
