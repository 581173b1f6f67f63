"""Colours, type and sizes of charts.

The colours of places are distinct to colour-blind readers and reach a contrast of 3:1 on their
paper; lines also differ by the shape of their points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FONT = "Sarabun"
PAPER, INK, MUTED, GRID = "#ffffff", "#1b2733", "#566370", "#d9dfe4"
DARK_PAPER, DARK_INK, DARK_MUTED, DARK_GRID = "#161b22", "#e8edf2", "#a9b4be", "#3a444e"
PALETTE = ("#0072b2", "#d55e00", "#00855f", "#a3478f", "#a67400", "#3f7fbf", "#b03060", "#6f6f1f")
DARK_PALETTE = (
    *("#56b4e9", "#ff8c42", "#3fc79a", "#dd8ccc"),
    *("#e0b040", "#8fb8f0", "#f07fa0", "#c3c35a"),
)
SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "triangle-down",
    "cross",
    "circle",
    "square",
)
COMPARISON = MUTED
#: The dark counterpart of every colour that charts use.
DARK = dict(
    zip(
        (PAPER, INK, MUTED, GRID, *PALETTE),
        (DARK_PAPER, DARK_INK, DARK_MUTED, DARK_GRID, *DARK_PALETTE),
        strict=True,
    )
)
DASHES = ([1, 0],) * len(PALETTE)

Spec = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """The drawing's size in CSS pixels, and how many letters fit on a line of title and footer."""

    width: int
    height: int
    title_letters: int
    footer_letters: int


SIZES: Mapping[str, Size] = {
    "large": Size(width=700, height=300, title_letters=72, footer_letters=112),
    "small": Size(width=300, height=220, title_letters=34, footer_letters=52),
}


def config() -> Spec:
    """Return the look that all charts share."""
    label = {"labelColor": MUTED, "labelFontSize": 13}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "concat": {"spacing": 14},
        "axis": {**label, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID},
        "legend": {**label, "labelColor": INK, "labelLimit": 320, "symbolSize": 80},
        "title": {
            "color": INK,
            "fontSize": 17,
            "fontWeight": 600,
            "lineHeight": 26,
            "subtitleColor": MUTED,
            "subtitleFontSize": 13,
            "subtitleLineHeight": 21,
        },
    }
