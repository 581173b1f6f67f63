"""One series for each indicator and place, where several datasets hold one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import DIMENSIONS, TOTAL
from ckanext.learningcity.tables.worth import worth

from . import query
from .records import records

Record = dict[str, Any]

_TOTALS = dict.fromkeys(DIMENSIONS, (TOTAL,))
_WHOLE = 1_000_000


def totals(
    connection: sa.Connection,
    areas: Sequence[str],
    labels: Sequence[str] | None,
    indicators: Sequence[str] = (),
    as_of: datetime | None = None,
) -> dict[str, dict[str, list[Record]]]:
    """Return by place and indicator its series of totals, in the order of the code list.

    Where several datasets hold a series, that of most `worth` stands for it. One without any value
    is left out.

    :param indicators: none for all
    :param labels: the reader's permission labels, None for one who may read everything
    """
    wanted = query.Slice(
        areas=areas, indicators=indicators, dimensions=_TOTALS, labels=labels, as_of=as_of
    )
    found: dict[str, dict[str, list[Record]]] = {area: {} for area in areas}
    for row in query.search(connection, wanted, _WHOLE).rows:
        one, held = records([row]), found[row["ref_area"]]
        best = held.get(row["indicator"])
        if known(one) and (best is None or worth(one) > worth(best)):
            held[row["indicator"]] = one
    return {
        area: {code: held[code] for code in codelists.indicators() if code in held}
        for area, held in found.items()
    }


def known(found: Sequence[Record]) -> list[Record]:
    """Return the records that have a value; the others say by their status why they have none."""
    return [record for record in found if record["OBS_VALUE"] is not None]
