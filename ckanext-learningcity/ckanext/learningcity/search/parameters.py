"""Solr's request parameters, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan.lib.search.common import SearchQueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SORT_FIELD = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
_MM = re.compile(r"(?:(?P<above>\d+)<)?(?P<value>-?\d+)(?P<percent>%?)")


@dataclass(frozen=True)
class Sort:
    """One key of the order."""

    field: str
    descending: bool


@dataclass(frozen=True)
class Page:
    """Which of the hits to return, and what of them (``None``: every stored field)."""

    start: int
    rows: int
    sort: list[Sort]
    fields: list[str] | None

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Page:
        """Read ``start``, ``rows``, ``sort`` and ``fl``; :raises SearchQueryError:"""
        return cls(
            start=max(0, whole(asked, "start", 0)),
            rows=max(0, whole(asked, "rows", 10)),
            sort=sort(asked.get("sort")),
            fields=returned(asked.get("fl")),
        )


def whole(parameters: Mapping[str, Any], name: str, default: int) -> int:
    """A parameter that is a whole number; :raises SearchQueryError: if it is not."""
    value = parameters.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise SearchQueryError(f"{name} must be a whole number, not {value!r}") from None


def listed(value: Any) -> list[str]:
    """A parameter that may be missing, one text or several."""
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


def sort(text: str | None) -> list[Sort]:
    """``"score desc, name asc"``; :raises SearchQueryError: as core does for Solr's refusal."""
    keys: list[Sort] = []
    for part in (text or "").split(","):
        words = part.split()
        if not words:
            continue
        valid = len(words) == 2 and words[1].lower() in ("asc", "desc")
        if not valid or not _SORT_FIELD.fullmatch(words[0]):
            raise SearchQueryError(f'Invalid "sort" parameter: {part.strip()!r}')
        keys.append(Sort(words[0], words[1].lower() == "desc"))
    return keys


def returned(text: str | None) -> list[str] | None:
    """``fl``: names separated by spaces or commas; ``None`` stands for every stored field."""
    names = re.split(r"[\s,]+", (text or "").strip())
    return None if "*" in names or names == [""] else names


def minimum_match(text: str, clauses: int) -> int:
    """How many of so many clauses must match, by Solr's ``mm`` (``2<-1 5<80%``)."""
    wanted = clauses
    for part in text.replace("< ", "<").split():
        match = _MM.fullmatch(part)
        if match is None:
            raise SearchQueryError(f"mm is not understood: {text!r}")
        if match["above"] is None or clauses > int(match["above"]):
            value = int(match["value"])
            count = int(clauses * value / 100) if match["percent"] else value
            wanted = clauses + count if value < 0 else count
    return max(1, min(clauses, wanted)) if clauses else 0


def fields_searched(qf: str) -> list[str]:
    """The names in ``qf`` (``"name^4 title^4 text"``); weights are the index's own."""
    return [name.split("^")[0] for name in qf.split()]
