"""Who may call which action, a module for each thing it is about.

Reading is free: what a caller may not see is left out in the SQL.
"""

from __future__ import annotations

from ckanext.learningcity.logic.gather import functions

from . import (
    adoptions,
    awards,
    content,
    evaluations,
    forum,
    kept,
    problems,
    reading,
    releasing,
    signups,
    submissions,
    view_defaults,
)

AUTH_FUNCTIONS = {
    **reading.PUBLIC,
    **functions(
        adoptions,
        awards,
        content,
        evaluations,
        forum,
        kept,
        problems,
        reading,
        releasing,
        signups,
        submissions,
        view_defaults,
    ),
}
