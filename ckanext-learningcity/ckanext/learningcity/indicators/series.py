"""Tables of observations into rows of whole series, and back."""

from __future__ import annotations

import io
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from ckanext.learningcity.tables.model import COLUMNS, DIMENSIONS, KEY, SCHEMA, TOTAL
from ckanext.learningcity.tables.periods import parse_period

from .model import series

#: What makes two observations members of one series.
SERIES_KEY = ("INDICATOR", "REF_AREA", *DIMENSIONS, "PERIOD_TYPE")

#: Columns of `pack`, in the order in which `insert` copies them.
_PACKED = (
    "dataset_id",
    "indicator",
    "ref_area",
    "area_level",
    "breakdown",
    "dimensions",
    "period_type",
    "unit",
    "valid_from",
    "periods",
    "observed",
    "statuses",
    "comments",
    "evidence",
    "period_originals",
    "area_originals",
)

_BREAKDOWN = pl.concat_str(list(DIMENSIONS), separator=".")


def pack(table: pl.DataFrame) -> pl.DataFrame:
    """Return one row a series, its observations as PostgreSQL array literals.

    :param table: a table with `tables.model.SCHEMA`, sorted by its `KEY`
    """
    numbers = pl.col("OBS_VALUE").cast(pl.String).fill_null("NULL")
    same_period = pl.col("TIME_PERIOD_ORIGINAL").eq_missing(pl.col("TIME_PERIOD")).all()
    same_area = pl.col("REF_AREA_ORIGINAL").eq_missing(pl.col("REF_AREA")).all()
    grouped = table.group_by(SERIES_KEY, maintain_order=True).agg(
        pl.first("AREA_LEVEL").alias("area_level"),
        pl.first("UNIT_MEASURE").alias("unit"),
        _array(pl.col("TIME_PERIOD")).alias("periods"),
        _array(numbers).alias("observed"),
        _array(pl.col("OBS_STATUS")).alias("statuses"),
        _texts("COMMENT_OBS", pl.col("COMMENT_OBS").is_null().all()).alias("comments"),
        _texts("EVIDENCE", pl.col("EVIDENCE").is_null().all()).alias("evidence"),
        _texts("TIME_PERIOD_ORIGINAL", same_period).alias("period_originals"),
        _texts("REF_AREA_ORIGINAL", same_area).alias("area_originals"),
    )
    return grouped.with_columns(
        _BREAKDOWN.alias("breakdown"), _dimensions().alias("dimensions")
    ).select(
        pl.col("INDICATOR").alias("indicator"),
        pl.col("REF_AREA").alias("ref_area"),
        pl.col("PERIOD_TYPE").alias("period_type"),
        *(name for name in _PACKED if name in {*grouped.columns, "breakdown", "dimensions"}),
    )


def insert(
    connection: sa.Connection, packed: pl.DataFrame, dataset_id: str, valid_from: datetime
) -> None:
    """Copy packed series into the store, valid from `valid_from` on."""
    rows = packed.with_columns(
        dataset_id=pl.lit(dataset_id), valid_from=pl.lit(valid_from.isoformat())
    ).select(_PACKED)
    buffer = io.BytesIO()
    rows.write_csv(buffer, include_header=False, quote_style="necessary")
    buffer.seek(0)
    columns = ", ".join(_PACKED)
    cursor = connection.connection.cursor()
    cursor.copy_expert(f"COPY {series.name} ({columns}) FROM STDIN WITH (FORMAT csv)", buffer)


def load(
    connection: sa.Connection, dataset_id: str, moment: datetime | None = None
) -> pl.DataFrame:
    """Return a dataset's observations as a table, now or as of `moment`."""
    lists = sa.select(series).where(series.c.dataset_id == dataset_id, valid(moment))
    rows = [dict(row) for row in connection.execute(lists).mappings()]
    return unpack(rows).select(COLUMNS).sort(KEY)


def valid(moment: datetime | None) -> sa.ColumnElement[bool]:
    """Return the condition for the state of the series now or as of `moment`."""
    if moment is None:
        return series.c.valid_to.is_(None)
    ended = sa.or_(series.c.valid_to.is_(None), series.c.valid_to > moment)
    return sa.and_(series.c.valid_from <= moment, ended)


def unpack(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return the observations of series rows, in their order, with `SCHEMA`'s columns.

    Other keys of the rows, such as `dataset`, become columns behind them, in capitals.
    """
    lists = ("periods", "observed", "statuses", "comments", "evidence")
    originals = ("period_originals", "area_originals")
    kinds = {name: pl.List(pl.Float64 if name == "observed" else pl.String) for name in lists}
    codes = ("indicator", "ref_area", "area_level", "breakdown", "period_type", "unit")
    schema = {**dict.fromkeys(codes, pl.String), **kinds}
    schema |= dict.fromkeys(originals, pl.List(pl.String))
    others = dict.fromkeys(_others(rows))
    schema |= others
    frame = pl.DataFrame(
        [[row[name] for name in schema] for row in rows],
        schema,
        orient="row",
        infer_schema_length=1,
    )
    nothing = pl.lit(None, pl.String).repeat_by(pl.col("periods").list.len())
    frame = frame.with_columns(pl.col(name).fill_null(nothing) for name in ("comments", "evidence"))
    frame = frame.with_columns(
        pl.col("period_originals").fill_null(pl.col("periods")),
        pl.col("area_originals").fill_null(
            pl.col("ref_area").repeat_by(pl.col("periods").list.len())
        ),
    )
    return _named(frame.explode(*lists, *originals), tuple(others))


def _others(rows: list[dict[str, object]]) -> list[str]:
    return [name for name in ("dataset", "release") if rows and name in rows[0]]


def _named(frame: pl.DataFrame, others: tuple[str, ...]) -> pl.DataFrame:
    parts = pl.col("breakdown").str.split_exact(".", len(DIMENSIONS) - 1)
    frame = frame.with_columns(parts.struct.rename_fields(list(DIMENSIONS))).unnest("breakdown")
    frame = frame.rename(
        {
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
    )
    limits = with_limits(frame.select("TIME_PERIOD", "PERIOD_TYPE").unique())
    frame = frame.join(limits, on=["TIME_PERIOD", "PERIOD_TYPE"], how="left", maintain_order="left")
    return frame.select(
        *(pl.col(name).cast(kind) for name, kind in SCHEMA.items()),
        *(pl.col(name).alias(name.upper()) for name in others),
    )


def with_limits(periods: pl.DataFrame) -> pl.DataFrame:
    """Return distinct periods with their first and last day."""
    parsed = [parse_period(*pair) for pair in periods.iter_rows()]
    return periods.with_columns(
        pl.Series("PERIOD_START", [period.start for period in parsed], pl.Date),
        pl.Series("PERIOD_END", [period.end for period in parsed], pl.Date),
    )


def _dimensions() -> pl.Expr:
    """Return the breakdowns that are applied, as a JSON object."""
    parts = [
        pl.when(pl.col(name) != TOTAL).then(
            pl.concat_str(pl.lit(f'"{name}": "'), pl.col(name), pl.lit('"'))
        )
        for name in DIMENSIONS
    ]
    applied = pl.concat_str(parts, separator=", ", ignore_nulls=True)
    return pl.concat_str(pl.lit("{"), applied, pl.lit("}"))


def _array(values: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit("{"), values.str.join(","), pl.lit("}"))


def _texts(column: str, absent: pl.Expr) -> pl.Expr:
    """Return an array literal of free text, or null where `absent` holds for the series."""
    escaped = pl.col(column).str.replace_all(r'(["\\])', r"\${1}")
    quoted = pl.concat_str(pl.lit('"'), escaped, pl.lit('"')).fill_null("NULL")
    return pl.when(~absent).then(_array(quoted))
