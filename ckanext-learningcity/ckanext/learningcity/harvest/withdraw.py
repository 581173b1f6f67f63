"""Withdrawing a dataset that its source has removed.

Its page stays and says so. Its observations end with an empty release: earlier releases, and
questions as of an earlier moment, are answered as before. A dataset that comes back is taken in
like a changed one.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestObject

from ckanext.learningcity.indicators import derived
from ckanext.learningcity.indicators.model import publication
from ckanext.learningcity.tables.model import SCHEMA

from .model import record as table
from .records import Record
from .runs import Run, now
from .store import Place

#: Why, as a code: `learningcity_withdrawn_reasons` in the templates has the words.
REASON = "removed_at_source"


def withdraw(run: Run, place: Place, record: Record) -> None:
    """Withdraw the dataset of a record. Each step can be done again after an interruption."""
    moment = now()
    dataset = model.Package.get(record.dataset_id)
    if dataset is not None and dataset.state == model.State.ACTIVE:
        fields: dict[str, Any] = {"withdrawn": moment.isoformat(timespec="seconds")}
        tk.get_action("package_patch")(
            Context(user=place.user, ignore_auth=True),
            {"id": dataset.id, **fields, "withdrawn_reason": REASON},
        )
        if _released(dataset.id):
            source = {"kind": "withdrawn", "reason": REASON, "url": record.url}
            derived.publish(place.user, dataset.id, pl.DataFrame(schema=SCHEMA), source)
    _note(run, record, moment)


def _released(dataset_id: str) -> bool:
    known = publication.select().where(
        publication.c.dataset_id == dataset_id, publication.c.release > 0
    )
    return model.Session.execute(known).first() is not None


def _note(run: Run, record: Record, moment: datetime) -> None:
    gone = table.update().where(table.c.source_id == record.source_id, table.c.guid == record.guid)
    model.Session.execute(gone.values(gone=moment, fingerprint=None, version=None))
    objects = HarvestObject.__table__
    of_dataset = objects.c.package_id == record.dataset_id
    model.Session.execute(objects.update().where(of_dataset).values(current=False))
    utc = moment.replace(tzinfo=None)
    values = {"gathered": utc, "import_started": utc, "import_finished": utc, "retry_times": 0}
    model.Session.execute(
        objects.insert().values(
            id=str(uuid.uuid4()),
            guid=record.guid,
            current=False,
            state="COMPLETE",
            report_status="deleted",
            harvest_job_id=run.job_id,
            harvest_source_id=run.source_id,
            package_id=record.dataset_id,
            **values,
        )
    )
    run.step({"withdrawn": 1})
    model.Session.commit()
