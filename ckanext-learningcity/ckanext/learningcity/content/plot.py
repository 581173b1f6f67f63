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
_LEAST = 0.25  # degrees that a map of several points spans at least
_ALONE = 2.0  # and one of a single point, so that the places around are named
_NAMES = 14  # places that are named
_APART = (200, 28)  # pixels between two names, across and down


@dataclass(frozen=True)
class Mark:
    """Something at a point of the drawing, in pixels; `named` where there is room for its name."""

    x: float
    y: float
    text: Mapping[str, str] | str
    of: Any = None
    named: bool = True


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
    marks: list[Mark] = []
    named: list[Mark] = []
    for thing in placed:
        x, y = frame.at(thing["lat"], thing["lon"])
        mark = Mark(x, y, "", thing, named=_is_free(x, y, named))
        marks.append(mark)
        named += [mark] if mark.named else []
    return Plot(frame.height, marks, _names(frame, named))


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
        least = _LEAST if len(points) > 1 else _ALONE
        tall = max(max(lats) - min(lats), least)
        wide = max((max(lons) - min(lons)) * squeeze, least)
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


def _is_free(x: float, y: float, taken: list[Mark]) -> bool:
    return all(abs(x - other.x) > _APART[0] or abs(y - other.y) > _APART[1] for other in taken)


def _names(frame: _Frame, named: list[Mark]) -> list[Mark]:
    """Return the names of places in the frame that cover no other name, the largest first."""
    order = list(codelists.area_levels())
    names: list[Mark] = []
    areas = (area for area in codelists.areas().values() if area["level"] in order[2:])
    for area in sorted(areas, key=lambda area: order.index(area["level"])):
        x, y = frame.at(area["lat"], area["lon"])
        if frame.holds(x, y) and _is_free(x, y, [*named, *names]):
            names.append(Mark(x, y, area["name"]))
        if len(names) == _NAMES:
            break
    return names


def _is_placed(thing: Mapping[str, Any]) -> bool:
    return all(isinstance(thing.get(name), int | float) for name in ("lat", "lon"))
