"""The mark of the harvested state that a dataset holds, so that an unchanged one is recognised."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert as upsert

from .model import publication


def of(dataset_id: str) -> str | None:
    """Return the mark of a dataset; None while a release of it is not derived."""
    mark = sa.select(publication.c.fingerprint).where(
        publication.c.dataset_id == dataset_id, publication.c.derived == publication.c.release
    )
    return model.Session.scalar(mark)


def keep(dataset_id: str, mark: str) -> None:
    """Set the mark of a dataset, after everything it stands for has been taken in."""
    row = upsert(publication).values(dataset_id=dataset_id, fingerprint=mark)
    model.Session.execute(
        row.on_conflict_do_update(index_elements=["dataset_id"], set_={"fingerprint": mark})
    )
    model.Session.commit()
