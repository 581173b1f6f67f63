"""What the title of a table or the name of its sheet says for every row."""

from __future__ import annotations

from functools import cache

from .. import codelists, spellings


def said_above(text: str, name: str) -> str | None:
    """Return the indicator, place or year (`name` is the SDMX name) that a title names, if one."""
    if name == "INDICATOR":
        found = spellings.longest_in(text, _indicator_names())
        return spellings.indicators()[found] if found else None
    if name == "REF_AREA":
        found = spellings.longest_in(text, _place_names())
        return codelists.area_names()[found][0] if found else None
    return spellings.year_in(text)


@cache
def _indicator_names() -> tuple[str, ...]:
    """Return names that are no everyday word inside another sentence."""
    return tuple(name for name in spellings.indicators() if len(name) > 4)


@cache
def _place_names() -> tuple[str, ...]:
    """Return the names of one place that carry the word of its level: จังหวัดตาก, but not ตาก."""
    words = [
        codelists.fold(word)
        for level in codelists.area_levels().values()
        for word in (*level["prefixes"], *level["suffixes"])
    ]
    return tuple(
        name
        for name, ids in codelists.area_names().items()
        if len(ids) == 1
        and any(
            (name != word and name.startswith(word)) or name.endswith(f" {word}") for word in words
        )
    )
