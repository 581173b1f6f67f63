"""Measures the store against stock CKAN's DataStore, in one run on one machine: `make bench`.

    make bench ARGS="--observations 1000000"

Made-up series over all provinces; nothing is kept.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any

import polars as pl
from alternative import row_store
from madeup import observations
from measure import download, latency, rate, timed
from portal import portal

from ckanext.learningcity.tables.reading import read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

STOCK_ROWS = 20_000  # stock takes seconds for so many
TOTALS = {"sex": "_T", "age": "_T", "residence": "_T", "education_lev": "_T"}


def main() -> None:
    """Print a table of measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=200_000)
    wanted = parser.parse_args().observations
    content = observations(wanted).write_csv().encode()
    with portal() as app:
        bench = Bench(app.test_client())
        print(f"{wanted:,} observations in one dataset", flush=True)
        for line in bench.run(content):
            print(line, flush=True)


class Bench:
    """One portal, one dataset, and what is measured on it."""

    def __init__(self, client: Any) -> None:
        import ckan.plugins.toolkit as tk  # noqa: PLC0415 - see `portal`

        self.tk, self.client = tk, client
        self.user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self.owner = self.act("organization_create", name="bench")["id"]
        self.dataset = self.act("package_create", name="bench", owner_org=self.owner)["id"]

    def act(self, action: str, /, **data: Any) -> Any:
        """Call an action as the portal's own user."""
        return self.tk.get_action(action)({"user": self.user, "ignore_auth": True}, data)

    def run(self, content: bytes) -> Iterator[str]:
        """Yield a line for each measurement."""
        table = yield from self.load(content)
        yield from self.stock_load(table)
        yield from self.slices(table)
        yield from self.downloads(table.height)

    def load(self, content: bytes) -> Iterator[str]:
        """Publish the file and return its table."""
        from ckanext.learningcity.indicators import derived  # noqa: PLC0415 - see `portal`

        def checked() -> pl.DataFrame:
            report = Report()
            reading = read(content, report)
            return check(reading.rows, reading.layout, report)

        table, reading = timed(checked)
        yield rate("read and check", table.height, reading)
        publish = lambda: derived.publish(self.user, self.dataset, table, {"kind": "bench"})  # noqa: E731
        _, publishing = timed(publish)
        yield rate("release, files, series, DataStore", table.height, publishing)
        yield rate("file to queryable everywhere", table.height, reading + publishing)
        return table

    def stock_load(self, table: pl.DataFrame) -> Iterator[str]:
        """Load some of the rows as any client of CKAN would."""
        stock = self.act("package_create", name="stock", owner_org=self.owner)["id"]
        columns = ("INDICATOR", "REF_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE")
        rows = table.head(STOCK_ROWS).select(columns).to_dicts()
        resource = {"package_id": stock}
        create = lambda: self.act("datastore_create", resource=resource, records=rows, force=True)  # noqa: E731
        yield rate("stock: datastore_create with records", len(rows), timed(create)[1])

    def slices(self, table: pl.DataFrame) -> Iterator[str]:
        """Ask for an indicator, for a place, and for the same in other ways."""
        indicator = table["INDICATOR"][0]
        for title, wanted in (
            ("slice: an indicator, all provinces and years", {"indicator": indicator}),
            ("slice: a place, all indicators", {"area": "TH-56"}),
        ):
            search = lambda wanted=wanted: self.act(  # noqa: E731
                "learningcity_observation_search", **wanted, **TOTALS, limit=32000
            )
            yield f"{latency(title, search)}  ({search()['total']:,} observations)"
        yield from row_store(table["INDICATOR"][0])
        stock = lambda: self.act(  # noqa: E731
            "datastore_search",
            resource_id=self.resource(),
            limit=32000,
            filters={"INDICATOR": indicator, **{name.upper(): "_T" for name in TOTALS}},
        )
        yield latency("stock: datastore_search of the same", stock)

    def downloads(self, rows: int) -> Iterator[str]:
        """Download everything, by the stock way and by ours."""
        for title, address in (
            ("stock: DataStore dump as CSV", f"/datastore/dump/{self.resource()}"),
            ("slice of everything as CSV", "/observations.csv?dataset=bench"),
            ("the release as a file, CSV", f"/dataset/{self.dataset}/release/1.csv"),
            ("the release as a file, Parquet", f"/dataset/{self.dataset}/release/1.parquet"),
        ):
            start = time.perf_counter()
            response = self.client.get(address, buffered=False)
            yield download(title, rows, response.iter_encoded(), start)

    def resource(self) -> str:
        """Return the id of the dataset's resource of observations."""
        return self.act("package_show", id=self.dataset)["resources"][0]["id"]


if __name__ == "__main__":
    main()
