"""Charts of several indicators: side by side, or two against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .charts import multiples_chart
from .figures import Choice
from .frame import Chart
from .kinds import across
from .scatter import scatter_chart
from .trend import load_trend

MOST_INDICATORS = 6

Maker = Callable[[Sequence[str], Choice, str], Chart]


def multiples(indicators: Sequence[str], choice: Choice, size: str) -> Chart:
    """Return one small line chart for each indicator, of the places of `choice.areas`."""
    wanted = replace(choice, level="")  # the country may stand beside a city
    trends = [load_trend(one, choice.areas, choice=wanted) for one in indicators]
    return multiples_chart(trends, size)


def scatter(indicators: Sequence[str], choice: Choice, size: str) -> Chart:
    """Return the first indicator against the second, a point for each place of a level."""
    first, second = indicators[0], indicators[min(1, len(indicators) - 1)]
    return scatter_chart(across(first, choice), across(second, choice), size, choice.areas)


KINDS: Mapping[str, Maker] = {"multiples": multiples, "scatter": scatter}
