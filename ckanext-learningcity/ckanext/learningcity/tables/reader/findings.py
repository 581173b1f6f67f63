"""Findings about rows and cells, placed where a table was read from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from ..layout import LETTER, ROW, Layout
from ..report import LISTED, Issue, Report, Text


def tell_rows(
    rows: pl.DataFrame, code: str, issue: Callable[[tuple[Any, ...]], Issue], report: Report
) -> None:
    """Report `issue` of each row of `rows`; what nobody would read any more is only counted."""
    report.add(issue(row) for row in rows.head(LISTED).iter_rows())
    if rows.height > LISTED:
        report.count(code, rows.height - LISTED)


def tell_cells(  # noqa: PLR0913, PLR0917 - what, where, and what was expected there
    rows: pl.DataFrame,
    name: str,
    layout: Layout,
    codes: Mapping[str, str],
    expected: Text,
    report: Report,
) -> None:
    """Report each cell of the column `name` whose text is in `codes`.

    :param codes: the code of the finding by the text found
    """
    letter = pl.col(LETTER) if LETTER in rows.columns else pl.lit(None, pl.String).alias(LETTER)
    for code in sorted(set(codes.values())):
        texts = [text for text, own in codes.items() if own == code]
        some = rows.filter(pl.col(name).is_in(texts)).select(ROW, letter, name)

        def issue(cell: tuple[Any, ...], code: str = code) -> Issue:
            row, letter, text = cell
            place = layout.place(name, letter)
            address = f"{place.letter}{row}" if place.letter else None
            return Issue(code, row, place.heading, text, expected, address, layout.sheet or None)

        tell_rows(some, code, issue, report)
