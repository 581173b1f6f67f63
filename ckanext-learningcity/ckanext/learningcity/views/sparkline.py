"""Lines as small as a word, drawn by the page itself."""

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
