"""Words of the pages of evaluations, as template helpers."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def learningcity_evaluation_event(kind: str) -> str:
    """Return what a line of an evaluation's history says."""
    return {
        "created": tk._("prepared"),
        "updated": tk._("changed"),
        "open": tk._("opened"),
        "close": tk._("closed"),
        "reopen": tk._("opened again"),
        "publish": tk._("published"),
    }[kind]


def learningcity_rank(rank: float) -> str:
    """Return a rank; places that share one have the mean of theirs, as 2.5."""
    return tk.h.learningcity_number(rank, 0 if float(rank).is_integer() else 1)
