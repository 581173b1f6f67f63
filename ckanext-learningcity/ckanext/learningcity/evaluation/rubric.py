"""Grades that people give: the city's own, a second reader's, and who decides where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Who gives a grade: the city, somebody of another organization, or the secretariat.
OWN, SECOND, DECISION = ROLES = ("own", "second", "decision")

Reading = Mapping[str, Any]


def standing(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return what the grades of one place and indicator come to.

    :param readings: from the earliest, each with `role`, `grade` and `reader`; a new grade of the
        city's begins anew, because the second reader has not seen it
    :returns: `state` (`none`, `waiting` for a second reader, `differs`, `agreed`, `decided`) and
        `grade`, which is None until it is agreed or decided
    """
    own: Reading | None = None
    second: Reading | None = None
    decision: Reading | None = None
    for reading in readings:
        if reading["role"] == OWN:
            own, second, decision = reading, None, None
        elif reading["role"] == SECOND:
            second = reading
        else:
            decision = reading
    if own is None:
        return {"state": "none", "grade": None}
    if decision is not None:
        return {"state": "decided", "grade": decision["grade"]}
    if second is None:
        return {"state": "waiting", "grade": None}
    if second["grade"] == own["grade"]:
        return {"state": "agreed", "grade": own["grade"]}
    return {"state": "differs", "grade": None}
