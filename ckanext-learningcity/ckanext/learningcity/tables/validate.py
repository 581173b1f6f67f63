"""The rules of a table of observations, in one place for form, API, upload and harvest.

`check` turns rows of text into a table with `model.SCHEMA`, or says what stands in the way. Codes
are looked up once for each distinct value and keys are compared as numbers, so that a million rows
take a second. Each rule has its module; what a finding means stands in `docs/checks.md`.
"""

from __future__ import annotations

import polars as pl

from .circumstances import Circumstances
from .layout import ROW, Layout
from .model import DIMENSIONS, SCHEMA, TOTAL
from .report import Report
from .rules import (
    codes,
    duplicates,
    jumps,
    keys,
    originals,
    places,
    small_counts,
    totals,
    values,
    wholes,
    years,
)
from .rules.table import Table

#: Columns without which there is nothing to check.
REQUIRED = frozenset({"INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"})


def check(
    rows: pl.DataFrame,
    layout: Layout,
    report: Report,
    circumstances: Circumstances | None = None,
) -> pl.DataFrame:
    """Return `rows` as a table with `SCHEMA`, sorted by `KEY`; findings go to `report`.

    Rows in which the reader found an error are left out; after an error that is not about a row
    nothing is checked.

    :param rows: text columns by SDMX name, and `ROW`, and `LETTER` where the table was wide
    :param layout: where the columns stood in the source
    :param circumstances: what is known beside the table; without it only the table is judged
    :returns: the good rows; whether they may be released, `report.has_errors` says
    """
    known = circumstances or Circumstances()
    faulty = {issue.row for issue in report.issues if issue.severity == "error"}
    about_rows = not faulty or faulty <= set(rows[ROW])
    if not about_rows or not REQUIRED.issubset(rows.columns):
        return pl.DataFrame(schema=SCHEMA)
    table = Table(rows.filter(~pl.col(ROW).is_in(faulty)), layout, report)
    _read(table)
    _judge(table, known)
    return table.finished()


def _read(table: Table) -> None:
    """Turn text into codes, periods and numbers."""
    originals.set_aside(table)
    codes.demand(table, "INDICATOR")
    codes.resolve(table, "INDICATOR")
    codes.demand(table, "REF_AREA")
    codes.resolve_places(table)
    for dimension in DIMENSIONS:
        if dimension not in table.constant:
            codes.resolve(table, dimension, default=TOTAL)
    years.read(table)
    originals.put_back(table)
    values.read(table)


def _judge(table: Table, known: Circumstances) -> None:
    """Apply the rules, those of single cells first."""
    years.judge(table, known.today)
    values.judge(table, known.previous)
    if known.areas is not None:
        places.belong(table, known.areas)
    key = keys.number(table.constant) + pl.col(years.RANK)
    table.frame = table.frame.with_columns(key.alias(keys.NUMBER))
    duplicates.once(table)
    if known.small_count:
        small_counts.judge(table, known.small_count)
    for whole, given in wholes.given(table):
        totals.judge(table, whole, given)
        if known.small_count:
            small_counts.derivable(table, whole, given)
    previous = None if known.previous is None else keys.numbered(known.previous)
    places.mixed(table, previous)
    if previous is not None:
        jumps.judge(table, previous)
