"""One place for each row, where one or several columns say it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .. import codelists, spellings
from ..codelists import fold

_UNKNOWN_RANK = -1


def joined(rows: pl.DataFrame, letters: Sequence[str], headings: Sequence[str]) -> pl.DataFrame:
    """Return `rows` with the columns `letters` made one, `REF_AREA`; each distinct row once.

    A bare name below a heading such as `เทศบาล` is a place of that level, the most exact place of a
    row wins, and names help each other: `เมือง` beside `พะเยา` is `เมืองพะเยา`.
    """
    levels = [spellings.first_of(heading, spellings.place_headings()) for heading in headings]
    if len(letters) == 1 and levels[0] is None:
        return rows.rename({letters[0]: "REF_AREA"})
    distinct = rows.select(letters).unique()
    places = [_place(texts, levels) for texts in distinct.iter_rows()]
    known = distinct.with_columns(pl.Series("REF_AREA", places, dtype=pl.String))
    return rows.join(
        known, on=list(letters), how="left", nulls_equal=True, maintain_order="left"
    ).drop(letters)


def _place(texts: tuple[str | None, ...], levels: list[str | None]) -> str | None:
    """Return the text that names the most exact of the places in `texts`."""
    given = [(text, level) for text, level in zip(texts, levels, strict=True) if text]
    if not given:
        return None
    found = [
        _named(text, level, [other for other, _ in given if other != text]) for text, level in given
    ]
    ranks = [_rank(text) for text in found]
    best = max(range(len(found)), key=lambda at: (ranks[at], at))
    # A name that is not known must not hide behind the known one of the place around it.
    unknown = [text for text, rank in zip(found, ranks, strict=True) if rank == _UNKNOWN_RANK]
    return unknown[-1] if unknown else found[best]


def _named(text: str, level: str | None, others: list[str]) -> str:
    """Return the spelling of `text` that names a place of `level`, or `text` itself."""
    if level is None or _is_of(text, level):
        return text
    prefixes = codelists.area_levels()[level]["prefixes"]
    for spelling in (
        *(prefix + text for prefix in prefixes),
        *(text + other for other in others),
        *(prefix + text + other for prefix in prefixes for other in others),
    ):
        if _is_of(spelling, level):
            return spelling
    return text


def _is_of(text: str, level: str) -> bool:
    return any(codelists.areas()[place]["level"] == level for place in _ids(text))


def _rank(text: str) -> int:
    """Return how exact the place is that `text` names: the larger, the smaller the place."""
    order = list(codelists.area_levels())
    ranks = [order.index(codelists.areas()[place]["level"]) for place in _ids(text)]
    return max(ranks, default=_UNKNOWN_RANK)


def _ids(text: str) -> tuple[str, ...]:
    if text.upper() in codelists.areas():
        return (text.upper(),)
    return codelists.area_names().get(fold(text), ())
