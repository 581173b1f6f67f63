"""Points on a plain map without tiles: where things lie to each other and to the places around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from ckanext.learningcity.tables import codelists

WIDTH = 800
_SHAPES = (0.5, 1.1)  # height to width, least and most
_EDGE = 48  # pixels around the points
_LEAST = 0.02  # degrees that a map spans at least: about 2 km
_NAMES = 14  # places that are named
_APART = 34  # pixels between two names


@dataclass(frozen=True)
class Mark:
    """Something at a point of the drawing, in pixels."""

    x: float
    y: float
    text: Mapping[str, str] | str
    of: Any = None


@dataclass(frozen=True)
class Plot:
    """A drawing: `marks` are what is shown, `names` the places around."""

    height: float
    marks: list[Mark]
    names: list[Mark]
    width: int = WIDTH


def plot(things: Iterable[Mapping[str, Any]]) -> Plot | None:
    """Return a drawing of the things with `lat` and `lon`; None where there are none."""
    placed = [thing for thing in things if _is_placed(thing)]
    if not placed:
        return None
    frame = _Frame.around([(thing["lat"], thing["lon"]) for thing in placed])
    marks = [Mark(*frame.at(thing["lat"], thing["lon"]), "", thing) for thing in placed]
    return Plot(frame.height, marks, _names(frame))


@dataclass(frozen=True)
class _Frame:
    """A rectangle of the earth, small enough to be drawn flat."""

    north: float
    west: float
    scale: float  # pixels a degree of latitude
    squeeze: float  # a degree of longitude to one of latitude
    height: float

    @classmethod
    def around(cls, points: list[tuple[float, float]]) -> _Frame:
        lats, lons = zip(*points, strict=True)
        middle = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        squeeze = cos(radians(middle[0]))
        tall = max(max(lats) - min(lats), _LEAST)
        wide = max((max(lons) - min(lons)) * squeeze, _LEAST)
        inner = WIDTH - 2 * _EDGE
        height = min(max(inner * tall / wide, WIDTH * _SHAPES[0]), WIDTH * _SHAPES[1])
        scale = min(inner / wide, (height - 2 * _EDGE) / tall)
        north = middle[0] + height / 2 / scale
        west = middle[1] - WIDTH / 2 / scale / squeeze
        return cls(north, west, scale, squeeze, round(height))

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        x = (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round((self.north - lat) * self.scale, 1)

    def holds(self, x: float, y: float) -> bool:
        return _EDGE / 2 < x < WIDTH - _EDGE and _EDGE / 2 < y < self.height - _EDGE / 2


def _names(frame: _Frame) -> list[Mark]:
    """Return the names of places in the frame that do not cover each other, the largest first."""
    order = list(codelists.area_levels())
    taken: list[Mark] = []
    areas = (area for area in codelists.areas().values() if area["level"] in order[2:])
    for area in sorted(areas, key=lambda area: order.index(area["level"])):
        x, y = frame.at(area["lat"], area["lon"])
        free = all(abs(x - other.x) > 4 * _APART or abs(y - other.y) > _APART for other in taken)
        if free and frame.holds(x, y):
            taken.append(Mark(x, y, area["name"]))
        if len(taken) == _NAMES:
            break
    return taken


def _is_placed(thing: Mapping[str, Any]) -> bool:
    return all(isinstance(thing.get(name), int | float) for name in ("lat", "lon"))
