"""The charts of one indicator, by the word that stands in their address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ckanext.learningcity.tables.codelists import breakdowns

from .breakdown import breakdown_chart, pyramid_chart
from .charts import trend_chart
from .distribution import distribution_chart
from .figures import COUNTRY, TOTAL, Choice, Entry, Figures, load_indicator, load_period
from .frame import Chart
from .maps import map_chart
from .ranking import ranking_chart
from .trend import load_trend

LEVEL = "province"  # what is ranked and mapped where the address names no level

Maker = Callable[[str, Choice, str], Chart]


def trend(indicator_id: str, choice: Choice, size: str) -> Chart:
    """Return lines over time in the places of `choice.areas`."""
    wanted = replace(choice, level="")  # the country may stand beside a city
    return trend_chart(load_trend(indicator_id, choice.areas, choice=wanted), size)


def ranking(indicator_id: str, choice: Choice, size: str) -> Chart:
    """Return the places of a level in order; those of `choice.areas` stand out."""
    figures = across(indicator_id, choice)
    return ranking_chart(figures, size, choice.areas, national(figures, choice))


def mapped(indicator_id: str, choice: Choice, size: str) -> Chart:
    """Return the places of a level on a map."""
    return map_chart(across(indicator_id, choice), size, choice.areas, choice.drawn)


def distribution(indicator_id: str, choice: Choice, size: str) -> Chart:
    """Return how the values of a level are spread."""
    return distribution_chart(across(indicator_id, choice), size, choice.areas)


def groups(indicator_id: str, choice: Choice, size: str) -> Chart:
    """Return the first of `choice.areas` broken down by the dimension that `choice` leaves open."""
    indicator = load_indicator(indicator_id)
    dimension = next((d for d, codes in choice.dimensions.items() if not codes), "SEX")
    return groups_chart(indicator, choice, dimension, size)


def groups_chart(indicator: Entry, choice: Choice, dimension: str, size: str) -> Chart:
    """Return a pyramid where ages are known by sex, else a bar for each group."""
    place, choice = list(choice.areas[:1]) or [COUNTRY], replace(choice, level="")
    open_ = {**choice.dimensions, dimension: ()}
    if dimension == "AGE":
        both = replace(choice, areas=place, dimensions={**open_, "SEX": ()})
        figures = load_period(indicator, both)
        if any(TOTAL not in (record["AGE"], record["SEX"]) for record in figures.known):
            return pyramid_chart(figures, size)
    figures = load_period(indicator, replace(choice, areas=place, dimensions=open_))
    return breakdown_chart(figures, dimension, size)


def across(indicator_id: str, choice: Choice) -> Figures:
    """Return one observation for each place of a level, of the last full period in `choice`."""
    wanted = replace(choice, areas=(), level=choice.level or LEVEL)
    return load_period(load_indicator(indicator_id), wanted)


def national(figures: Figures, choice: Choice) -> Entry | None:
    """Return the country's observation of the same period and breakdown, if there is one."""
    known = figures.known
    if not known or known[0]["AREA_LEVEL"] == "country":
        return None
    period = known[0]["TIME_PERIOD"]
    wanted = replace(choice, areas=[COUNTRY], level="", start=period, end=period)
    found = load_period(figures.indicator, wanted).known
    same = {name: known[0][name] for name in breakdowns()}
    return next((r for r in found if all(r[n] == code for n, code in same.items())), None)


KINDS: Mapping[str, Maker] = {
    "chart": trend,
    "ranking": ranking,
    "map": mapped,
    "distribution": distribution,
    "breakdown": groups,
}


def open_dimensions(records: Sequence[Entry]) -> list[str]:
    """Return the dimensions that records are broken down by."""
    return [name for name in breakdowns() if any(record[name] != TOTAL for record in records)]
