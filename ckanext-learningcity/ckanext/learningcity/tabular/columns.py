"""Short ASCII ids of a table's columns; the heading as written is their label."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, count

#: What PostgreSQL's own columns and the DataStore's answers are called.
_TAKEN = frozenset({"ctid", "cmax", "cmin", "oid", "rank", "tableoid", "xmax", "xmin"})
_LONGEST = 40
_HIGH = re.compile(r"[^\x00-\x7f]")


def ids(headings: Sequence[str], known: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Return an id for each heading, each of them once.

    An English heading gives its words (`population_2023`), another its place (`c03`).

    :param known: headings and ids of the table's last state: a heading keeps its id wherever it
        has moved to, so that programs which read the table go on working
    """
    kept: dict[str, list[str]] = {}
    for heading, name in known:
        kept.setdefault(heading, []).append(name)
    found = [kept[heading].pop(0) if kept.get(heading) else None for heading in headings]
    used = {name for name in found if name} | {name for names in kept.values() for name in names}
    result = []
    for position, (heading, name) in enumerate(zip(headings, found, strict=True), start=1):
        own = name or _free(_slug(heading), position, used)
        used.add(own)
        result.append(own)
    return result


def _slug(heading: str) -> str:
    """Return an English heading as an id, empty if it is in another script or has no letters."""
    plain = unicodedata.normalize("NFKC", heading).strip().lower()
    if _HIGH.search(plain):
        return ""
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_")
    if not slug or slug in _TAKEN:
        return f"c_{slug}" if slug else ""
    return f"c_{slug}" if slug[0].isdigit() else slug


def _free(slug: str, position: int, used: set[str]) -> str:
    """Return the slug, with a number behind it if it has been used, or the next free place."""
    if slug:
        names = chain([slug], (f"{slug}_{number}" for number in count(2)))
    else:
        names = (f"c{number:02}" for number in count(position))
    return next(name for name in names if name not in used)
