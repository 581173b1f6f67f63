"""Where the headings of a table stand, and what the heading of each column says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from .. import spellings
from ..layout import ROW, Grid

#: Headings stand within the first rows, below titles.
_WITHIN_ROWS = 60

_KEYS = ("INDICATOR", "REF_AREA", "TIME_PERIOD")

#: A longer text over a column is a sentence that happens to name a year.
_LONGEST = 80

_NUMBER = re.compile(r"[-+−]?(?:\d[\d,]*)?\.?\d+\s*%?")
_NUMBERED = re.compile(r"\(?\d{1,2}\)?(?:\s*=.*)?|\(.*\)")


@dataclass(frozen=True)
class Heading:
    """The heading rows `first` to `last` and, for each column by letters, its texts from above."""

    first: int
    last: int
    texts: Mapping[str, tuple[str, ...]]

    def text(self, letter: str) -> str:
        """Return the heading of a column as one text."""
        return " ".join(self.texts.get(letter, ()))


def read_heading(grid: Grid, first: int, last: int) -> Heading:
    """Return what the rows `first` to `last` of `grid` say above each column.

    A group's heading that stands only over the first of its columns, as merged cells leave it in a
    file of text, holds for those that follow it.
    """
    rows = grid.cells.filter(pl.col(ROW).is_between(first, last)).drop(ROW)
    lines = [list(row) for row in rows.iter_rows()]
    for line, below in pairwise(lines):
        _spread_groups(line, below)
    texts = {
        letter: tuple(dict.fromkeys(line[at] for line in lines if line[at]))
        for at, letter in enumerate(rows.columns)
    }
    return Heading(first, last, texts)


def find_heading(grid: Grid) -> Heading:
    """Return the heading of the table in `grid`; without one, `first` is `last` + 1."""
    head = grid.cells.head(_WITHIN_ROWS)
    numbers = head[ROW].to_list()
    rows = [[text for text in row if text] for row in head.drop(ROW).iter_rows()]
    full = list(head.drop(ROW).iter_rows())
    scores = [_score(row) for row in rows]
    best = max(range(len(rows)), key=lambda at: (scores[at], -at), default=0)
    if not rows or scores[best] < 2:
        best = _unknown_heading(rows)
        if best is None:
            start = next((at for at, row in enumerate(rows) if len(row) > 1), 0)
            return Heading(start + 1, start, {})
        return read_heading(grid, numbers[best], numbers[best])
    first = last = best
    while last + 1 < len(rows) and _continues(full[last + 1], full[last]):
        last += 1
    while first and _is_above(full[first - 1], full[first]):
        first -= 1
    return read_heading(grid, numbers[first], numbers[last])


def said_by(text: str) -> dict[str, str]:
    """Return what a heading over values says: a period, codes of breakdowns, an indicator, a place.

    `รวม` says `_T` in several breakdowns; all of them are returned and the neighbours decide.
    """
    codes = spellings.first_of(text, spellings.codes())
    if codes:
        return dict(codes)
    year = spellings.year_in(text)
    beside = said_by(spellings.digits(text).replace(year, "")) if year else {}
    if beside:
        return {"TIME_PERIOD": str(year), **beside}
    indicator = spellings.first_of(text, spellings.indicators())
    if indicator:
        return {"INDICATOR": indicator}
    if any(map(spellings.is_period, (text, *spellings.candidates(text)))):
        return {"TIME_PERIOD": text}
    if year and len(text) < _LONGEST:
        return {"TIME_PERIOD": year}
    return {"REF_AREA": text} if spellings.is_place(text) else {}


def is_heading(row: list[str]) -> bool:
    """Return whether the texts of a row below the headings are those of another table."""
    named = sum(spellings.first_of(text, spellings.headings()) is not None for text in row)
    return named > 1 and not any(map(_is_value, row))


def is_number(text: str) -> bool:
    """Return whether a cell holds a number as people write them."""
    return bool(_NUMBER.fullmatch(spellings.digits(text)))


def _score(row: list[str]) -> float:
    """Return how much a row looks like headings."""
    if len(set(row)) < 2:
        return 0
    named = sum(spellings.first_of(text, spellings.headings()) is not None for text in row)
    kinds = Counter(kind for text in row for kind in said_by(text))
    wide = max(kinds.values(), default=0)
    numbers = sum(map(_is_value, row))
    return 2 * named + (wide if wide > 1 or named else 0) - 2 * numbers


def _unknown_heading(rows: list[list[str]]) -> int | None:
    """Return the first row of several texts above one with a number, where no word is known."""
    for at, (row, below) in enumerate(pairwise(rows)):
        words = len(set(row)) > 1 and not any(map(_is_value, row)) and not _is_observation(row)
        if words and any(map(_is_value, below)) and len(below) > 1:
            return at
    return None


def _is_observation(row: list[str]) -> bool:
    """Return whether a row names an indicator, a place or a year together, as data do."""
    return len({kind for text in row for kind in said_by(text)}.intersection(_KEYS)) > 1


def _is_value(text: str) -> bool:
    return is_number(text) and not spellings.is_period(text)


def _continues(row: tuple[str | None, ...], above: tuple[str | None, ...]) -> bool:
    """Return whether `row` is one more row of the heading that ends with `above`."""
    own = [text for text, over in zip(row, above, strict=True) if text and text != over]
    if not own:
        return False
    if all(_NUMBERED.fullmatch(spellings.digits(text)) for text in own) and len(own) > 1:
        return True
    return len(own) > 1 and all(_is_word(text) for text in own)


def _is_above(row: tuple[str | None, ...], below: tuple[str | None, ...]) -> bool:
    """Return whether `row` is an upper row of the heading that begins with `below`."""
    texts = {text for text in row if text}
    if not texts or any(map(_is_value, texts)):
        return False
    if row[0] is None:
        return True
    over = sum(text is not None for text in row) > 1 and len(texts) > 1
    return over and (row[0] == below[0] or _is_word(row[0]))


def _is_word(text: str) -> bool:
    """Return whether a text is known from headings, and not from data."""
    known = (spellings.headings(), spellings.units())
    if any(spellings.first_of(text, words) for words in known):
        return True
    if spellings.is_counter(text) or spellings.is_target(text):
        return True
    return bool(said_by(text)) and not spellings.is_place(text)


def _spread_groups(line: list[str | None], below: list[str | None]) -> None:
    """Repeat the heading of a group over the empty cells that follow it in `line`."""
    for at in range(1, len(line)):
        over = line[at - 1]
        alone = over and spellings.first_of(over, spellings.headings()) in (
            None,
            "TIME_PERIOD",
            "OBS_VALUE",
        )
        if line[at] is None and below[at] and below[at - 1] and alone:
            line[at] = over
