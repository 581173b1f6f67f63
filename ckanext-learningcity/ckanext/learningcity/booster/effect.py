"""What an indicator of a city was before an adoption and is since: two published values.

That one follows the other says nothing about why; the page says so, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Record = Mapping[str, Any]


def before_and_after(
    records: Iterable[Record], started: date | None
) -> tuple[Record | None, Record | None]:
    """Return the last value of the time before `started`, and the newest of the time after.

    A period in which the adoption began belongs to neither. Values of different kinds of year are
    not compared: the kind of the newest value is taken.

    :param records: observations of one indicator and place, totals only
    """
    known = sorted(
        (record for record in records if record["OBS_VALUE"] is not None),
        key=lambda record: record["PERIOD_END"],
    )
    if not known or started is None:
        return None, None
    kind = known[-1]["PERIOD_TYPE"]
    same = [record for record in known if record["PERIOD_TYPE"] == kind]
    before = [record for record in same if date.fromisoformat(record["PERIOD_END"]) < started]
    after = [record for record in same if date.fromisoformat(record["PERIOD_START"]) >= started]
    return before[-1] if before else None, after[-1] if after else None
