"""Values for charts, read through the actions: of few places over time, or many in one period."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import breakdowns
from ckanext.learningcity.tables.worth import worth

COUNTRY = "TH"
TOTAL = "_T"
MOST_PLACES = 8  # more lines than this cannot be told apart

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A dataset that values come from, and the release that was read."""

    dataset: Entry
    release: int


@dataclass(frozen=True)
class Choice:
    """Which values of an indicator a chart shows.

    Every dimension that `dimensions` does not name is its total; periods are Gregorian.
    """

    areas: Sequence[str] = ()
    level: str = ""
    start: str = ""
    end: str = ""
    as_of: str = ""
    datasets: Sequence[str] = ()
    drawn: str = ""  # how a map is drawn: one of `asked.MAPS`
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def filters(self) -> dict[str, Any]:
        """Return the parameters of `learningcity_observation_search` that mean the same."""
        lists = {"area": list(self.areas), "level": [self.level] if self.level else []}
        lists["dataset"] = list(self.datasets)
        texts = {"start": self.start, "end": self.end, "as_of": self.as_of}
        totals = {name.lower(): [TOTAL] for name in breakdowns()}
        chosen = {name.lower(): list(codes) for name, codes in self.dimensions.items()}
        given = {name: value for name, value in {**lists, **texts}.items() if value}
        # An empty list of codes means every code of the dimension.
        return {**given, **{k: v for k, v in {**totals, **chosen}.items() if v}}


@dataclass(frozen=True)
class Figures:
    """Observations of an indicator, and the releases that they come from."""

    indicator: Entry
    records: Sequence[Entry]
    sources: Sequence[Source] = ()

    @property
    def known(self) -> list[Entry]:
        """The records that have a value; the others say by their status why they have none."""
        return [record for record in self.records if record["OBS_VALUE"] is not None]

    @property
    def demonstration(self) -> bool:
        """Whether any value is demonstration data."""
        return any(is_demonstration(source.dataset) for source in self.sources)


def load_indicator(indicator_id: str) -> Entry:
    """Return an indicator's definition and coverage.

    :raises tk.ObjectNotFound: there is no such indicator
    """
    return tk.get_action("learningcity_indicator_show")({}, {"id": indicator_id})


def load_figures(indicator: Entry, choice: Choice) -> Figures:
    """Return the observations that are chosen, one series for each place and breakdown."""
    found = _single_series(search(indicator["id"], choice))
    return Figures(indicator, found, load_sources(found))


def load_period(indicator: Entry, choice: Choice, period: str = "") -> Figures:
    """Return one observation for each place, of one period and one kind of year.

    :param period: Gregorian; empty for the last one in which most places have a value
    """
    found = [record for record in search(indicator["id"], choice) if _matches(record, period)]
    known = Counter(
        (record["TIME_PERIOD"], record["PERIOD_TYPE"])
        for record in found
        if record["OBS_VALUE"] is not None
    )
    if not known:
        return Figures(indicator, ())
    most = max(known.values())
    # A period that has only begun to be reported would rank the few that were quick.
    full = [one for one, count in known.items() if 2 * count >= most]
    chosen = max(full)
    records = [r for r in found if (r["TIME_PERIOD"], r["PERIOD_TYPE"]) == chosen]
    own = _single_series(records)
    return Figures(indicator, own, load_sources(own))


def search(indicator_id: str, choice: Choice) -> list[Entry]:
    """Return the observations that are chosen, as the search action has them."""
    most = tk.config["ckanext.learningcity.observations.page_max"]
    query = {"indicator": [indicator_id], "limit": most, **choice.filters()}
    return tk.get_action("learningcity_observation_search")({}, query)["records"]


def load_sources(records: Sequence[Entry]) -> list[Source]:
    """Return the datasets that records come from, each with the newest release among them."""
    newest: dict[str, int] = {}
    for record in records:
        newest[record["DATASET"]] = max(record["RELEASE"], newest.get(record["DATASET"], 0))
    show = tk.get_action("package_show")
    return [Source(show({}, {"id": name}), release) for name, release in sorted(newest.items())]


def is_demonstration(dataset: Entry) -> bool:
    """Return whether a dataset is marked as demonstration data, however the mark is stored."""
    return tk.asbool(dataset.get("demonstration") or False)


def _matches(record: Entry, period: str) -> bool:
    return not period or record["TIME_PERIOD"] == period


def _single_series(records: Sequence[Entry]) -> list[Entry]:
    """Return the records, oldest first, without those that a second dataset has of the same thing.

    Lines of two datasets or kinds of year in one would zigzag.
    """
    series: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Entry]]] = defaultdict(dict)
    for record in records:
        thing = (record["REF_AREA"], *(record[name] for name in breakdowns()))
        held_by = (record["DATASET"], record["PERIOD_TYPE"])
        series[thing].setdefault(held_by, []).append(record)
    best = [record for held in series.values() for record in max(held.values(), key=worth)]
    return sorted(best, key=lambda record: record["TIME_PERIOD"])
