"""Which series stands for a place where several datasets hold one of the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def worth(records: Sequence[Mapping[str, Any]]) -> tuple[str, int, str]:
    """Return what series are compared by: their latest value, how many they have, their dataset.

    Pages, pictures and scorecards choose by this alone, or they would show different numbers.

    :param records: observations of one dataset, place and kind of year
    """
    known = [record["PERIOD_END"] for record in records if record["OBS_VALUE"] is not None]
    return max(known, default=""), len(known), records[0]["DATASET"]
