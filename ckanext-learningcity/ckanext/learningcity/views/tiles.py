"""The tile map: one square for each province, so that small and large ones are seen alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import tiles
from ckanext.learningcity.words import learningcity_text

from .figures import Entry, Figures
from .frame import Chart, framed
from .period import empty_chart, period_caption, ranked_records, ranking_table
from .ranking import ranking_words
from .scales import class_of, class_text, classes, place_name, point, ramp, tooltip
from .theme import HIGHLIGHT, INK, MAP_SIZES, MUTED, NOTHING, PAPER, RAMP, RAMP_INK, Spec

_SIDES = {"large": 42, "small": 33}
_GAP = 3


def tile_chart(
    figures: Figures,
    size: str = "large",
    highlight: Collection[str] = (),
    more_notes: Sequence[str] = (),
) -> Chart:
    """Return the map of the provinces, coloured by value; a grey square has none.

    :param figures: one observation for each province, all of one period
    :param highlight: ids of provinces that get a frame
    :param more_notes: what else stands under the map
    """
    ranked = [record for record in ranked_records(figures) if record["REF_AREA"] in tiles()]
    if not ranked:
        return empty_chart(figures, size)
    notes = [tk._("One square for each province; grey squares have no value.")]
    caption = period_caption(figures, *notes, *more_notes)
    words = ranking_words(figures.indicator, ranked)
    return Chart(
        framed(_map(figures.indicator, ranked, size, highlight), caption, MAP_SIZES[size]),
        ranking_table(figures),
        words,
    )


def map_data(indicator: Entry, ranked: Sequence[Entry]) -> tuple[list[Spec], list[str], list[str]]:
    """Return a datum for each record with its `class`, the classes in words, and their colours."""
    ranges = classes([record["OBS_VALUE"] for record in ranked], indicator)
    names, colours = [class_text(limits, indicator) for limits in ranges], ramp(len(ranges))
    data = []
    for record in ranked:
        number = class_of(record["OBS_VALUE"], ranges, indicator)
        bright = RAMP.index(colours[number]) < RAMP_INK
        ink = INK if bright else PAPER
        named = {"area": record["REF_AREA"], "class": names[number], "ink": ink}
        data.append(point(record, indicator, **named))
    return data, names, colours


def class_colours(names: Sequence[str], colours: Sequence[str], corner: tuple[int, int]) -> Spec:
    """Return the encoding of a map's colours; its legend stands at `corner`, where there is sea."""
    return {
        "field": "class",
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(colours)},
        "legend": {
            "orient": "none",
            "legendX": corner[0],
            "legendY": corner[1],
            "title": None,
            "columns": 1,
            "rowPadding": 5,
            "symbolType": "square",
            "symbolSize": 220,
            "symbolStrokeWidth": 0,
        },
    }


def _map(indicator: Entry, ranked: Sequence[Entry], size: str, highlight: Collection[str]) -> Spec:
    side = _SIDES[size]
    data, names, colours = map_data(indicator, ranked)
    by_area = {datum["area"]: datum for datum in data}
    squares = [_square(tile, by_area.get(area), side) for area, tile in tiles().items()]
    edge = [
        {"test": f"datum.area == '{area}'", "value": HIGHLIGHT}
        for area in sorted(highlight)
        if area in tiles()
    ]
    body = {
        "mark": {
            "type": "rect",
            "width": side - _GAP,
            "height": side - _GAP,
            "cornerRadius": 5,
            "strokeWidth": 3,
        },
        "encoding": {
            "fill": {
                **class_colours(names, colours, (round(side * 4.3), round(side * 11.4))),
                "condition": {"test": "datum.class == ''", "value": NOTHING},
            },
            "stroke": {"condition": edge, "value": None},
            "tooltip": tooltip(),
        },
    }
    label = {
        "mark": {"type": "text", "fontSize": 12 if size == "large" else 10},
        "encoding": {
            "text": {"field": "label"},
            "color": {
                "condition": [
                    {"test": f"datum.ink == '{colour}'", "value": colour} for colour in (INK, PAPER)
                ],
                "value": MUTED,
            },
        },
    }
    rows, columns = (max(tile[axis] for tile in tiles().values()) + 1 for axis in ("row", "column"))
    return {
        "width": columns * side,
        "height": rows * side,
        "data": {"values": squares},
        "encoding": {"x": _plane("x", columns * side), "y": _plane("y", rows * side)},
        "layer": [body, label],
    }


def _plane(field: str, extent: int) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, extent], "range": [0, extent], "nice": False, "zero": False},
    }


def _square(tile: Entry, datum: Spec | None, side: int) -> Spec:
    known = datum or {
        "area": tile["id"],
        "place": place_name(tile["id"]),
        "text": tk._("no value"),
        **dict.fromkeys(("class", "period", "status", "note"), ""),
        "ink": MUTED,
    }
    return {
        **known,
        "label": learningcity_text(tile["label"]),
        "x": (tile["column"] + 0.5) * side,
        "y": (tile["row"] + 0.5) * side,
    }
