"""Measures the store against stock CKAN's DataStore, in one run on one machine: `make bench`.

    make bench                                  at 1,000,000 and at 10,000,000 observations
    make bench ARGS="--observations 1000000"    at 1,000,000 only

Made-up series over all provinces, in datasets of a million; nothing is kept. For each budget stands
what was found and whether it is met. CPU seconds are those of this process and of the servers: they
tell what a busy machine adds to the clock.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import polars as pl
import stock
from alternative import row_store
from madeup import observations
from measure import Taken, budget, download, latency, rate, timed
from portal import portal

from ckanext.learningcity.tables.reading import read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

MILLION = 1_000_000
TOTALS = {"sex": "_T", "age": "_T", "residence": "_T", "education_lev": "_T"}


def main() -> None:
    """Print a table of measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--observations", type=int, nargs="+", default=[MILLION, 10 * MILLION], metavar="COUNT"
    )
    sizes = sorted(parser.parse_args().observations)
    with portal() as app:
        bench = Bench(app.test_client())
        for size in sizes:
            print(f"\n{size:,} observations", flush=True)
            for line in bench.run(size):
                print(line, flush=True)


class Bench:
    """One portal, its datasets, and what is measured on them."""

    def __init__(self, client: Any) -> None:
        import ckan.plugins.toolkit as tk  # noqa: PLC0415 - see `portal`

        self.tk, self.client = tk, client
        self.user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self.owner = self.act("organization_create", name="bench")["id"]
        self.datasets: list[str] = []
        self.held = 0
        self.table = pl.DataFrame()

    def act(self, action: str, /, **data: Any) -> Any:
        """Call an action as the portal's own user."""
        return self.tk.get_action(action)({"user": self.user, "ignore_auth": True}, data)

    def ask(self, action: str, /, **data: Any) -> Any:
        """Call an action as a reader who has not logged in."""
        return self.tk.get_action(action)({"user": "", "auth_user_obj": None}, data)

    def run(self, size: int) -> Iterator[str]:
        """Yield a line for each measurement and each budget."""
        first = not self.datasets
        speed = yield from self.load(size)
        if first:
            usual = yield from stock.loading(self.act, self.owner, self.table)
            yield budget("file to queryable, against stock", speed / usual, 4, "x", most=False)
        resources = [self.resource(dataset) for dataset in self.datasets]
        whole = yield from stock.filled(self.act, self.owner, self.table, resources)
        yield from self.slices(whole)
        yield from self.downloads(whole)
        yield from row_store(self.table["INDICATOR"][0])

    def load(self, size: int) -> Iterator[str]:
        """Publish files of a million until there are `size` observations; return rows/s."""
        started, seconds, processor = self.held, 0.0, 0.0
        while self.held < size:
            count = min(MILLION, size - self.held)
            content = observations(self.held, count).write_csv().encode()
            name = f"bench-{len(self.datasets)}"
            dataset = self.act("package_create", name=name, owner_org=self.owner)["id"]
            self.datasets.append(dataset)
            taken = yield from self.publish(dataset, content)
            seconds, processor = seconds + taken.seconds, processor + taken.processor
            self.held += count
        loaded = Taken(seconds, processor)
        yield rate("file to queryable everywhere", self.held - started, loaded)
        per_million = MILLION / (self.held - started)
        yield budget("file to queryable, a million", seconds * per_million, 20, "s")
        return (self.held - started) / seconds

    def publish(self, dataset: str, content: bytes) -> Iterator[str]:
        """Publish a file; return what it took."""
        from ckanext.learningcity.indicators import derived  # noqa: PLC0415 - see `portal`

        def checked() -> pl.DataFrame:
            report = Report()
            reading = read(content, report)
            return check(reading.rows, reading.layout, report)

        self.table, reading = timed(checked)
        rows = self.table.height
        yield rate(f"read and check {len(self.datasets)}", rows, reading)
        publish = lambda: derived.publish(self.user, dataset, self.table, {"kind": "bench"})  # noqa: E731
        _, publishing = timed(publish)
        yield rate("release, files, series, DataStore", rows, publishing)
        return Taken(reading.seconds + publishing.seconds, reading.processor + publishing.processor)

    def slices(self, whole: str) -> Iterator[str]:
        """Ask for an indicator and for a place, and stock for the indicator."""
        indicator = self.table["INDICATOR"][0]
        for title, wanted in (
            ("slice: an indicator, all provinces, all years", {"indicator": indicator}),
            ("slice: a place, all indicators, all years", {"area": "TH-56"}),
        ):
            search = lambda wanted=wanted: self.ask(  # noqa: E731
                "learningcity_observation_search", **wanted, **TOTALS, limit=32000
            )
            line, median = latency(title, search)
            yield f"{line}  ({search()['total']:,} observations)"
            yield budget(title, median, 10, "ms")
        filters = {"INDICATOR": indicator, **{name.upper(): "_T" for name in TOTALS}}
        usual = lambda: self.act(  # noqa: E731
            "datastore_search", resource_id=whole, limit=32000, filters=filters
        )
        yield latency("stock: datastore_search of the same", usual, repeats=3)[0]

    def downloads(self, whole: str) -> Iterator[str]:
        """Download everything, by the stock way and by ours."""
        usual = download(
            "stock: DataStore dump as CSV", self.held, self.get(f"/datastore/dump/{whole}")
        )
        yield usual.line
        if self.held > MILLION:
            yield download("everything as CSV", self.held, self.get("/observations.csv")).line
        rows, slice_ = min(self.held, MILLION), f"/observations.csv?dataset={self.datasets[-1]}"
        ours = download("slice of a million as CSV", rows, self.get(slice_))
        yield ours.line
        yield budget("slice as CSV, against the dump", ours.rows / usual.rows, 1.5, "x", most=False)
        yield budget("slice as CSV, first byte", ours.first, 100, "ms")
        yield budget("slice as CSV, memory", ours.grown, 64, "MiB")
        for kind in ("csv", "parquet"):
            address = f"/dataset/{self.datasets[0]}/release/1.{kind}"
            file = download(f"a release as a file, {kind}", rows, self.get(address))
            yield file.line
            yield budget(
                f"release as {kind}, against the dump", file.rows / usual.rows, 10, "x", most=False
            )

    def get(self, address: str) -> Any:
        """Return a function that asks for an address and gives the chunks of the answer."""

        def ask() -> Iterator[bytes]:
            response = self.client.get(address, buffered=False)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status}")
            return response.iter_encoded()

        return ask

    def resource(self, dataset: str) -> str:
        """Return the id of a dataset's resource of observations."""
        return self.act("package_show", id=dataset)["resources"][0]["id"]


if __name__ == "__main__":
    main()
