"""The names of the places in a line chart, in rows above it.

Vega's own legend takes its place from one drawing; this one belongs to all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import COMPARISON, INK, PALETTE, SHAPES, Spec
from .wrap import width

_LETTER = 7.6  # pixels
_SYMBOL = 16
_SPACE = 22
_ROW = 22


class Place(NamedTuple):
    """A place in a line chart, with the look of its line."""

    name: str
    comparison: bool
    colour: str
    shape: str


def looks(places: Sequence[tuple[str, bool]]) -> list[Place]:
    """Return each place with a colour and shape of its own; the national value has grey dashes."""
    own = iter(zip(PALETTE, SHAPES, strict=True))
    return [
        Place(name, compared, *((COMPARISON, SHAPES[1]) if compared else next(own)))
        for name, compared in places
    ]


def legend(places: Sequence[Place], extent: int, left: int) -> Spec:
    """Return a drawing of the names in rows of `extent` pixels, beginning at `-left`."""
    entries, x, row = [], 0.0, 0
    for place in places:
        wide = _SYMBOL + min(width(place.name) * _LETTER, extent - _SYMBOL)
        if x and x + wide > extent:
            x, row = 0.0, row + 1
        entries.append({**place._asdict(), "x": x - left + 6, "y": row * _ROW + _ROW / 2})
        x += wide + _SPACE
    axes = {
        name: {
            "field": name,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, 100], "range": [0, 100], "nice": False, "zero": False},
        }
        for name in ("x", "y")
    }
    return {
        "width": max(extent - left, 1),
        "height": (row + 1) * _ROW,
        "data": {"values": entries},
        "encoding": axes,
        "layer": [
            {
                "mark": {"type": "point", "size": 80, "filled": True, "opacity": 1},
                "encoding": {
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                    "shape": {"field": "shape", "type": "nominal", "scale": None},
                },
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 11,
                    "fontSize": 13,
                    "color": INK,
                    "limit": extent - _SYMBOL,
                },
                "encoding": {"text": {"field": "name"}},
            },
        ],
    }
