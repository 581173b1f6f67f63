"""What went wrong with a record, in the few words that stand in a row of `record`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.harvesters.base import Harvested
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.tables.report import Issue

#: Different failures of one dataset that are kept; their counts are those of all rows.
KEPT = 50

Error = dict[str, str]


def of_source(error: SourceError) -> Error:
    """Return what the source did wrong."""
    return {"code": error.code, "detail": str(error)}


def of_fault(error: Exception) -> Error:
    """Return that the adapter itself failed."""
    return {"code": "source_error", "detail": repr(error)}


def of_rules(error: tk.ValidationError) -> Error:
    """Return what the portal's own rules refused."""
    faults = {name: texts for name, texts in error.error_dict.items() if name != "issues"}
    return {"code": "invalid", "detail": json.dumps(faults, ensure_ascii=False, default=str)}


def of_size(before: int, after: int) -> Error:
    """Return that a dataset has lost most of its observations."""
    return {"code": "shrunk", "detail": f"{before} → {after}"}


def of_mapping(harvested: Harvested) -> list[dict[str, Any]]:
    """Return what could not be mapped: each code and value once, with the number of its rows.

    `{code, column, found, expected, rows}`; `expected` is a text or `{en, th}`.
    """
    rows: Counter[tuple[str, str | None, str | None]] = Counter()
    first: dict[tuple[str, str | None, str | None], Issue] = {}
    for issue in harvested.problems.issues:
        if issue.severity == "error":
            key = (issue.code, issue.column, issue.found)
            rows[key] += 1
            first.setdefault(key, issue)
    return [
        {
            "code": code,
            "column": column,
            "found": found,
            "expected": first[code, column, found].expected,
            "rows": number,
        }
        for (code, column, found), number in rows.most_common(KEPT)
    ]


def message(error: Error) -> str:
    """Return an error as ckanext-harvest shows it."""
    return f"{error['code']}: {error['detail']}"
