"""What a column is, told by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .. import codelists, spellings
from ..layout import ROW, Grid
from .headings import is_number

_SAMPLE_ROWS = 500

#: So much of a column must be known for it to be taken for a name.
_ENOUGH = 0.6


def guessed_name(grid: Grid, last: int, letter: str, names: Iterable[str]) -> str | None:
    """Return which of the SDMX `names` the texts of a column below row `last` are, if any.

    Years are numbers too, so that they are tried before values.
    """
    texts = sample(grid, last, letter)
    for name in ("INDICATOR", "REF_AREA", "TIME_PERIOD", *codelists.breakdowns(), "OBS_VALUE"):
        if name in names and _share(texts, name) >= _ENOUGH:
            return name
    return None


def share_known(grid: Grid, last: int, letter: str, name: str) -> float:
    """Return how much, from 0 to 1, of the texts of a column below row `last` can be `name`."""
    return _share(sample(grid, last, letter), name)


def _share(texts: list[str], name: str) -> float:
    known = _known(name)
    if not texts or known is None or (name == "OBS_VALUE" and _counts_up(texts)):
        return 0.0
    return sum(map(known, texts)) / len(texts)


def sample(grid: Grid, last: int, letter: str) -> list[str]:
    """Return the first texts of a column below row `last`."""
    # The column alone: a table of thousands of them would be filtered whole for each.
    column = grid.cells[letter].filter(grid.cells[ROW] > last)
    return column.drop_nulls().head(_SAMPLE_ROWS).to_list()


def _known(name: str) -> Callable[[str], bool] | None:
    words: dict[str, Mapping[str, object]] = {
        "INDICATOR": spellings.indicators(),
        "UNIT_MEASURE": spellings.units(),
    }
    if name in words:
        return lambda text: spellings.first_of(text, words[name]) is not None
    if name in codelists.breakdowns():
        return lambda text: name in (spellings.first_of(text, spellings.codes()) or {})
    tests: dict[str, Callable[[str], bool]] = {
        "REF_AREA": spellings.is_place,
        "TIME_PERIOD": spellings.is_period,
        "OBS_VALUE": is_number,
    }
    return tests.get(name)


def _counts_up(texts: list[str]) -> bool:
    """Return whether the texts number the rows: 1, 2, 3, …"""
    return len(texts) > 2 and texts == [str(at) for at in range(1, len(texts) + 1)]
