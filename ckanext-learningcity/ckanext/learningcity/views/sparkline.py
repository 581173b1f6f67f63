"""Drawings as small as a word, made by the page itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def sparkline(series: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return a small line in a box of 120 × 32: `{path, x, y}`, the point being the last value.

    The line is broken where a value is missing. None if there are fewer than two values.
    """
    values = [record["OBS_VALUE"] for record in series]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, spread = min(known), max(known) - min(known)
    path, x, y, pen = [], 0.0, 0.0, "M"
    for position, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        x = 4 + 112 * position / (len(values) - 1)
        y = 28 - 24 * (value - low) / spread if spread else 16.0
        path.append(f"{pen}{x:.1f},{y:.1f}")
        pen = "L"
    return {"path": "".join(path), "x": f"{x:.1f}", "y": f"{y:.1f}"}


def strip(value: float, peers: Mapping[str, Any]) -> dict[str, str]:
    """Return where a value stands between the lowest and the highest, and the middle one does.

    :returns: `own` and `middle` on a line from 6 to 234
    """
    low, spread = peers["low"], peers["high"] - peers["low"]
    places = {"own": value, "middle": peers["median"]}
    return {
        name: f"{6 + 228 * (place - low) / spread if spread else 120:.1f}"
        for name, place in places.items()
    }
