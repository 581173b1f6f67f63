"""Vega-Lite specifications of our charts.

A specification is self-contained: data, title, source, licence and release are in it, so that its
picture can be quoted anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.helpers import (
    learningcity_code_name,
    learningcity_period,
    learningcity_site_title,
    learningcity_text,
    learningcity_title,
    learningcity_value,
    learningcity_year,
)

from .theme import COMPARISON, DASHES, MUTED, PALETTE, PAPER, SHAPES, SIZES, Size, Spec, config
from .trend import Entry, Source, Trend, place_name
from .wrap import wrap


def trend_spec(trend: Trend, size: str = "large") -> Spec:
    """Return the line chart of a trend; a message stands in its place if there is no value."""
    box = SIZES[size]
    plot = _lines(trend, box) if _values(trend) else _message(tk._("No data for this choice"), box)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": learningcity_text(trend.indicator["name"]),
        "background": PAPER,
        "padding": 16,
        "title": _title(trend, box),
        "vconcat": [plot, _footer(trend, box)],
        "config": config(),
    }


def _values(trend: Trend) -> list[Spec]:
    return [
        _point(trend.indicator, place_name(series), record)
        for series in trend.series
        for record in series.records
    ]


def _point(indicator: Entry, place: str, record: Entry) -> Spec:
    return {
        "place": place,
        "time": _position(record["TIME_PERIOD"]),
        "value": record["OBS_VALUE"],
        "period": learningcity_period(record),
        "text": learningcity_value(record, indicator),
        "status": learningcity_code_name("status", record["OBS_STATUS"]),
        "reserved": record["OBS_STATUS"] != "A",
    }


def _lines(trend: Trend, box: Size) -> Spec:
    values = _values(trend)
    return {
        "width": box.width,
        "height": box.height,
        "data": {"values": values},
        "encoding": {
            "x": _time_axis([value["time"] for value in values], box.width),
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": {"zero": False, "nice": True},
                "axis": {"title": None, "tickCount": 5, "format": ",~f"},
            },
            "color": _colour(trend),
        },
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "invalid": "break-paths-show-domains"},
                "encoding": {"strokeDash": _dash(trend)},
            },
            {
                "mark": {"type": "point", "size": 55, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "shape": _scale(trend, "place", SHAPES),
                    "fill": _fill(trend),
                    "tooltip": [
                        {"field": "place", "title": tk._("Place")},
                        {"field": "period", "title": tk._("Period")},
                        {"field": "text", "title": tk._("Value")},
                        {"field": "status", "title": tk._("Status")},
                    ],
                },
            },
        ],
    }


def _time_axis(times: Sequence[float], width: int) -> Spec:
    """Return an axis in whole Gregorian years, labelled in the reader's era.

    An SVG is shown in whatever font the reader has, so a label gets 60 pixels of `width`.
    """
    first, last = min(times), max(times)
    offset = int(learningcity_year("2000")) - 2000
    return {
        "field": "time",
        "type": "quantitative",
        "scale": {"domain": [first - 0.3, last + 0.3], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "tickMinStep": 1,
            "tickCount": width // 60,
            "grid": False,
            "labelExpr": f"format(datum.value + {offset}, 'd')",
        },
    }


def _colour(trend: Trend) -> Spec:
    legend = None
    if len(trend.series) > 1:
        legend = {"orient": "top", "title": None, "columns": 2, "symbolStrokeWidth": 2.5}
    return _scale(trend, "place", PALETTE, COMPARISON) | {"legend": legend}


def _fill(trend: Trend) -> Spec:
    """Return a point's filling: paper where the value carries a reservation."""
    scale = _scale(trend, "place", PALETTE, COMPARISON)
    return {"condition": {"test": "datum.reserved", "value": PAPER}, **scale}


def _dash(trend: Trend) -> Spec:
    return _scale(trend, "place", DASHES, [5, 4])


def _scale(trend: Trend, field: str, choices: Sequence[Any], comparison: Any = None) -> Spec:
    """Return an encoding that gives each place its own choice, the national value another."""
    own = iter(choices)
    chosen = [
        comparison if series.comparison and comparison is not None else next(own)
        for series in trend.series
    ]
    names = [place_name(series) for series in trend.series]
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": names, "range": chosen},
        "legend": None,
    }


def _title(trend: Trend, box: Size) -> Spec:
    indicator = trend.indicator
    places = ", ".join(place_name(series) for series in trend.series)
    unit = learningcity_code_name("unit", indicator["unit"])
    subtitle = wrap(" · ".join(filter(None, [unit, places])), box.title_letters)
    if trend.demonstration:
        subtitle.append(tk._("Demonstration data: not real values"))
    return {
        "text": wrap(learningcity_text(indicator["name"]), box.title_letters),
        "subtitle": subtitle,
        "anchor": "start",
        "offset": 12,
    }


def _footer(trend: Trend, box: Size) -> Spec:
    lines = [_source_line(source) for source in trend.sources]
    if any(record["OBS_STATUS"] != "A" for record in trend.records):
        lines.append(tk._("Hollow points are estimated, provisional or otherwise qualified."))
    lines.append(learningcity_site_title())
    return _text([part for line in lines for part in wrap(line, box.footer_letters)], box.width)


def _source_line(source: Source) -> str:
    dataset = source.dataset
    parts = [
        tk._("Source: {dataset}, release {number}").format(
            dataset=learningcity_title(dataset), number=source.release
        ),
        dataset.get("license_title") or dataset.get("license_id") or "",
    ]
    return " · ".join(filter(None, parts))


def _text(lines: Sequence[str], width: int) -> Spec:
    return {
        "data": {"values": [{}]},
        "width": width,
        "height": 18 * len(lines),
        "mark": {
            "type": "text",
            "text": list(lines),
            "align": "left",
            "baseline": "top",
            "lineHeight": 18,
            "fontSize": 12,
            "color": MUTED,
            "x": 0,
            "y": 0,
        },
    }


def _message(text: str, box: Size) -> Spec:
    return {
        "data": {"values": [{}]},
        "width": box.width,
        "height": box.height,
        "mark": {"type": "text", "text": text, "fontSize": 16, "color": MUTED},
    }


def _position(period: str) -> float:
    """Return where a period stands on an axis of years: 2024 → 2024.0, 2024-Q3 → 2024.5."""
    year, part = int(period[:4]), period[5:]
    if not part:
        return float(year)
    if part.startswith("Q"):
        return year + (int(part[1:]) - 1) / 4
    if part.startswith("S"):
        return year + (int(part[1:]) - 1) / 2
    return year + (int(part[:2]) - 1) / 12
