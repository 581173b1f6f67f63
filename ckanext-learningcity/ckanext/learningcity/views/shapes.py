"""The map of the provinces in their shapes, where the portal has their boundaries."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import tiles
from ckanext.learningcity.words import learningcity_area_names, learningcity_title

from .figures import Figures
from .frame import Chart, framed
from .period import empty_chart, period_caption, ranked_records, ranking_table
from .ranking import ranking_words
from .scales import place_name, tooltip
from .theme import HIGHLIGHT, MAP_SIZES, NOTHING, PAPER, Spec
from .tiles import class_colours, map_data

log = logging.getLogger(__name__)

Point = tuple[float, float]
Ring = list[Point]
Shape = list[list[Ring]]  # polygons; the first ring of each is its edge, the others are holes

_WIDTHS = {"large": 380, "small": 280}
_GRID = 0.012  # degrees that are half a pixel of the large map: finer bends cannot be seen
_FEWEST_POINTS = 4


@dataclass(frozen=True)
class Shapes:
    """The shapes of places, by their codes, and the title of the dataset that they are from."""

    by_place: dict[str, Shape]
    origin: str


def load_shapes() -> Shapes | None:
    """Return the boundaries that the portal has; None where there are none that can be drawn."""
    try:
        found = tk.get_action("learningcity_boundary_show")({}, {})
    except tk.ObjectNotFound:
        return None
    except tk.ValidationError as error:
        log.warning("Maps have squares only: %s", error.error_summary)
        return None
    features = found["boundaries"]["features"]
    by_place = {
        one["id"]: one["geometry"]["coordinates"] for one in features if one["id"] in tiles()
    }
    return Shapes(by_place, learningcity_title(found["dataset"])) if by_place else None


def learningcity_has_shapes() -> bool:
    """Return whether maps of provinces can be drawn in shapes."""
    return load_shapes() is not None


def shape_chart(
    figures: Figures, shapes: Shapes, size: str = "large", highlight: Collection[str] = ()
) -> Chart:
    """Return the map of the provinces in their shapes, coloured as the tile map is.

    :param figures: one observation for each province, all of one period
    :param shapes: a province that has a value and no shape is named under the map
    """
    ranked = [record for record in ranked_records(figures) if record["REF_AREA"] in tiles()]
    if not ranked:
        return empty_chart(figures, size)
    notes = [tk._("Grey provinces have no value.")]
    if without := [r["REF_AREA"] for r in ranked if r["REF_AREA"] not in shapes.by_place]:
        notes.append(
            tk._("Not on the map: {places}.").format(places=learningcity_area_names(without))
        )
    notes.append(tk._("Boundaries: {dataset}").format(dataset=shapes.origin))
    data, names, colours = map_data(figures.indicator, ranked)
    known = {datum["area"]: datum for datum in data}
    flat = _flattened(shapes.by_place)
    box = _extent(flat)
    width = _WIDTHS[size]
    height = round(width * (box[3] - box[1]) / (box[2] - box[0]))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": shape},
            **(known.get(place) or _unknown(place)),
            "chosen": place in highlight,
        }
        # A frame is drawn over its neighbours.
        for place, shape in sorted(flat.items(), key=lambda one: (one[0] in highlight, one[0]))
    ]
    plot = {
        "width": width,
        "height": height,
        "data": {"values": features},
        "projection": {"type": "identity", "reflectY": True},
        "mark": {"type": "geoshape", "strokeJoin": "round"},
        "encoding": {
            "fill": {
                **class_colours(names, colours, (round(width * 0.66), round(height * 0.6))),
                "condition": {"test": "datum.class == ''", "value": NOTHING},
            },
            "stroke": {
                "condition": {"test": "datum.chosen", "value": HIGHLIGHT},
                "value": PAPER,
            },
            "strokeWidth": {"condition": {"test": "datum.chosen", "value": 2.5}, "value": 0.6},
            "tooltip": tooltip(),
        },
    }
    caption = period_caption(figures, *notes)
    words = ranking_words(figures.indicator, ranked)
    return Chart(framed(plot, caption, MAP_SIZES[size]), ranking_table(figures), words)


def _unknown(place: str) -> Spec:
    texts = dict.fromkeys(("class", "period", "status", "note"), "")
    return {"area": place, "place": place_name(place), "text": tk._("no value"), **texts}


def _flattened(shapes: dict[str, Shape]) -> dict[str, Shape]:
    """Return shapes on a plane, on which a degree is as long in both directions, and on a grid.

    Neighbours share the points of the grid, so no gap opens between them.
    """
    latitudes = [y for shape in shapes.values() for polygon in shape for _, y in polygon[0]]
    narrowed = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2)) if latitudes else 1
    flat: dict[str, Shape] = {}
    for place, shape in shapes.items():
        polygons = [[_on_grid(ring, narrowed) for ring in polygon] for polygon in shape]
        kept = [[r for r in polygon if len(r) >= _FEWEST_POINTS] for polygon in polygons]
        flat[place] = [polygon for polygon in kept if polygon] or polygons[:1]
    return flat


def _on_grid(ring: Ring, narrowed: float) -> Ring:
    points: Ring = []
    for longitude, latitude in ring:
        x = round(round(longitude * narrowed / _GRID) * _GRID, 3)
        y = round(round(latitude / _GRID) * _GRID, 3)
        if not points or points[-1] != (x, y):
            points.append((x, y))
    return points


def _extent(shapes: dict[str, Shape]) -> tuple[float, float, float, float]:
    points = [
        point for shape in shapes.values() for polygon in shape for r in polygon for point in r
    ]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    return west, south, max(east, west + _GRID), max(north, south + _GRID)
