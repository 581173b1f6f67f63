"""Points on a plain map without tiles: where things lie to each other and to the places around."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.words import learningcity_text, learningcity_title

WIDTH = 800
_SHAPES = (0.5, 1.1)  # height to width, least and most
_EDGE = 48  # pixels around the points
_LEAST = 0.25  # degrees that a map of several points spans at least
_ALONE = 2.0  # and one of a single point, so that the places around are named
_NAMES = 14  # places that are named
_APART = (180, 60)  # pixels between two of them, across and down, so that they are spread
_LETTERS = 32  # of a name
_LETTER, _LINE = 17, 30  # pixels that a letter (Thai ones are wide) and a line take on phones
_BESIDE, _ABOVE = 10, 14  # pixels from a point to its name


@dataclass(frozen=True)
class Label:
    """Where a name stands in the drawing: its base line, and which part of it is at `x`."""

    x: float
    y: float
    anchor: str  # `start`, `middle` or `end`, as in SVG
    text: str

    @property
    def span(self) -> tuple[float, float]:
        """The pixels from left to right that the name may take."""
        width = _LETTER * _width(self.text)
        left = self.x - width * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]
        return left, left + width

    def covers(self, other: Label) -> bool:
        """Return whether two names run into each other."""
        (left, right), (its_left, its_right) = self.span, other.span
        return left < its_right and its_left < right and abs(self.y - other.y) < _LINE


@dataclass(frozen=True)
class Mark:
    """Something at a point of the drawing, in pixels; `label` where there is room for its name."""

    x: float
    y: float
    label: Label | None
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
    marks: list[Mark] = []
    labels: list[Label] = []
    for thing in placed:
        x, y = frame.at(thing["lat"], thing["lon"])
        text = _shortened(learningcity_title(thing))
        above = [Label(x, y - _ABOVE, anchor, text) for anchor in ("middle", "start", "end")]
        label = _first_free(above, labels)
        marks.append(Mark(x, y, label, thing))
        labels += [label] if label else []
    points = [Label(mark.x, mark.y + 5, "middle", "●") for mark in marks]
    return Plot(frame.height, marks, _names(frame, [*labels, *points]))


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


def _first_free(labels: list[Label], taken: list[Label]) -> Label | None:
    """Return the first that is whole in the drawing and covers no other."""
    for label in labels:
        left, right = label.span
        if left >= 0 and right <= WIDTH and not any(label.covers(other) for other in taken):
            return label
    return None


def _is_near(x: float, y: float, name: Mark) -> bool:
    return abs(x - name.x) < _APART[0] and abs(y - name.y) < _APART[1]


def _shortened(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rstrip()}…"


def _width(text: str) -> int:
    """Return the number of letters; Thai marks above and below take no room of their own."""
    return sum(unicodedata.category(letter) != "Mn" for letter in text)


def _names(frame: _Frame, taken: list[Label]) -> list[Mark]:
    """Return the names of places in the frame that cover no other name, the largest first."""
    order = list(codelists.area_levels())
    names: list[Mark] = []
    areas = (area for area in codelists.areas().values() if area["level"] in order[2:])
    for area in sorted(areas, key=lambda area: order.index(area["level"])):
        x, y = frame.at(area["lat"], area["lon"])
        if not frame.holds(x, y) or any(_is_near(x, y, name) for name in names):
            continue
        text = learningcity_text(area["name"])
        sides = [
            Label(x + _BESIDE, y + 5, "start", text),
            Label(x - _BESIDE, y + 5, "end", text),
        ]
        if label := _first_free(sides, taken):
            names.append(Mark(x, y, label))
            taken = [*taken, label]
        if len(names) == _NAMES:
            break
    return names


def _is_placed(thing: Mapping[str, Any]) -> bool:
    return all(isinstance(thing.get(name), int | float) for name in ("lat", "lon"))
