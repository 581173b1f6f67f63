"""``ext_bbox``: the filter that ckanext-spatial's default backend (``solr-bbox``) sends.

It asks Solr to compute, with function queries over ``minx`` … ``maxy``, how much two boxes overlap:
``{!frange incl=false l=0 u=1}div(mul(mul(max(0,sub(min(101.0,maxx),max(99.0,minx))), …``. The four
numbers are read back from that text, and PostgreSQL's boxes do the rest. Unlike Solr's formula,
which needs an overlap with an area, boxes that touch count: a place given as a point is found.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from ckan.lib.search.common import SearchQueryError

from .model import Box, document

_MOST_DEGREES = 720
_NUMBER = r"(-?[\d.]+(?:e[+-]?\d+)?)"
_OVERLAP = re.compile(
    rf"min\({_NUMBER},maxx\),max\({_NUMBER},minx\).*min\({_NUMBER},maxy\),max\({_NUMBER},miny\)"
)


def check(bbox: Any) -> None:
    """Refuse a box with a number that is no longitude or latitude, however often wrapped.

    What is no box at all ("1,2,3") is left to ckanext-spatial's own answer.

    :raises SearchQueryError: says what is accepted
    """
    for part in bbox.split(",") if isinstance(bbox, str) else bbox or ():
        try:
            degrees = float(part)
        except (TypeError, ValueError):
            continue
        if not abs(degrees) <= _MOST_DEGREES:
            raise SearchQueryError(f"ext_bbox: {part} is not a longitude or latitude in degrees")


def box(function: str) -> str | None:
    """The box inside an overlap function, in PostgreSQL's notation; ``None`` if it is another."""
    match = _OVERLAP.search(function)
    if match is None:
        return None
    maxx, minx, maxy, miny = match.groups()
    return f"(({minx},{miny}),({maxx},{maxy}))"


def overlaps(asked: str) -> sa.ColumnElement[bool]:
    """The dataset's extent meets the box."""
    return document.c.extent.op("&&", is_comparison=True)(sa.cast(asked, Box))


def overlap(asked: str) -> sa.ColumnElement[float]:
    """How well extent and box cover each other, 0 to 1, for ranking."""
    given = sa.cast(asked, Box)
    common = sa.func.area(document.c.extent.op("#")(given))
    both = sa.func.area(document.c.extent) + sa.func.area(given)
    return sa.func.coalesce(2 * common / sa.func.nullif(both, 0), 0, type_=sa.Float)
