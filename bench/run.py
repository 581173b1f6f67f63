"""Measures the store against stock CKAN's DataStore, in one run on one machine: `make bench`.

    make bench ARGS="--observations 1000000"

Made-up series of two indicators over all places of the code list; nothing is kept.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
from portal import portal

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.read import read_csv
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

YEARS = range(1990, 2025)
STOCK_ROWS = 20_000  # stock is too slow for more
REPEATS = 50


def main() -> None:
    """Print a table of measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=200_000)
    wanted = parser.parse_args().observations
    content = made_up(wanted).write_csv().encode()
    with portal():
        for line in measurements(content):
            print(line, flush=True)


def made_up(count: int) -> pl.DataFrame:
    """Return `count` rows of a long file: places × breakdowns × years, and as many indicators."""
    places = [code for code, area in codelists.areas().items() if area["level"] == "province"]
    indicators = [c for c, entry in codelists.indicators().items() if entry["unit"] == "PT"]
    ages = list(codelists.breakdowns()["AGE"]["codes"])
    sexes = list(codelists.breakdowns()["SEX"]["codes"])
    frames = [
        pl.DataFrame({name: values})
        for name, values in (
            ("indicator", indicators),
            ("area", places),
            ("sex", sexes),
            ("age", ages),
            ("year", [str(year) for year in YEARS]),
        )
    ]
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.join(frame, how="cross")
    whole = whole.head(count)
    return whole.with_columns(value=(pl.int_range(pl.len()) % 1000 / 10).cast(pl.String))


def measurements(content: bytes) -> Iterator[str]:
    """Yield a line for each measurement."""
    import ckan.plugins.toolkit as tk  # noqa: PLC0415 - see `portal`
    from ckan import model  # noqa: PLC0415

    from ckanext.learningcity.indicators import derived, export, query  # noqa: PLC0415

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def act(action: str, /, **data: Any) -> Any:
        return tk.get_action(action)({"user": user, "ignore_auth": True}, data)

    owner = act("organization_create", name="bench")["id"]
    dataset = act("package_create", name="bench", title="bench", owner_org=owner)["id"]
    report = Report()
    table, seconds = timed(lambda: check(*read_csv(content, report), report))
    yield line("read and check", table.height, seconds)
    _, publishing = timed(lambda: derived.publish(user, dataset, table, {"kind": "bench"}))
    yield line("release, files, series, DataStore", table.height, publishing)
    yield line("file to queryable everywhere", table.height, seconds + publishing)

    stock = act("package_create", name="stock", title="stock", owner_org=owner)["id"]
    rows = (
        table.head(STOCK_ROWS)
        .select("INDICATOR", "REF_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE")
        .to_dicts()
    )
    _, seconds = timed(
        lambda: act("datastore_create", resource={"package_id": stock}, records=rows, force=True)
    )
    yield line("stock: datastore_create with records", len(rows), seconds)

    indicator = table["INDICATOR"][0]
    for title, wanted in (
        ("slice: an indicator, all places and years", {"indicator": indicator}),
        ("slice: a place, all indicators", {"area": "TH-56"}),
    ):
        yield latency(
            title,
            lambda wanted=wanted: act(
                "learningcity_observation_search", **wanted, sex="_T", age="_T", limit=32000
            ),
        )
    resource = act("package_show", id=dataset)["resources"][0]["id"]
    yield latency(
        "stock: datastore_search of the same",
        lambda: act(
            "datastore_search",
            resource_id=resource,
            limit=32000,
            filters={"INDICATOR": indicator, "SEX": "_T", "AGE": "_T"},
        ),
    )
    engine = model.Session.get_bind()
    _, seconds = timed(lambda: sum(map(len, export.csv_chunks(engine, query.Slice()))))
    yield line("download of everything as CSV", table.height, seconds)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `work` gave, and its seconds."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def latency(title: str, work: Callable[[], Any]) -> str:
    """Return a line with the median of `REPEATS` calls, the first one not counted."""
    work()
    seconds = [timed(work)[1] for _ in range(REPEATS)]
    return f"{title:<45} p50 {statistics.median(seconds) * 1000:8.1f} ms"


def line(title: str, rows: int, seconds: float) -> str:
    """Return a line with rows a second."""
    return f"{title:<45} {rows:>9,} rows {seconds:8.2f} s {rows / seconds:>12,.0f} rows/s"


if __name__ == "__main__":
    main()
