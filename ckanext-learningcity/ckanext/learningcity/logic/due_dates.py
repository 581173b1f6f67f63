"""When datasets become due, in the search index: so that lists by freshness need not read them all.

The days are fixed until a dataset changes; only what they mean today moves on.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import ckan.plugins as p

from ckanext.learningcity.quality import freshness

DUE, OVERDUE = "learningcity_due_date", "learningcity_overdue_date"

# Every dataset has both days, because search engines differ in where they sort a missing one.
_FINAL, _UNKNOWN = date(9999, 12, 30), date(9999, 12, 31)


class DueDates(p.SingletonPlugin):
    """Gives the search document of a dataset the days on which it becomes due and overdue."""

    p.implements(p.IPackageController, inherit=True)

    def before_dataset_index(self, document: dict[str, Any]) -> dict[str, Any]:
        """Add the two days to datasets of a type that promises updates."""
        document = super().before_dataset_index(document)  # pyright: ignore[reportAttributeAccessIssue]
        dataset = json.loads(document["validated_data_dict"])
        return {**document, **_days(dataset)} if "update_frequency_unit" in dataset else document


def state_filter(state: str, today: date) -> str:
    """Return the search filter for datasets whose freshness is `state` on the day `today`."""
    now = _moment(today)
    return {
        "overdue": f"{OVERDUE}:[* TO {now}]",
        "due": f"+{DUE}:[* TO {now}] +{OVERDUE}:{{{now} TO *]",
        "current": f"{DUE}:{{{now} TO {_moment(_FINAL)}]",
        "unknown": f"{DUE}:[{_moment(_UNKNOWN)} TO *]",
    }[state]


def _days(dataset: dict[str, Any]) -> dict[str, str]:
    age = freshness.of(dataset)
    instead = _FINAL if age.final else _UNKNOWN
    return {DUE: _moment(age.due or instead), OVERDUE: _moment(age.overdue or instead)}


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
