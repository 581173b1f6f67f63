"""A distribution: how many places have a value in each range."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import median

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import (
    learningcity_number,
    learningcity_period,
    learningcity_value,
)

from .figures import Entry, Figures
from .frame import Chart, Row, Table, framed, indicator_title, indicator_unit
from .period import empty_chart, period_caption, ranked_records
from .scales import is_graded, number_axis, place_name, point, tooltip, value_text
from .theme import HIGHLIGHT, PAPER, PLAIN, SIZES, Spec

_MOST_BINS = 12
_HEIGHT = 200
_LEFT = 44


def distribution_chart(
    figures: Figures, size: str = "large", highlight: Collection[str] = ()
) -> Chart:
    """Return how many places have a value in each range; the places of `highlight` are marked.

    :param figures: one observation for each place, all of one level and period
    """
    ranked = ranked_records(figures)
    if not ranked:
        return empty_chart(figures, size)
    bins = _bins([record["OBS_VALUE"] for record in ranked], figures.indicator)
    plot = _histogram(figures, bins, size, highlight)
    marked = [place_name(r["REF_AREA"]) for r in ranked if r["REF_AREA"] in highlight]
    notes = [tk._("Upright lines: {places}.").format(places=", ".join(marked))] if marked else []
    return Chart(
        framed(plot, period_caption(figures, *notes), SIZES[size], _LEFT),
        _table(figures, bins),
        _words(figures, ranked),
    )


def _bins(values: Sequence[float], indicator: Entry) -> list[tuple[float, float]]:
    """Return ranges `(from, below)` of equal width over the values; the last includes its end."""
    low, high = min(values), max(values)
    if is_graded(indicator):
        return [(float(grade), float(grade) + 1) for grade in range(5)]
    if low == high:
        return [(low, high)]
    count = min(_MOST_BINS, max(4, round(len(values) ** 0.5) + 2))
    step = (high - low) / count
    return [(low + step * number, low + step * (number + 1)) for number in range(count)]


def _bin_of(value: float, bins: Sequence[tuple[float, float]]) -> int:
    return next((n for n, (_, below) in enumerate(bins) if value < below), len(bins) - 1)


def _histogram(
    figures: Figures, bins: Sequence[tuple[float, float]], size: str, highlight: Collection[str]
) -> Spec:
    box, indicator = SIZES[size], figures.indicator
    counts = _counts(figures, bins)
    graded = is_graded(indicator)
    flat = len(bins) == 1
    room = max(abs(bins[0][0]) * 0.05, 1.0) if flat else 0
    data = [
        {
            # A grade is a point, not a range: its bar stands around it.
            "from": low - (0.4 if graded else room / 4),
            "to": (low + 0.4) if graded else high + room / 4,
            "count": count,
            "range": _bin_text((low, high), indicator),
        }
        for (low, high), count in zip(bins, counts, strict=True)
    ]
    ends = [data[0]["from"] - room, data[-1]["to"] + room]
    marked = [
        point(record, indicator) for record in figures.known if record["REF_AREA"] in highlight
    ]
    bars = {
        "data": {"values": data},
        "mark": {"type": "bar", "color": PLAIN, "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "scale": {"domain": ends, "nice": False, "zero": False},
                "axis": number_axis(indicator, grid=False),
            },
            "x2": {"field": "to"},
            "y2": {"datum": 0},
            "y": {
                "field": "count",
                "type": "quantitative",
                "scale": {"zero": True},
                "axis": {
                    "title": tk._("Places"),
                    "values": _whole_steps(max(counts)),
                    "format": "d",
                    "minExtent": _LEFT,
                    "titleAngle": 0,
                    "titleAlign": "left",
                    "titleX": -_LEFT,
                    "titleY": -14,
                },
            },
            "tooltip": [
                {"field": "range", "title": tk._("Value")},
                {"field": "count", "title": tk._("Places")},
            ],
        },
    }
    return {
        "width": box.width - _LEFT,
        "height": _HEIGHT,
        "layer": [bars, *([_marks(marked)] if marked else [])],
    }


def _whole_steps(most: int) -> list[int]:
    step = max(round(most / 4), 1)
    return list(range(0, most + step, step))


def _marks(marked: Sequence[Spec]) -> Spec:
    return {
        "data": {"values": list(marked)},
        "encoding": {"x": {"field": "value", "type": "quantitative"}},
        "layer": [
            {
                "mark": {"type": "rule", "color": HIGHLIGHT, "strokeWidth": 2.5},
                "encoding": {"tooltip": tooltip()},
            },
        ],
    }


def _counts(figures: Figures, bins: Sequence[tuple[float, float]]) -> list[int]:
    counts = [0] * len(bins)
    for record in figures.known:
        counts[_bin_of(record["OBS_VALUE"], bins)] += 1
    return counts


def _bin_text(limits: tuple[float, float], indicator: Entry) -> str:
    low, high = (learningcity_number(limit, indicator["decimals"] + 1) for limit in limits)
    if is_graded(indicator):
        return value_text({"OBS_VALUE": limits[0]}, indicator)
    return low if limits[0] == limits[1] else f"{low} – {high}"


def _table(figures: Figures, bins: Sequence[tuple[float, float]]) -> Table:
    rows = [
        Row(_bin_text(limits, figures.indicator), [learningcity_number(count)])
        for limits, count in zip(bins, _counts(figures, bins), strict=True)
    ]
    columns = [indicator_unit(figures.indicator), tk._("Places")]
    return Table(indicator_title(figures.indicator), columns, rows, frozenset({1}))


def _words(figures: Figures, ranked: Sequence[Entry]) -> str:
    values = [record["OBS_VALUE"] for record in ranked]
    middle = {"OBS_VALUE": median(values)}
    return tk._(
        "{indicator}, {period}: half of the {count} places are at or above {middle}; "
        "the values lie between {low} and {high}."
    ).format(
        indicator=indicator_title(figures.indicator),
        period=learningcity_period(ranked[0]),
        count=learningcity_number(len(ranked)),
        middle=learningcity_value(middle, figures.indicator),
        low=learningcity_value(ranked[-1], figures.indicator),
        high=learningcity_value(ranked[0], figures.indicator),
    )
