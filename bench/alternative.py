"""The store that was not chosen: one observation a row, with the indexes that its slices need."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from measure import latency, rate, timed

_FILL = """
    CREATE UNLOGGED TABLE bench_observation AS
    SELECT dataset_id, indicator, ref_area, area_level, breakdown, period_type, unit, period,
        value, status
    FROM learningcity_series, unnest(periods, observed, statuses) AS o (period, value, status)
"""
_INDEXES = (
    "CREATE INDEX ON bench_observation (indicator, breakdown, ref_area, period)",
    "CREATE INDEX ON bench_observation (ref_area, breakdown, indicator, period)",
)
_WHERE = "breakdown = ANY(ARRAY(SELECT breakdown FROM learningcity_breakdown WHERE breakdown = :b))"
_ROWS = f"SELECT * FROM bench_observation WHERE indicator = :i AND {_WHERE} ORDER BY 3, 5, 6, 8"  # noqa: S608
_SERIES = f"SELECT * FROM learningcity_series WHERE indicator = :i AND {_WHERE} ORDER BY 4, 6"  # noqa: S608


def row_store(indicator: str) -> Iterator[str]:
    """Yield how fast the same slice is fetched from rows of observations and from whole series."""
    from ckan import model  # noqa: PLC0415 - see `portal`

    engine = model.Session.get_bind()
    with engine.connect() as connection:
        _, taken = timed(lambda: [connection.execute(sa.text(s)) for s in (_FILL, *_INDEXES)])
        connection.execute(sa.text("ANALYZE bench_observation"))
        count = sa.text("SELECT count(*) FROM bench_observation")
        yield rate("an observation a row: filling it", connection.execute(count).scalar(), taken)
        values = {"i": indicator, "b": "._T" * 5}
        values["b"] = "_T" + values["b"]
        for title, statement in (
            ("an observation a row: rows fetched", _ROWS),
            ("a series a row: rows fetched", _SERIES),
        ):
            fetch = lambda statement=statement: connection.execute(sa.text(statement), values).all()  # noqa: E731
            yield latency(title, fetch)[0]
        for table in ("bench_observation", "learningcity_series"):
            size = sa.text("SELECT pg_total_relation_size(:t)")
            held = connection.execute(size, {"t": table}).scalar() / 1e6
            yield f"{table} with its indexes {held:,.0f} MB"
        connection.rollback()
