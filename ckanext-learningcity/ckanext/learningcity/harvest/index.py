"""Many datasets into the search index and the activity stream at once."""

# pyright: reportAttributeAccessIssue=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.index import PackageSearchIndex
from ckan.model.types import make_uuid
from ckanext.activity.model import Activity
from ckanext.harvest.model import HarvestObject, HarvestSource

from ckanext.learningcity import existing
from ckanext.learningcity.indicators.visibility import labels_of
from ckanext.learningcity.search.connection import together

from .shown import shown

#: Activity types by ckanext-harvest's `report_status`.
ACTIVITIES = {"added": "new package", "updated": "changed package"}

_OBJECT, _SOURCE = HarvestObject.__table__, HarvestSource.__table__


def update(written: Mapping[str, str], user: str) -> None:
    """Index datasets as they stand in the database, and note in their streams what happened.

    :param written: `added` or `updated` by dataset id
    :param user: on whose account
    """
    index, actor = PackageSearchIndex(), existing.user(user)
    activities: list[dict[str, Any]] = []
    with together(), labels_of(written.keys()), origins_of(written.keys()):
        for package, plain, custom in shown(written.keys()):
            index.index_package({**plain, "with_custom_schema": custom}, defer_commit=True)
            if p.plugin_loaded("activity"):
                activities.append(_activity(package, written[package.id], custom, actor))
    index.commit()
    if activities:
        model.Session.execute(Activity.__table__.insert(), activities)


def _activity(
    package: model.Package, status: str, shown: dict[str, Any], actor: model.User
) -> dict[str, Any]:
    return {
        "id": make_uuid(),
        "timestamp": datetime.utcnow(),  # noqa: DTZ003 - as CKAN keeps it
        "user_id": actor.id,
        "object_id": package.id,
        "activity_type": ACTIVITIES[status],
        "data": {"package": shown, "actor": actor.name},
        "permission_labels": lib_plugins.get_permission_labels().get_dataset_labels(package),
    }


@contextmanager
def origins_of(ids: Collection[str]) -> Iterator[None]:
    """Ask once where the datasets that are indexed inside come from.

    ckanext-harvest's hook asks two questions for each, one of them for all that the source has
    sent. While this lasts the hook of this process takes the answers from here.
    """
    rows = (
        sa.select(_OBJECT.c.package_id, _OBJECT.c.id, _SOURCE.c.id, _SOURCE.c.title)
        .join(_SOURCE, _SOURCE.c.id == _OBJECT.c.harvest_source_id)
        .where(_OBJECT.c.package_id.in_(ids), _OBJECT.c.current.is_(True))
        .order_by(_OBJECT.c.import_finished.asc().nulls_last())
    )
    names = ("harvest_object_id", "harvest_source_id", "harvest_source_title")
    origins: dict[str, dict[str, str]] = {
        dataset_id: dict(zip(names, origin, strict=True))
        for dataset_id, *origin in model.Session.execute(rows)
    }
    hook: Any = p.get_plugin("harvest")
    hook.before_dataset_index = partial(_with_origin, origins)
    try:
        yield
    finally:
        del hook.before_dataset_index


def _with_origin(
    origins: Mapping[str, Mapping[str, str]], document: dict[str, Any]
) -> dict[str, Any]:
    """Do what ckanext-harvest's `before_dataset_index` does."""
    origin = origins.get(document["id"])
    if not origin:
        return document
    for form in ("data_dict", "validated_data_dict"):
        document[form] = json.dumps(_in_extras(json.loads(document[form]), origin))
    return {**origin, **document}


def _in_extras(dataset: dict[str, Any], origin: Mapping[str, str]) -> dict[str, Any]:
    """Return a dataset with its origin in its extras, unless its schema has fields for that."""
    fields = {name: value for name, value in origin.items() if name in dataset}
    others = {name: value for name, value in origin.items() if name not in dataset}
    kept = [extra for extra in dataset.get("extras") or () if extra["key"] not in others]
    added = [{"key": name, "value": value} for name, value in others.items()]
    return {**dataset, **fields, "extras": [*kept, *added]}
