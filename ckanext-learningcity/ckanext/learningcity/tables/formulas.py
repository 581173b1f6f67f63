"""Text that a spreadsheet would run as a formula: made harmless in CSV, and read back as it was.

A spreadsheet runs a cell of a CSV that begins with `=`, `+`, `-` or `@`, quoted or not. Behind an
apostrophe it is text to every spreadsheet. Text that begins with apostrophes and then such a sign
gets one more, so nothing is lost: `rearm` is the exact inverse of `disarm`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

#: Columns of free text; the others hold codes, numbers and days.
WRITTEN = frozenset({"COMMENT_OBS", "EVIDENCE", "TIME_PERIOD_ORIGINAL", "REF_AREA_ORIGINAL"})

# Also the wide forms of East Asian keyboards, and what a spreadsheet skips before a formula.
_SIGNS = r"[=+\-@＝＋－＠\t\r\n]"


def disarm(table: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return `table` with an apostrophe before what a spreadsheet would run in these columns."""
    return table.with_columns(
        pl.col(name).str.replace(rf"^('*{_SIGNS})", "'${1}")
        for name in columns
        if table[name].unique().str.contains(rf"^'*{_SIGNS}").any()
    )


def rearm(table: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return `table` without the apostrophes that `disarm` puts."""
    return table.with_columns(
        pl.col(name).str.replace(rf"^'('*{_SIGNS})", "${1}") for name in columns
    )
