"""Lines over time: one indicator in a few places, and small multiples of several indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.words import (
    learningcity_code_name,
    learningcity_note,
    learningcity_period,
)

from .figures import Source
from .frame import (
    Caption,
    Chart,
    Row,
    Table,
    framed,
    indicator_title,
    indicator_unit,
    joined,
    message,
    notes_of,
)
from .legend import Place, legend, looks
from .scales import (
    axis_room,
    number_axis,
    point,
    position,
    spread_scale,
    time_axis,
    tooltip,
    value_text,
)
from .theme import MUTED, PAPER, SIZES, Spec
from .trend import Trend, describe, place_name
from .wrap import wrap

_DASHES = {False: [1, 0], True: [5, 4]}
_GAP = 44  # pixels between small multiples: room for the labels of an axis


def trend_chart(trend: Trend, size: str = "large") -> Chart:
    """Return the line chart of an indicator in one to eight places."""
    box, names = SIZES[size], [place_name(series) for series in trend.series]
    plot, left = message(tk._("No data for this choice"), box), 0
    if _has_values(trend):
        left = _room([trend])
        lines = _lines(trend, _places([trend]), (box.width - left, box.height), left)
        plot = _named([trend], lines, box.width, left)
    caption = Caption(
        title=indicator_title(trend.indicator),
        subtitle=joined(indicator_unit(trend.indicator), ", ".join(names)),
        sources=trend.sources,
        notes=notes_of(trend.records),
    )
    words = describe(trend.indicator, trend.series)
    return Chart(framed(plot, caption, box, left), trend_table(trend), words)


def multiples_chart(trends: Sequence[Trend], size: str = "large") -> Chart:
    """Return one small line chart for each indicator, the same places in the same colours."""
    box = SIZES[size]
    shown = [trend for trend in trends if _has_values(trend)]
    columns, left = (2 if size == "large" and len(shown) > 1 else 1), _room(shown)
    width = (box.width - _GAP * (columns - 1)) // columns - left
    parts = [_multiple(trend, _places(shown), (width, 170), left) for trend in shown]
    grid = {"concat": parts, "columns": columns, "spacing": _GAP}
    names = list(dict.fromkeys(place_name(series) for one in trends for series in one.series))
    caption = Caption(
        title=tk._("Places compared"),
        subtitle=", ".join(names),
        sources=_sources(shown),
        notes=notes_of([record for trend in shown for record in trend.records]),
    )
    plot = (
        _named(shown, grid, box.width, left)
        if parts
        else message(tk._("No data for this choice"), box)
    )
    words = " ".join(describe(trend.indicator, trend.series) for trend in shown)
    return Chart(framed(plot, caption, box, left), latest_table(trends), words)


def trend_table(trend: Trend) -> Table:
    """Return every value of a trend: a line for each place and period, the newest first."""
    rows = [
        Row(
            learningcity_period(record),
            [
                place_name(series),
                value_text(record, trend.indicator),
                learningcity_code_name("status", record["OBS_STATUS"]),
                learningcity_note(record),
            ],
        )
        for series in trend.series
        for record in reversed(series.records)
    ]
    columns = [tk._("Period"), tk._("Place"), tk._("Value"), tk._("Status"), tk._("Note")]
    return Table(indicator_title(trend.indicator), columns, rows, frozenset({2}))


def latest_table(trends: Sequence[Trend]) -> Table:
    """Return the last value of each indicator in each place."""
    places = {series.area["id"]: place_name(series) for one in trends for series in one.series}
    rows = [
        Row(indicator_title(trend.indicator), [_last(trend, area_id) for area_id in places])
        for trend in trends
    ]
    columns = [tk._("Indicator"), *places.values()]
    numeric = frozenset(range(1, len(columns)))
    return Table(tk._("Latest values"), columns, rows if places else [], numeric)


def _last(trend: Trend, area_id: str) -> str:
    own = [record for record in trend.records if record["REF_AREA"] == area_id]
    known = [record for record in own if record["OBS_VALUE"] is not None]
    if not known:
        return "–"
    return f"{value_text(known[-1], trend.indicator)} ({learningcity_period(known[-1])})"


def _drawn(trend: Trend) -> list[Spec]:
    """Return the data of a trend. A break begins a new `stretch`, so that no line crosses it."""
    data = []
    for series in trend.series:
        stretch = 0
        for record in series.records:
            broken = record["OBS_STATUS"] == "B"
            stretch += broken
            named = {"place": place_name(series), "stretch": f"{series.area['id']}-{stretch}"}
            time = position(record["TIME_PERIOD"])
            data.append(point(record, trend.indicator, time=time, broken=broken, **named))
    return data


def _has_values(trend: Trend) -> bool:
    return any(record["OBS_VALUE"] is not None for record in trend.records)


def _room(trends: Sequence[Trend]) -> int:
    """Return the pixels that the numbers beside the widest drawing take."""
    values = [[r["OBS_VALUE"] for r in t.records if r["OBS_VALUE"] is not None] for t in trends]
    return max((axis_room(t.indicator, v) for t, v in zip(trends, values, strict=True)), default=0)


def _lines(trend: Trend, places: Sequence[Place], extent: tuple[int, int], left: int) -> Spec:
    """Return the drawing of a trend."""
    drawn, colour = _drawn(trend), _look(places, [place.colour for place in places])
    values = [datum["value"] for datum in drawn if datum["value"] is not None]
    breaks = [datum for datum in drawn if datum["broken"]]
    return {
        "width": extent[0],
        "height": extent[1],
        "data": {"values": list(drawn)},
        "encoding": {
            "x": time_axis([datum["time"] for datum in drawn], extent[0]),
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": spread_scale(trend.indicator, values),
                "axis": number_axis(trend.indicator, minExtent=left, maxExtent=left),
            },
            "color": colour,
        },
        "layer": [
            *([_break_lines()] if breaks else []),
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "invalid": "break-paths-show-domains"},
                "encoding": {
                    "strokeDash": _look(places, [_DASHES[place.comparison] for place in places]),
                    "detail": {"field": "stretch", "type": "nominal"},
                },
            },
            {
                "mark": {"type": "point", "size": 55, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "shape": _look(places, [place.shape for place in places]),
                    "fill": {"condition": {"test": "datum.reserved", "value": PAPER}, **colour},
                    "tooltip": tooltip(breakdown=any(datum["breakdown"] for datum in drawn)),
                },
            },
        ],
    }


def _named(trends: Sequence[Trend], plot: Spec, width: int, left: int) -> Spec:
    """Return a drawing with the names of its places above it, where there are several."""
    places = _places(trends)
    if len(places) < 2:
        return plot
    return {"vconcat": [legend(places, width, left), plot], "spacing": 14}


def _multiple(trend: Trend, places: Sequence[Place], extent: tuple[int, int], left: int) -> Spec:
    drawing = _lines(trend, places, extent, left)
    title = {
        "text": wrap(indicator_title(trend.indicator), extent[0] // 9),
        "subtitle": indicator_unit(trend.indicator),
        "anchor": "start",
        "frame": "group",
        "fontSize": 14,
        "lineHeight": 21,
        "offset": 8,
        "dx": -left,
    }
    return {**drawing, "title": title}


def _break_lines() -> Spec:
    return {
        "transform": [{"filter": "datum.broken"}],
        "mark": {"type": "rule", "strokeDash": [3, 4], "strokeWidth": 1},
        "encoding": {"y": None, "color": {"value": MUTED}},
    }


def _places(trends: Sequence[Trend]) -> list[Place]:
    """Return each place once with its look, in the order of the code, the country last."""
    found = {
        series.area["id"]: (place_name(series), series.comparison)
        for trend in trends
        for series in trend.series
    }
    ordered = sorted(found.items(), key=lambda item: (item[1][1], item[0]))
    return looks([place for _, place in ordered])


def _look(places: Sequence[Place], looked_up: Sequence[Any]) -> Spec:
    """Return an encoding that gives each place its own look."""
    names = [place.name for place in places]
    return {
        "field": "place",
        "type": "nominal",
        "scale": {"domain": names, "range": list(looked_up)},
        "legend": None,
    }


def _sources(trends: Sequence[Trend]) -> list[Source]:
    found: dict[str, Source] = {}
    for source in (source for trend in trends for source in trend.sources):
        found[source.dataset["name"]] = source
    return list(found.values())
