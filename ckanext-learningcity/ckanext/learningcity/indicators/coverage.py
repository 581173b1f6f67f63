"""What the store holds of each indicator and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from ckan.model import group_table, package_table

from .model import release, series
from .series import valid
from .titles import texts
from .visibility import readable

group, package = group_table, package_table


def of_indicators(
    connection: sa.Connection, labels: Sequence[str] | None
) -> dict[str, dict[str, Any]]:
    """Return by indicator: places, first and last period, observations, and places by level."""
    last = series.c.periods[sa.func.cardinality(series.c.periods)]
    counted = (
        sa.select(
            series.c.indicator,
            series.c.area_level,
            sa.func.count(series.c.ref_area.distinct()).label("areas"),
            sa.func.min(series.c.periods[1]).label("start"),
            sa.func.max(last).label("end"),
            sa.func.sum(sa.func.cardinality(series.c.periods)).label("observations"),
        )
        .join(package, package.c.id == series.c.dataset_id)
        .where(valid(None), *readable(labels))
        .group_by(series.c.indicator, series.c.area_level)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(counted):
        entry = found.setdefault(row.indicator, none())
        entry["areas"] += row.areas
        entry["observations"] += int(row.observations)
        entry["levels"][row.area_level] = row.areas
        entry["start"] = min(filter(None, (entry["start"], row.start)))
        entry["end"] = max(filter(None, (entry["end"], row.end)))
    return found


def none() -> dict[str, Any]:
    """Return the coverage of an indicator without observations."""
    return {"areas": 0, "observations": 0, "start": None, "end": None, "levels": {}}


def of_dataset(connection: sa.Connection, dataset_id: str) -> list[tuple[str, str, str]]:
    """Return the indicator, place and breakdown of every series that a dataset has now."""
    held = sa.select(series.c.indicator, series.c.ref_area, series.c.breakdown).distinct()
    held = held.where(series.c.dataset_id == dataset_id, valid(None)).order_by(
        *held.selected_columns
    )
    return [tuple(row) for row in connection.execute(held)]


def datasets(
    connection: sa.Connection,
    labels: Sequence[str] | None,
    indicator: str | None = None,
    area: str | None = None,
) -> list[dict[str, Any]]:
    """Return the datasets that hold an indicator, a place, or both; the newest release first."""
    newest = (
        sa.select(sa.func.max(release.c.released))
        .where(release.c.dataset_id == package.c.id)
        .scalar_subquery()
    )
    held = sa.select(series.c.dataset_id).where(valid(None))
    if indicator:
        held = held.where(series.c.indicator == indicator)
    if area:
        held = held.where(series.c.ref_area == area)
    statement = (
        sa.select(
            package.c.id,
            package.c.name,
            package.c.title,
            package.c.extras,
            package.c.license_id,
            group.c.name.label("publisher"),
            group.c.title.label("publisher_title"),
            group.c.extras.label("publisher_extras"),
            newest.label("released"),
        )
        .outerjoin(group, group.c.id == package.c.owner_org)
        .where(package.c.id.in_(held), *readable(labels))
        .order_by(sa.desc("released"), package.c.name)
    )
    return [_dataset(row) for row in connection.execute(statement)]


#: Fields of a harvested dataset that say where it comes from; the others have none.
_PROVENANCE = ("source_id", "source_url", "source_version", "retrieved")


def _dataset(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title,
        "title_translated": texts(row.extras, "title_translated"),
        "demonstration": row.extras.get("demonstration", "").lower() == "true",
        "license_id": row.license_id,
        "organization": {
            "name": row.publisher,
            "title": row.publisher_title,
            "title_translated": texts(row.publisher_extras or {}, "title_translated"),
        },
        "released": row.released.isoformat(),
        "source": {name: row.extras.get(name) for name in _PROVENANCE},
    }
