"""What a trend chart shows: one indicator in a few places, read through the actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import learningcity_period, learningcity_text, learningcity_value

from .figures import COUNTRY, MOST_PLACES, Choice, Entry, Source, is_demonstration
from .figures import load_figures as _load
from .figures import load_indicator as _indicator

__all__ = ["COUNTRY", "MOST_PLACES", "Series", "Trend", "describe", "load_trend", "place_name"]


@dataclass(frozen=True)
class Series:
    """The values of one place, oldest first."""

    area: Entry
    records: Sequence[Entry]
    comparison: bool = False  # the country, shown beside a smaller place and labelled national


@dataclass(frozen=True)
class Trend:
    """One indicator over time in one to eight places."""

    indicator: Entry
    series: Sequence[Series]
    sources: Sequence[Source]

    @property
    def demonstration(self) -> bool:
        """Whether any value is demonstration data."""
        return any(is_demonstration(source.dataset) for source in self.sources)

    @property
    def records(self) -> list[Entry]:
        """Every record of every place."""
        return [record for series in self.series for record in series.records]


def load_trend(
    indicator_id: str,
    area_ids: Sequence[str],
    as_of: str | None = None,
    choice: Choice = Choice(),  # noqa: B008 - frozen
) -> Trend:
    """Return an indicator in the places given; the country comes last.

    :param as_of: a release number or date; None reads the newest release
    :param choice: years and breakdowns; totals of all years where it names none
    :raises tk.ObjectNotFound: no such indicator or place
    """
    indicator = _indicator(indicator_id)
    show_area = tk.get_action("learningcity_area_show")
    areas = [show_area({}, {"id": area_id}) for area_id in sorted(set(area_ids), key=_country_last)]
    wanted = replace(choice, areas=[area["id"] for area in areas], as_of=as_of or choice.as_of)
    figures = _load(indicator, wanted)
    series = [_series(area, figures.records, alone=len(areas) == 1) for area in areas]
    return Trend(indicator, [one for one in series if one.records], figures.sources)


def describe(indicator: Entry, series: Sequence[Series]) -> str:
    """Return in words what a trend chart shows: its text alternative."""
    name = learningcity_text(indicator["name"])
    lines = [_describe_place(indicator, one) for one in series]
    return " ".join([tk._("Line chart: {indicator}.").format(indicator=name), *filter(None, lines)])


def place_name(series: Series) -> str:
    """Return a place's name; the country beside other places says that it is the national value."""
    name = learningcity_text(series.area["name"])
    return tk._("{country} (national value)").format(country=name) if series.comparison else name


def _describe_place(indicator: Entry, series: Series) -> str:
    known = [record for record in series.records if record["OBS_VALUE"] is not None]
    if not known:
        return ""
    first, last = known[0], known[-1]
    low = min(known, key=lambda record: record["OBS_VALUE"])
    high = max(known, key=lambda record: record["OBS_VALUE"])
    words = {
        "place": place_name(series),
        "first": learningcity_value(first, indicator),
        "start": learningcity_period(first),
        "last": learningcity_value(last, indicator),
        "end": learningcity_period(last),
        "low": learningcity_value(low, indicator),
        "high": learningcity_value(high, indicator),
    }
    if len(known) == 1:
        return tk._("{place}: {last} in {end}.").format(**words)
    return tk._(
        "{place}: from {first} in {start} to {last} in {end}; lowest {low}, highest {high}."
    ).format(**words)


def _series(area: Entry, records: Sequence[Entry], alone: bool) -> Series:
    own = [record for record in records if record["REF_AREA"] == area["id"]]
    return Series(area, own, comparison=area["id"] == COUNTRY and not alone)


def _country_last(area_id: str) -> tuple[bool, str]:
    return area_id == COUNTRY, area_id
