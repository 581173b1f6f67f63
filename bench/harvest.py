"""Measures the harvest of a CKAN catalogue against stock ckanext-harvest's CKAN harvester.

    python bench/harvest.py                                  10,000 records
    python bench/harvest.py --records 1000 --stock 100

Both harvest a catalogue of the same kind on this machine into the same portal, through the queue.
Stock takes so long that it gets fewer records; its time for a record is what is compared. In its
second run stock asks for what changed since an hour before its first; the records were changed just
now, so that it looks at all again. Where they are older, it asks one question, too.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime, timezone
from typing import Any

import psutil
from catalogue import catalogue, records
from measure import budget, rate, timed
from portal import portal

BASE = "/api/3/action"


def main() -> None:
    """Print a table of measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--stock", type=int, default=500, help="records for stock")
    asked = parser.parse_args()
    with portal("ckan_harvester"):
        Bench().run(asked.records, asked.stock)


class Bench:
    """One portal that harvests."""

    def __init__(self) -> None:
        import ckan.plugins.toolkit as tk  # noqa: PLC0415 - see `portal`

        self.tk = tk
        self.user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        self.owner = self.act("organization_create", name="bench")["id"]

    def act(self, action: str, /, **data: Any) -> Any:
        """Call an action as the portal's own user."""
        return self.tk.get_action(action)({"user": self.user, "ignore_auth": True}, data)

    def run(self, count: int, stock_count: int) -> None:
        """Harvest twice by each, and tell."""
        now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
        fresh = [
            {**each, "id": f"stock-{each['id']}", "name": f"stock-{each['name']}"}
            for each in records(stock_count)
        ]
        for each in fresh:
            each["metadata_modified"] = now
            each["resources"] = [
                {**file, "id": f"stock-{file['id']}"} for file in each["resources"]
            ]
        with catalogue(fresh) as address:
            stock = self.source("stock", "ckan", address, {})
            _, first = timed(lambda: self.harvest(stock))
            print(rate("stock: CKAN harvester, first run", stock_count, first), flush=True)
            _, again = timed(lambda: self.harvest(stock))
            print(rate("stock: unchanged run", stock_count, again), flush=True)
        with catalogue(records(count)) as address:
            self.tk.config["ckanext.learningcity.harvest.allow_hosts"] = [address.split("//")[1]]
            ours = self.source(
                "ours", "learningcity", f"{address}{BASE}", {"source": "gdcatalog-phuket"}
            )
            before = psutil.Process().memory_info().rss
            _, whole = timed(lambda: self.harvest(ours))
            grown = (psutil.Process().memory_info().rss - before) / 1024**2
            print(rate("first run", count, whole), f"+{grown:.0f} MiB", flush=True)
            _, unchanged = timed(lambda: self.harvest(ours))
            print(rate("unchanged run", count, unchanged), flush=True)
            told = self.act("learningcity_source_runs", id=ours, limit=2)
            print([(each["outcome"], each["counts"]) for each in told])
        each, usual = whole.processor / count, first.processor / stock_count
        print(budget("first run, against stock (CPU)", usual / each, 5, "x", most=False))
        each, usual = unchanged.seconds / count, again.seconds / stock_count
        print(budget("unchanged run, against stock", usual / each, 50, "x", most=False))

    def source(self, name: str, kind: str, url: str, config: dict[str, str]) -> str:
        """Make a source and return its id."""
        source = {"name": name, "title": name, "url": url, "source_type": kind}
        made = self.act(
            "harvest_source_create", **source, owner_org=self.owner, config=json.dumps(config)
        )
        return made["id"]

    def harvest(self, source_id: str) -> None:
        """Do a job of a source by the queue, as the workers would."""
        from ckanext.learningcity.harvest import queue  # noqa: PLC0415 - see `portal`

        self.act("harvest_job_create", source_id=source_id, run=True)
        for stage, make in queue.STAGES.items():
            consumer = make()
            while consumer.redis.llen(consumer.routing_key):
                queue.handle(stage, consumer, *next(consumer.consume("unused")))
        self.act("harvest_jobs_run", source_id=source_id)


if __name__ == "__main__":
    main()
