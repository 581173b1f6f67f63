"""Tables of observations into rows of whole series, and back."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa
from ckan.model import package_table
from sqlalchemy.dialects.postgresql import insert as upsert

from ckanext.learningcity.tables.model import DIMENSIONS, KEY, SCHEMA
from ckanext.learningcity.tables.periods import parse_period

from .model import breakdown, publication, series

#: What makes two observations members of one series.
SERIES_KEY = ("INDICATOR", "REF_AREA", *DIMENSIONS, "PERIOD_TYPE")

#: Columns of `pack`.
_PACKED = (
    "indicator",
    "ref_area",
    "area_level",
    "breakdown",
    "period_type",
    "unit",
    "periods",
    "observed",
    "statuses",
    "comments",
    "evidence",
    "period_originals",
    "area_originals",
)

_BREAKDOWN = pl.concat_str(list(DIMENSIONS), separator=".")


#: Series after which PostgreSQL must look at the store anew: until its own look, a minute later, it
#: would read slices by the wrong index.
_MANY = 1000

#: The tables by whose statistics it chooses: without those of publications it takes hardly any
#: dataset to be public, and looks for a slice in each one in turn; without those of datasets it
#: looks up the name of each by a search of its own.
_JUDGED = (series.name, breakdown.name, publication.name, package_table.name)


def pack(table: pl.DataFrame) -> pl.DataFrame:
    """Return one row a series, its observations as PostgreSQL array literals.

    :param table: a table with `tables.model.SCHEMA`, sorted by its `KEY`
    """
    told = {name: pl.col(column).ne_missing(usual) for name, (column, usual) in _TEXTS.items()}
    found = table.select(rule.any().alias(name) for name, rule in told.items()).row(0, named=True)
    given = [name for name in _TEXTS if found[name]]
    grouped = (
        table.with_columns(
            pl.col("TIME_PERIOD").alias("periods"),
            pl.col("OBS_VALUE").cast(pl.String).fill_null("NULL").alias("observed"),
            pl.col("OBS_STATUS").alias("statuses"),
            *(_quoted(_TEXTS[name][0]).alias(name) for name in given),
        )
        .group_by(SERIES_KEY, maintain_order=True)
        .agg(
            pl.first("AREA_LEVEL").alias("area_level"),
            pl.first("UNIT_MEASURE").alias("unit"),
            pl.col(*_PLAIN, *given),
            *(told[name].any().alias(f"_{name}") for name in given),
        )
    )
    # Joining whole lists is several times as fast as joining within the groups.
    arrays = {name: _array(name) for name in (*_PLAIN, *given)}
    absent = {name: pl.lit(None, pl.String) for name in _TEXTS if name not in given}
    texts = {name: pl.when(f"_{name}").then(arrays[name]) for name in given}
    packed = grouped.with_columns(breakdown=_BREAKDOWN, **{**arrays, **texts, **absent})
    names = {name: name.lower() for name in ("INDICATOR", "REF_AREA", "PERIOD_TYPE")}
    return packed.rename(names).select(_PACKED)


def insert(
    connection: sa.Connection, packed: pl.DataFrame, dataset_id: str, valid_from: datetime
) -> None:
    """Copy packed series into the store, valid from `valid_from` on."""
    applied = [{"breakdown": name} for name in packed["breakdown"].unique().sort()]
    if not applied:
        return
    connection.execute(upsert(breakdown).values(applied).on_conflict_do_nothing())
    rows = packed.with_columns(
        dataset_id=pl.lit(dataset_id), valid_from=pl.lit(valid_from.isoformat())
    )
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, quote_style="necessary")
    buffer.seek(0)
    columns = ", ".join(rows.columns)
    cursor = connection.connection.cursor()
    cursor.copy_expert(f"COPY {series.name} ({columns}) FROM STDIN WITH (FORMAT csv)", buffer)
    if packed.height >= _MANY:
        connection.execute(sa.text(f"ANALYZE {', '.join(_JUDGED)}"))


def load(
    connection: sa.Connection, dataset_id: str, moment: datetime | None = None
) -> pl.DataFrame:
    """Return a dataset's observations as a table, now or as of `moment`."""
    of_dataset = sa.select(*packed_columns()).where(
        series.c.dataset_id == dataset_id, valid(moment)
    )
    return unpack(connection.execute(of_dataset).all()).sort(KEY)


def valid(moment: datetime | sa.BindParameter[datetime] | None) -> sa.ColumnElement[bool]:
    """Return the condition for the state of the series now or as of `moment`."""
    if moment is None:
        return series.c.valid_to.is_(None)
    ended = sa.or_(series.c.valid_to.is_(None), series.c.valid_to > moment)
    return sa.and_(series.c.valid_from <= moment, ended)


#: Lists of codes and numbers, which PostgreSQL writes without quotes.
_PLAIN = ("periods", "observed", "statuses")
#: Lists of free text, null where no observation of the series has one,
#: and the columns they come from, each with what it holds where there is nothing to tell.
_TEXTS = {
    "comments": ("COMMENT_OBS", pl.lit(None)),
    "evidence": ("EVIDENCE", pl.lit(None)),
    "period_originals": ("TIME_PERIOD_ORIGINAL", pl.col("TIME_PERIOD")),
    "area_originals": ("REF_AREA_ORIGINAL", pl.col("REF_AREA")),
}
#: All of them.
LISTS = (*_PLAIN, *_TEXTS)
_CODES = ("indicator", "ref_area", "area_level", "breakdown", "period_type", "unit")


def packed_columns() -> list[sa.ColumnElement[str]]:
    """Return what to select for `unpack`: lists as text, which the driver leaves alone.

    Taking lists apart in columns, not row by row, is what makes reading a million of them quick.
    """
    return [
        *(series.c[name] for name in _CODES),
        *(sa.cast(series.c[name], sa.Text).label(name) for name in _PLAIN),
        *(sa.cast(sa.func.array_to_json(series.c[name]), sa.Text).label(name) for name in _TEXTS),
    ]


def lists(row: dict[str, Any]) -> dict[str, Any]:
    """Return one row of `packed_columns` with its lists as lists, those of texts None if absent.

    Cutting text is several times as fast as the driver's way of reading a list.
    """
    row["periods"], row["statuses"] = _cut(row["periods"]), _cut(row["statuses"])
    row["observed"] = [None if text == "NULL" else float(text) for text in _cut(row["observed"])]
    for name in _TEXTS:
        if row[name] is not None:
            row[name] = json.loads(row[name])
    return row


def _cut(array: str) -> list[str]:
    """Return the members of what PostgreSQL writes for a list of codes or numbers."""
    return array[1:-1].split(",")


def unpack(rows: Sequence[sa.Row[Any]]) -> pl.DataFrame:
    """Return the observations of series rows, in their order, with `SCHEMA`'s columns.

    Whatever is the same for a whole series is worked out before the series is taken apart.

    :param rows: of `packed_columns`; `dataset` and `release`, where they stand behind those, become
        columns behind `SCHEMA`'s, in capitals
    """
    schema: dict[str, Any] = dict.fromkeys((*_CODES, *_PLAIN, *_TEXTS), pl.String)
    others = (
        {"dataset": pl.String, "release": pl.Int64} if rows and len(rows[0]) > len(schema) else {}
    )
    frame = pl.DataFrame([tuple(row) for row in rows], schema | others, orient="row")
    parts = pl.col("breakdown").str.split_exact(".", len(DIMENSIONS) - 1)
    frame = frame.with_columns(parts.struct.rename_fields(list(DIMENSIONS))).unnest("breakdown")
    frame = _with_days(frame).with_columns(
        pl.col(name).str.strip_chars("{}").str.split(",") for name in _PLAIN
    )
    texts = [name for name in _TEXTS if frame[name].null_count() < frame.height]
    frame = _with_texts(frame, texts).explode(*_PLAIN, *_DAYS, *texts)
    absent = {
        "comments": pl.lit(None, pl.String),
        "evidence": pl.lit(None, pl.String),
        "period_originals": pl.col("periods"),
        "area_originals": pl.col("ref_area"),
    }
    frame = frame.with_columns(
        pl.col("observed").cast(pl.Float64, strict=False),
        **{name: value for name, value in absent.items() if name not in texts},
    )
    frame = frame.rename(_NAMES)
    return frame.select(*SCHEMA, *(pl.col(name).alias(name.upper()) for name in others))


_NAMES = {
    "indicator": "INDICATOR",
    "ref_area": "REF_AREA",
    "area_level": "AREA_LEVEL",
    "period_type": "PERIOD_TYPE",
    "unit": "UNIT_MEASURE",
    "periods": "TIME_PERIOD",
    "observed": "OBS_VALUE",
    "statuses": "OBS_STATUS",
    "comments": "COMMENT_OBS",
    "evidence": "EVIDENCE",
    "period_originals": "TIME_PERIOD_ORIGINAL",
    "area_originals": "REF_AREA_ORIGINAL",
}
_DAYS = ("PERIOD_START", "PERIOD_END")


def _with_days(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with lists of the first and last days of the periods."""
    shared = frame.select("periods", "period_type").unique()
    limits = [
        [parse_period(period, kind) for period in _cut(periods)]
        for periods, kind in shared.iter_rows()
    ]
    days = shared.with_columns(
        pl.Series("PERIOD_START", [[p.start for p in of] for of in limits], pl.List(pl.Date)),
        pl.Series("PERIOD_END", [[p.end for p in of] for of in limits], pl.List(pl.Date)),
    )
    return frame.join(days, on=shared.columns, how="left", maintain_order="left")


def _with_texts(frame: pl.DataFrame, texts: Sequence[str]) -> pl.DataFrame:
    """Return `frame` with lists of `texts`, also for the series that have none."""
    count = pl.col("periods").list.len()
    nothing = pl.lit(None, pl.String).repeat_by(count)
    absent = {
        "period_originals": pl.col("periods"),
        "area_originals": pl.col("ref_area").repeat_by(count),
    }
    return frame.with_columns(
        pl.col(name).str.json_decode(pl.List(pl.String)).fill_null(absent.get(name, nothing))
        for name in texts
    )


def _array(name: str) -> pl.Expr:
    return pl.concat_str(pl.lit("{"), pl.col(name).list.join(","), pl.lit("}"))


def _quoted(column: str) -> pl.Expr:
    """Return text as a member of an array literal."""
    escaped = pl.col(column).str.replace_all(r'(["\\])', r"\${1}")
    return pl.concat_str(pl.lit('"'), escaped, pl.lit('"')).fill_null("NULL")
