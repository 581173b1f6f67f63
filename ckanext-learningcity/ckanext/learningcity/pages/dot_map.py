"""A map of dots: every province a small one, so that they together draw the country's shape.

It needs no outline of a border, no tiles of another site and no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ckanext.learningcity.tables import codelists

WIDTH, HEIGHT = 300, 540

_WEST, _EAST, _SOUTH, _NORTH = 97.2, 105.8, 5.6, 20.6  # degrees; the country lies within


@dataclass(frozen=True)
class Dot:
    """A place in the picture, `WIDTH` × `HEIGHT` units; `kind` is the class of its mark."""

    x: float
    y: float
    kind: str
    name: str
    area: str


def learningcity_dot_map(marks: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return `{width, height, ground, dots}` for `learningcity/snippets/dot_map.html`.

    :param marks: places by the kind of their mark, the last kind on top; a place has `id`, `lat`,
        `lon` and `name`
    """
    dots = [_dot(area, kind) for kind, areas in marks.items() for area in areas]
    return {"width": WIDTH, "height": HEIGHT, "ground": _ground(), "dots": dots}


@cache
def _ground() -> list[Dot]:
    provinces = (area for area in codelists.areas().values() if area["level"] == "province")
    return [_dot(area, "ground") for area in provinces]


def _dot(area: Mapping[str, Any], kind: str) -> Dot:
    x = (area["lon"] - _WEST) / (_EAST - _WEST) * WIDTH
    y = (_NORTH - area["lat"]) / (_NORTH - _SOUTH) * HEIGHT
    return Dot(round(x, 1), round(y, 1), kind, area["name"], area["id"])
