"""Measures the harvest of a CKAN catalogue against stock ckanext-harvest's CKAN harvester.

    python bench/harvest.py                                  10,000 records
    python bench/harvest.py --records 1000 --stock 100

Both harvest a catalogue of the same kind on this machine into the same portal, through the queue,
after a small harvest each that is not counted. Stock takes so long that it gets fewer records; what
is compared is the processor time for a record, with that of the servers, because time on the clock
depends on what else the machine does. In its second run stock asks for what changed since an hour
before its first; the records were changed just now, so that it looks at all again. Where they are
older, it asks one question, too. Ours asks one question; a run that reads all again is shown, too.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from catalogue import catalogue, records
from measure import Taken, budget, rate, timed
from portal import portal

BASE = "/api/3/action"

#: Records of the harvests that load what a process loads once.
_WARM = 20


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
        """Harvest by each, and tell."""
        self.ours(_WARM)
        self.stock(_WARM)
        whole, unchanged, again = self.ours(count, print)
        first, second = self.stock(stock_count, print)
        ratio = first.processor / stock_count / (whole.processor / count)
        print(budget("first run, against stock (CPU a record)", ratio, 5, "x", most=False))
        clock = first.seconds / stock_count / (whole.seconds / count)
        print(f"         on the clock: {clock:.2f} x")
        ratio = second.processor / stock_count / (unchanged.processor / count)
        print(budget("unchanged run, against stock (CPU a record)", ratio, 50, "x", most=False))
        ratio = second.processor / stock_count / (again.processor / count)
        print(f"         where ours reads all again, too: {ratio:.2f} x")

    def ours(self, count: int, told: Callable[[str], None] = lambda _line: None) -> list[Taken]:
        """Harvest by our adapter: all is new, nothing is, and nothing is but all is read again."""
        peaks: dict[int, float] = {}
        served = [
            _renamed(each, f"ours-{count}", each["metadata_modified"]) for each in records(count)
        ]
        with catalogue(served, lambda start: peaks.setdefault(start, _peak())) as address:
            url, facts = f"{address}{BASE}", {"source": "gdcatalog-phuket"}
            source = self.source(f"ours-{count}", "learningcity", url, facts)
            taken = []
            for title, full in (("first run", False), ("unchanged", False), ("read again", True)):
                taken.append(timed(lambda full=full: self.harvest(source, full=full))[1])
                told(rate(f"ours: {title}", count, taken[-1]))
                peaks.setdefault(count, _peak())
            runs = self.act("learningcity_source_runs", id=source, limit=3)
            told(f"  {[(run['outcome'], run['counts']) for run in runs]}")
        told(f"ours: most memory so far: {_told(peaks, count)}")
        half = peaks[max(n for n in peaks if n <= count / 2)]
        told(budget("most memory after all records, against half", peaks[count] / half, 1.05, "x"))
        return taken

    def stock(self, count: int, told: Callable[[str], None] = lambda _line: None) -> list[Taken]:
        """Harvest by stock's harvester twice."""
        now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
        fresh = [_renamed(each, f"stock-{count}", now) for each in records(count)]
        with catalogue(fresh) as address:
            source = self.source(f"stock-{count}", "ckan", address, {})
            taken = []
            for title in ("first run", "unchanged run"):
                taken.append(timed(lambda: self.harvest(source))[1])
                told(rate(f"stock: {title}", count, taken[-1]))
        return taken

    def source(self, name: str, kind: str, url: str, config: dict[str, str]) -> str:
        """Make a source, of which this portal may ask the address, and return its id."""
        self.tk.config["ckanext.learningcity.harvest.allow_hosts"] = [urlsplit(url).netloc]
        source = {
            "name": name,
            "title": name,
            "url": url,
            "source_type": kind,
            "frequency": "MANUAL",
        }
        made = self.act(
            "harvest_source_create", **source, owner_org=self.owner, config=json.dumps(config)
        )
        return made["id"]

    def harvest(self, source_id: str, *, full: bool = False) -> None:
        """Do a job of a source by the queue, as the workers would."""
        from ckanext.learningcity.harvest import queue  # noqa: PLC0415 - see `portal`

        if full:
            self.act("learningcity_source_run", id=source_id, full=True)
        else:
            self.act("harvest_job_create", source_id=source_id, run=True)
        for stage, make in queue.STAGES.items():
            consumer = make()
            while consumer.redis.llen(consumer.routing_key):
                queue.handle(stage, consumer, *next(consumer.consume("unused")))
        self.act("harvest_jobs_run", source_id=source_id)


def _renamed(dataset: dict[str, Any], prefix: str, modified: str) -> dict[str, Any]:
    """Return a dataset as another one, changed at a moment."""
    files = [{**file, "id": f"{prefix}-{file['id']}"} for file in dataset["resources"]]
    named = {name: f"{prefix}-{dataset[name]}" for name in ("id", "name")}
    return {**dataset, **named, "resources": files, "metadata_modified": modified}


def _told(peaks: Mapping[int, float], count: int) -> str:
    """Return the most memory after none, about a tenth, about half and all of the records."""
    wanted = [max(n for n in peaks if n <= part) for part in (0, count // 10, count // 2, count)]
    return ", ".join(f"{n:,} records {peaks[n]:.0f} MiB" for n in wanted)


def _peak() -> float:
    """Return the most memory that this process has had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
