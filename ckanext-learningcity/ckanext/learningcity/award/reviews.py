"""Reviews: weighted scores, how far reviewers are apart, and the order that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import review

Row = dict[str, Any]

ASSIGNED, SUBMITTED, CONFLICT, RELEASED = "assigned", "submitted", "conflict", "released"

SCORE_MAX = 10


def get(review_id: str) -> Row | None:
    """Return a review; None where there is none."""
    found = model.Session.execute(sa.select(review).where(review.c.id == review_id))
    row = found.mappings().first()
    return dict(row) if row else None


def search(**wanted: Any) -> list[Row]:
    """Return reviews with these values of columns, in the order of their assignment."""
    conditions = [review.c[name] == value for name, value in wanted.items()]
    rows = sa.select(review).where(*conditions).order_by(review.c.assigned, review.c.id)
    return [dict(row) for row in model.Session.execute(rows).mappings()]


def weighted(scores: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the weighted mean of a reviewer's scores, 0 to 10.

    :param scores: one for each criterion in `weights`
    """
    return sum(scores[name] * weight for name, weight in weights.items()) / sum(weights.values())


def summary(
    rows: Iterable[Mapping[str, Any]], turn: int, weights: Mapping[str, float]
) -> dict[str, Any]:
    """Return what the handed in reviews of a turn say together.

    :returns: `mean` and `spread` (largest difference between two reviewers), both None where
        nobody has handed in; `submitted` and `waiting`: how many reviews
    """
    counted = [row for row in rows if row["turn"] == turn]
    totals = [weighted(row["scores"], weights) for row in counted if row["state"] == SUBMITTED]
    return {
        "mean": fmean(totals) if totals else None,
        "spread": max(totals) - min(totals) if totals else None,
        "submitted": len(totals),
        "waiting": sum(row["state"] == ASSIGNED for row in counted),
    }


def ranked(entries: Sequence[Row]) -> list[Row]:
    """Return entries with a `rank` by their `mean`: equal means share one, no mean has none."""
    means = [entry["mean"] for entry in entries if entry["mean"] is not None]
    placed = [
        {
            **entry,
            "rank": None if entry["mean"] is None else 1 + sum(m > entry["mean"] for m in means),
        }
        for entry in entries
    ]
    return sorted(placed, key=lambda entry: (entry["rank"] is None, entry["rank"] or 0))
