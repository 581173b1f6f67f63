"""What templates show of where a dataset comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestSource

from ckanext.learningcity.harvest.model import record


def learningcity_source_of(dataset: Mapping[str, Any]) -> dict[str, str] | None:
    """Return `name` and `title` of the source that a dataset is harvested from, if any."""
    source, package = HarvestSource.__table__, model.package_table
    found = (
        sa.select(package.c.name, source.c.title)
        .join(source, source.c.id == package.c.id)
        .join(record, record.c.source_id == source.c.id)
        .where(record.c.dataset_id == dataset["id"])
    )
    row = model.Session.execute(found.limit(1)).first()
    return {"name": row.name, "title": row.title} if row else None
