"""Maps: tiles of provinces, shapes where the portal has boundaries, points for smaller places."""

from __future__ import annotations

from collections.abc import Collection

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import areas, tiles

from .figures import Figures
from .frame import Chart, framed
from .period import empty_chart, period_caption, ranked_records, ranking_table
from .ranking import ranking_words
from .scales import tooltip
from .shapes import load_shapes, shape_chart
from .theme import GRID, HIGHLIGHT, MAP_SIZES, PAPER, Spec
from .tiles import class_colours, map_data, tile_chart

_WIDTHS = {"large": 380, "small": 280}
_WEST, _EAST, _SOUTH, _NORTH = 97.2, 105.8, 5.5, 20.6  # degrees around Thailand


def map_chart(
    figures: Figures, size: str = "large", highlight: Collection[str] = (), drawn: str = ""
) -> Chart:
    """Return the map that fits the level of the places: points, for provinces squares or shapes.

    :param drawn: `shapes` where the portal has boundaries; without them there are squares
    """
    known = figures.known
    if not known:
        return empty_chart(figures, size)
    if known[0]["AREA_LEVEL"] != "province":
        return points_chart(figures, size, highlight)
    if drawn != "shapes":
        return tile_chart(figures, size, highlight)
    found = load_shapes()
    if found is None:
        note = tk._("The portal has no boundaries that can be drawn at the moment.")
        return tile_chart(figures, size, highlight, [note])
    return shape_chart(figures, found, size, highlight)


def points_chart(figures: Figures, size: str = "large", highlight: Collection[str] = ()) -> Chart:
    """Return a point for each place whose coordinates are known, among the provinces' middles.

    :param figures: one observation for each place, all of one level and period
    """
    ranked = [r for r in ranked_records(figures) if "lat" in areas().get(r["REF_AREA"], {})]
    if not ranked:
        return empty_chart(figures, size)
    notes = [tk._("Small grey points are the middles of the provinces.")]
    if not all(areas()[record["REF_AREA"]]["verified"] for record in ranked):
        notes.append(tk._("Where the points stand is not confirmed."))
    caption = period_caption(figures, *notes)
    data, names, colours = map_data(figures.indicator, ranked)
    for datum in data:
        place = areas()[datum["area"]]
        datum.update(lon=place["lon"], lat=place["lat"], chosen=datum["area"] in highlight)
    width = _WIDTHS[size]
    points = {
        "data": {"values": data},
        "mark": {"type": "point", "shape": "circle", "size": 190, "strokeWidth": 2, "opacity": 1},
        "encoding": {
            "fill": class_colours(names, colours, (round(width * 0.62), round(width * 1.05))),
            "stroke": {
                "condition": {"test": "datum.chosen", "value": HIGHLIGHT},
                "value": PAPER,
            },
            "tooltip": tooltip(),
        },
    }
    plot = {
        "width": width,
        "height": round(width * (_NORTH - _SOUTH) / (_EAST - _WEST)),
        "encoding": {
            "x": _degrees("lon", _WEST, _EAST),
            "y": _degrees("lat", _SOUTH, _NORTH),
        },
        "layer": [_middles(), points],
    }
    words = ranking_words(figures.indicator, ranked)
    return Chart(framed(plot, caption, MAP_SIZES[size]), ranking_table(figures), words)


def _degrees(field: str, low: float, high: float) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [low, high], "nice": False, "zero": False},
    }


def _middles() -> Spec:
    middles = [{"lon": areas()[place]["lon"], "lat": areas()[place]["lat"]} for place in tiles()]
    return {
        "data": {"values": middles},
        "mark": {"type": "point", "filled": True, "size": 24, "color": GRID, "opacity": 1},
    }
