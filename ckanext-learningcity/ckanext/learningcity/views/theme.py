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
HIGHLIGHT, PLAIN = PALETTE[1], PALETTE[5]
#: From low to high; on dark pages from dark to bright. Text on the first three is ink, then paper.
RAMP = ("#dcebf4", "#a6cde4", "#66a9d0", "#2577ab", "#0b4a73")
DARK_RAMP = ("#17384f", "#1f4c6c", "#2a6a97", "#6ab2e2", "#c4e4fa")
RAMP_INK = 3  # classes of the ramp that carry dark text on light pages
NOTHING, DARK_NOTHING = "#f0f2f4", "#20272f"  # a place without a value
#: The dark counterpart of every colour that charts use.
DARK = dict(
    zip(
        (PAPER, INK, MUTED, GRID, NOTHING, *PALETTE, *RAMP),
        (DARK_PAPER, DARK_INK, DARK_MUTED, DARK_GRID, DARK_NOTHING, *DARK_PALETTE, *DARK_RAMP),
        strict=True,
    )
)

Spec = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """The drawing's size in CSS pixels, and how many letters fit on a line of its texts."""

    width: int
    height: int
    title_letters: int
    subtitle_letters: int
    footer_letters: int


SIZES: Mapping[str, Size] = {
    "large": Size(700, 300, title_letters=72, subtitle_letters=98, footer_letters=112),
    "small": Size(300, 220, title_letters=34, subtitle_letters=42, footer_letters=50),
}


#: Maps are higher than wide, so their texts break earlier.
MAP_SIZES: Mapping[str, Size] = {
    "large": Size(384, 0, title_letters=42, subtitle_letters=54, footer_letters=62),
    "small": Size(300, 0, title_letters=34, subtitle_letters=42, footer_letters=50),
}


def config() -> Spec:
    """Return the look that all charts share."""
    label = {"labelColor": MUTED, "labelFontSize": 13}
    return {
        "font": FONT,
        "view": {"stroke": None},
        "concat": {"spacing": 14},
        "axis": {
            **label,
            "gridColor": GRID,
            "domainColor": GRID,
            "tickColor": GRID,
            "titleColor": INK,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "titlePadding": 10,
        },
        "legend": {**label, "labelColor": INK, "labelLimit": 320, "symbolSize": 80},
        "title": {
            "color": INK,
            "fontSize": 17,
            "fontWeight": 600,
            "lineHeight": 26,
            "subtitleColor": MUTED,
            "subtitleFontSize": 13,
            "subtitleLineHeight": 21,
            "subtitlePadding": 6,
        },
    }
