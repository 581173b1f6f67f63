"""The words by which the DataStore finds a row: Thai, which has no spaces, is cut into them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import polars as pl

from ckanext.learningcity.search import thai

_RUN = re.compile(f"[{thai.LETTERS}]+")
_LONGEST = 10_000  # letters of a cell that are looked at; PostgreSQL keeps a megabyte a row
_LONGEST_ROW = 100_000
_CACHED = 50_000  # runs of Thai letters: names of places and offices come again and again


def of_rows(table: pl.DataFrame) -> pl.Series:
    """Return the text of each row, with the words that its Thai is made of behind it.

    PostgreSQL takes what stands between two spaces for one word. So that a search finds ประชาชน
    and ห้องสมุดประชาชน in “ห้องสมุดประชาชนจังหวัดพะเยา”, the words, the words inside them, and
    every two neighbours are written once more, apart.
    """
    if not table.width:
        return pl.Series([""] * table.height, dtype=pl.String)
    cells = [_spelled(table[name]) for name in table.columns]
    joined = pl.DataFrame(cells).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True))
    return joined.to_series().str.slice(0, _LONGEST_ROW)


def _spelled(values: pl.Series) -> pl.Series:
    text = values.cast(pl.String)
    with_thai = text.unique().drop_nulls()
    with_thai = with_thai.filter(with_thai.str.contains(f"[{thai.LETTERS}]"))
    if with_thai.is_empty():
        return text
    return text.replace(with_thai, pl.Series([_words(cell) for cell in with_thai]))


def _words(cell: str) -> str:
    found = [cell]
    for run in _RUN.findall(thai.normalise(cell[:_LONGEST])):
        found += _inside(run)
    return " ".join(dict.fromkeys(found))


@lru_cache(maxsize=_CACHED)
def _inside(run: str) -> tuple[str, ...]:
    words = thai.words(run)
    parts = (part for word in words for part in thai.parts(word))
    return (*words, *parts, *(first + second for first, second in pairwise(words)))
