"""A table under check: its rows on their way from text to observations, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from .. import codelists
from ..layout import LETTER, ROW, Layout
from ..model import COLUMNS, DIMENSIONS, SCHEMA, TOTAL
from ..report import LISTED, Issue, Report, Text, severity
from .keys import NUMBER

#: The number that the text of `OBS_VALUE` stands for, null where there is none.
VALUE = "_value"

Row = Mapping[str, Any]
Expected = Text | Callable[[Row], Text | None] | None


class Table:
    """A table under check.

    `frame` has one row for each observation: the columns of `model.SCHEMA`, text until a rule has
    read them, `ROW`, `LETTER`, and, once they are worked out, `VALUE` and `keys.NUMBER`.
    `OBS_VALUE` stays as written until `finished`. `constant` holds the breakdowns that the source
    does not have, which are totals in all rows.
    """

    def __init__(self, rows: pl.DataFrame, layout: Layout, report: Report) -> None:
        self.layout = layout
        self.report = report
        self.constant = {name: TOTAL for name in DIMENSIONS if name not in rows.columns}
        self.bad: list[pl.Series] = []
        absent = [name for name in (*COLUMNS, LETTER) if name not in rows.columns]
        self.frame = rows.with_columns(
            pl.lit(self.constant.get(name), pl.String).alias(name) for name in absent
        )

    def find(
        self,
        faulty: pl.DataFrame,
        code: str,
        column: str,
        expected: Expected,
        quoted: str | None = None,
    ) -> None:
        """Report `code` at `column` for the rows of `faulty`, which are rows of `frame`.

        :param expected: what was expected, or how to say it for a row
        :param quoted: the column that holds what was found, where it is not `column`
        """
        if faulty.is_empty():
            return
        if severity(code) == "error":
            self.bad.append(faulty[ROW])
        once = self._once(faulty, column)
        listed = once.bottom_k(LISTED, by=ROW) if once.height > LISTED else once
        self.report.add(
            self._issue(row, code, column, row[quoted or column], expected)
            for row in listed.iter_rows(named=True)
        )
        self.report.count(code, once.height - listed.height)

    def tell(self, code: str, found: str, expected: Text) -> None:
        """Report what concerns the table as a whole."""
        sheet = self.layout.sheet or None
        self.report.add([Issue(code, found=found, expected=expected, sheet=sheet)])

    def finished(self) -> pl.DataFrame:
        """Return the rows without an error as a table with `SCHEMA`, sorted by its key."""
        levels = {code: area["level"] for code, area in codelists.areas().items()}
        level = pl.col("REF_AREA").replace_strict(levels, default=None, return_dtype=pl.String)
        good = self.frame
        if self.bad:
            good = good.filter(~pl.col(ROW).is_in(pl.concat(self.bad).unique().implode()))
        good = good.with_columns(OBS_VALUE=VALUE, AREA_LEVEL=level).select(
            NUMBER, *(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
        )
        return (good if good[NUMBER].is_sorted() else good.sort(NUMBER)).drop(NUMBER)

    def _once(self, faulty: pl.DataFrame, column: str) -> pl.DataFrame:
        """Keep one row for each cell: a cell of a wide table stands for several observations."""
        if not self.layout.spread or column == "OBS_VALUE":
            return faulty
        cell = LETTER if column in self.layout.spread_names else ROW
        return faulty.sort(ROW).unique(cell, keep="first", maintain_order=True)

    def _issue(self, row: Row, code: str, column: str, found: object, expected: Expected) -> Issue:
        place = self.layout.place(column, row[LETTER])
        return Issue(
            code,
            row[ROW],
            place.heading,
            None if found is None else str(found),
            expected(row) if callable(expected) else expected,
            f"{place.letter}{row[ROW]}" if place.letter else None,
            self.layout.sheet or None,
        )
