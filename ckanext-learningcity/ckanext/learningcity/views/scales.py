"""Axes, classes and texts of values that the charts share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import areas, grades
from ckanext.learningcity.words import (
    learningcity_breakdown,
    learningcity_code_name,
    learningcity_note,
    learningcity_number,
    learningcity_period,
    learningcity_text,
    learningcity_value,
    learningcity_year,
)

from .figures import Entry
from .theme import RAMP, Spec
from .wrap import width

MILLION = 1_000_000
NAME_PIXELS = {"large": 190, "small": 110}  # a longer name is cut in the drawing, not in the table


def place_name(area_id: str) -> str:
    """Return the name of a place in the reader's language; an unknown code is its own name."""
    entry = areas().get(area_id)
    return learningcity_text(entry["name"]) if entry else area_id


def value_text(record: Entry, indicator: Entry) -> str:
    """Return a value as a reader reads it: with unit, and with the name of a grade."""
    text = learningcity_value(record, indicator)
    grade = grades().get(record["OBS_VALUE"]) if is_graded(indicator) else None
    return f"{text}: {learningcity_text(grade['name'])}" if grade else text


def is_graded(indicator: Entry) -> bool:
    """Return whether an indicator's values are grades."""
    return indicator["unit"] == "GRADE"


def point(record: Entry, indicator: Entry, **more: Any) -> Spec:
    """Return the datum of an observation: its number, and the texts that hovering shows."""
    return {
        "place": place_name(record["REF_AREA"]),
        "value": record["OBS_VALUE"],
        "period": learningcity_period(record),
        "text": value_text(record, indicator),
        "status": learningcity_code_name("status", record["OBS_STATUS"]),
        "note": learningcity_note(record),
        "breakdown": learningcity_breakdown(record),
        "reserved": record["OBS_STATUS"] not in ("A", "B"),
        **more,
    }


def tooltip(*, breakdown: bool = False) -> list[Spec]:
    """Return what hovering over a datum of `point` shows."""
    named = [("place", tk._("Place")), ("period", tk._("Period")), ("text", tk._("Value"))]
    if breakdown:
        named.append(("breakdown", tk._("Breakdown")))
    named += [("status", tk._("Status")), ("note", tk._("Note"))]
    return [{"field": field, "type": "nominal", "title": title} for field, title in named]


def number_axis(indicator: Entry, **more: Any) -> Spec:
    """Return an axis of values: grades by name, large numbers in millions."""
    if is_graded(indicator):
        names = {str(int(value)): learningcity_text(e["name"]) for value, e in grades().items()}
        chosen = " : ".join(f"datum.value == {key} ? '{name}'" for key, name in names.items())
        return {"title": None, "values": list(grades()), "labelExpr": f"{chosen} : ''", **more}
    million = tk._("million").replace("'", "")
    whole = f"format(datum.value / {MILLION}, ',~r') + ' {million}'"
    expression = f"abs(datum.value) >= {MILLION} ? {whole} : format(datum.value, ',~f')"
    return {"title": None, "tickCount": 5, "labelExpr": expression, **more}


def spread_scale(indicator: Entry, values: Sequence[float]) -> Spec:
    """Return a scale around the values: for points and lines, which need no zero.

    It has room at both ends, shows every grade, and does not go where no value can be.
    """
    if is_graded(indicator):
        return {"domain": [min(grades()), max(grades())], "nice": False, "zero": False}
    low, high = min(values, default=0), max(values, default=1)
    room = (high - low) * 0.08 or max(abs(low) * 0.05, 1.0)
    bottom = max(low - room, 0) if low >= 0 else low - room
    limit = indicator.get("maximum")
    top = min(high + room, limit) if limit is not None and limit > high else high + room
    return {"domain": [bottom, top], "nice": False, "zero": False}


def bar_scale(indicator: Entry, values: Sequence[float], room: int, width: int) -> Spec:
    """Return a scale that begins at zero, with `room` pixels for a text beyond the bars."""
    low, high = min(0, *values), max(0, *values)
    if is_graded(indicator):
        low, high = min(grades()), max(grades())
    left = room if low < 0 else 0
    right = max(width - (room if high > 0 else 0), width // 2)
    domain = [low, high if high > low else low + 1]
    return {"domain": domain, "range": [left, right], "nice": False}


def axis_room(indicator: Entry, values: Sequence[float]) -> int:
    """Return the pixels that the labels of `number_axis` take beside a drawing."""
    if is_graded(indicator):
        longest = max(width(learningcity_text(entry["name"])) for entry in grades().values())
    else:
        ends = (min(values, default=0), max(values, default=0))
        numbers = [
            f"{end / MILLION:,.1f} million" if abs(end) >= MILLION else f"{end:,.0f}"
            for end in ends
        ]
        longest = max(4, *map(len, numbers))
    return longest * 7 + 14


def time_axis(times: Sequence[float], width: int) -> Spec:
    """Return an axis in whole Gregorian years, labelled in the reader's era.

    An SVG is shown in whatever font the reader has, so a label gets 60 pixels of `width`.
    """
    first, last = min(times), max(times)
    offset = int(learningcity_year("2000")) - 2000
    return {
        "field": "time",
        "type": "quantitative",
        "scale": {"domain": [first - 0.3, last + 0.3], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "tickMinStep": 1,
            "tickCount": max(width // 60, 2),
            "grid": False,
            "labelExpr": f"format(datum.value + {offset}, 'd')",
        },
    }


def position(period: str) -> float:
    """Return where a period stands on an axis of years: 2024 → 2024.0, 2024-Q3 → 2024.5."""
    year, part = int(period[:4]), period[5:]
    if not part:
        return float(year)
    if part.startswith("Q"):
        return year + (int(part[1:]) - 1) / 4
    if part.startswith("S"):
        return year + (int(part[1:]) - 1) / 2
    return year + (int(part[:2]) - 1) / 12


def classes(values: Sequence[float], indicator: Entry) -> list[tuple[float, float]]:
    """Return up to five ranges `(lowest, highest)` with about as many values each, the low first.

    Equal values are never in two ranges, so there are no more ranges than different values.
    """
    rounded = sorted(round(value, indicator["decimals"]) for value in values)
    if not rounded:
        return []
    if is_graded(indicator):
        return [(value, value) for value in sorted(grades())]
    most = min(len(RAMP), len(set(rounded)))
    ranges: list[tuple[float, float]] = []
    start = 0
    for step in range(1, most + 1):
        end = max(len(rounded) * step // most, start + 1)
        while end < len(rounded) and rounded[end] == rounded[end - 1]:
            end += 1
        if start < len(rounded):
            ranges.append((rounded[start], rounded[min(end, len(rounded)) - 1]))
        start = end
    return ranges


def class_of(value: float, ranges: Sequence[tuple[float, float]], indicator: Entry) -> int:
    """Return the number of the range that a value falls into."""
    rounded = round(value, indicator["decimals"])
    return next(number for number, (_, high) in enumerate(ranges) if rounded <= high)


def class_text(limits: tuple[float, float], indicator: Entry) -> str:
    """Return a range in words: `88.8–90.1`, or the name of a grade."""
    if is_graded(indicator):
        return learningcity_text(grades()[limits[0]]["name"])
    low, high = (learningcity_number(limit, indicator["decimals"]) for limit in limits)
    return low if low == high else f"{low} – {high}"


def ramp(count: int) -> list[str]:
    """Return `count` colours from low to high, as far apart as the ramp allows."""
    if count == 1:
        return [RAMP[2]]
    return [RAMP[round(number * (len(RAMP) - 1) / (count - 1))] for number in range(count)]
