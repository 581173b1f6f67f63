"""What a scorecard says of one indicator of one place.

Everything follows from the observations and from rules with a year, never from today's date: asked
as of an earlier moment, the same figures come out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .normalise import ranks

Record = Mapping[str, Any]

#: A break in the series: what stands before it cannot be compared with what comes after.
BREAK = "B"
TREND_PERIODS = 5


@dataclass(frozen=True)
class Target:
    """A value to reach by a year, and where the target was set."""

    value: float
    year: int
    source: str


@dataclass(frozen=True)
class Rules:
    """How a round judges: `year` is its year, `fresh_years` how old a fresh value may be.

    `steady` is the change, as a share of the earlier value, under which a trend is none.
    """

    year: int
    fresh_years: int = 3
    steady: float = 0.01


def known(series: Sequence[Record], year: int) -> list[Record]:
    """Return the observations with a value up to the end of `year`."""
    return [
        record
        for record in series
        if record["OBS_VALUE"] is not None and record["PERIOD_START"][:4] <= str(year)
    ]


def judged(
    indicator: Mapping[str, Any],
    series: Sequence[Record],
    rules: Rules,
    target: Target | None = None,
) -> dict[str, Any]:
    """Return how a place stands with one indicator.

    :returns: `reported`, `value`, `record`, `fresh` (None where nothing is reported), `age` in
        years, `trend` (`better`, `worse`, `steady`, `up`, `down` where no direction is good, or
        None), `since` (the record that the trend begins at) and `target`: `value`, `year`,
        `source`, `gap` (what is still missing, 0 where reached) and `reached`
    """
    held = known(series, rules.year)
    if not held:
        return {
            "reported": False,
            "value": None,
            "record": None,
            "fresh": None,
            "age": None,
            "trend": None,
            "since": None,
            "target": _target(indicator, None, target),
        }
    newest = held[-1]
    age = rules.year - int(newest["PERIOD_END"][:4])
    trend, since = _trend(indicator, held, rules)
    return {
        "reported": True,
        "value": newest["OBS_VALUE"],
        "record": newest,
        "fresh": age <= rules.fresh_years,
        "age": max(age, 0),
        "trend": trend,
        "since": since,
        "target": _target(indicator, newest["OBS_VALUE"], target),
    }


def position(
    values: Mapping[str, float | None], place: str, direction: str
) -> dict[str, Any] | None:
    """Return where `place` stands among `values`: `rank`, `of` and the peers' `median`.

    None where the place has no value, no direction is good, or nobody is there to compare with.
    """
    sign = -1.0 if direction == "down" else 1.0
    held = {name: sign * value for name, value in values.items() if value is not None}
    if place not in held or len(held) < 2 or direction not in ("up", "down"):
        return None
    ordered = sorted(sign * value for value in held.values())
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return {"rank": ranks(held)[place], "of": len(held), "median": median}


def _trend(
    indicator: Mapping[str, Any], held: Sequence[Record], rules: Rules
) -> tuple[str | None, Record | None]:
    """Compare the newest value with the earliest of the last comparable ones."""
    newest = held[-1]
    alike = []
    for record in reversed(held):
        if record["PERIOD_TYPE"] != newest["PERIOD_TYPE"]:
            break
        alike.append(record)
        if record["OBS_STATUS"] == BREAK or len(alike) == TREND_PERIODS:
            break
    if len(alike) < 2:
        return None, None
    since = alike[-1]
    change = newest["OBS_VALUE"] - since["OBS_VALUE"]
    if abs(change) <= rules.steady * abs(since["OBS_VALUE"]):
        return "steady", since
    rising = change > 0
    if indicator["direction"] not in ("up", "down"):
        return ("up" if rising else "down"), since
    return ("better" if rising == (indicator["direction"] == "up") else "worse"), since


def _target(
    indicator: Mapping[str, Any], value: float | None, target: Target | None
) -> dict[str, Any] | None:
    if target is None:
        return None
    told: dict[str, Any] = {"value": target.value, "year": target.year, "source": target.source}
    if value is None:
        return {**told, "gap": None, "reached": None}
    missing = value - target.value if indicator["direction"] == "down" else target.value - value
    return {**told, "gap": max(missing, 0.0), "reached": missing <= 0}
