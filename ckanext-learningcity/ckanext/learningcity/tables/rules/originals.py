"""The rule of originals: a download that comes back keeps what its source wrote."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from .. import codelists
from ..periods import PeriodError, parse_period
from ..report import Text
from .table import Row, Table

#: Columns of what the source wrote, and the columns that say what it means.
_MEANING: Mapping[str, str] = {
    "TIME_PERIOD_ORIGINAL": "TIME_PERIOD",
    "REF_AREA_ORIGINAL": "REF_AREA",
}


def set_aside(table: Table) -> None:
    """Keep the originals that the table brings until periods and places have been read."""
    given = [name for name in _MEANING if table.frame[name].null_count() < table.frame.height]
    table.frame = table.frame.with_columns(pl.col(name).alias(f"_{name}") for name in given)


def put_back(table: Table) -> None:
    """Take the originals that were brought, but for those that mean something else."""
    for name, meaning in _MEANING.items():
        given = f"_{name}"
        if given not in table.frame.columns:
            continue
        key = [given, meaning, "PERIOD_TYPE"]
        said = table.frame.select(key).unique().drop_nulls(given)
        differs = [_differs(name, *row) for row in said.iter_rows()]
        frame = table.frame.join(
            said.with_columns(_differs=pl.Series(differs, dtype=pl.Boolean)),
            on=key,
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        wrong = frame.filter(pl.col("_differs").fill_null(value=False))
        table.find(
            wrong, "original_differs", name, lambda row, meaning=meaning: _both(row, meaning), given
        )
        kept = pl.when(~pl.col("_differs")).then(given).otherwise(name)
        table.frame = frame.with_columns(kept.alias(name)).drop(given, "_differs")


def _differs(name: str, given: str, code: str | None, kind: str | None) -> bool:
    """Return whether an original is known to mean something else than `code`.

    Agencies have spellings that are not known here, such as 2022M07: those are believed.
    """
    if code is None:
        return False
    if name == "REF_AREA_ORIGINAL":
        meant = codelists.area_names().get(codelists.fold(given), ())
        return bool(meant) and code not in meant
    try:
        return parse_period(given, kind or "calendar").time_period != code
    except PeriodError:
        return False


def _both(row: Row, name: str) -> Text:
    return {"en": row[name], "th": row[name]}
