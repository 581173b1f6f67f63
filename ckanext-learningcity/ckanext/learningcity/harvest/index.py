"""Many datasets into the search index and the activity stream at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
from ckan import model
from ckan.lib.search.index import PackageSearchIndex
from ckan.logic import package_show_default_and_custom_schemas
from ckan.types import Context
from ckanext.activity.model import Activity

from ckanext.learningcity.search.connection import together

#: Activity types by ckanext-harvest's `report_status`.
ACTIVITIES = {"added": "new package", "updated": "changed package"}


def update(written: Mapping[str, str], user: str) -> None:
    """Index datasets as they stand in the database, and note in their streams what happened.

    :param written: `added` or `updated` by dataset id
    :param user: on whose account
    """
    index, actor = PackageSearchIndex(), model.User.get(user)
    activities: list[Activity] = []
    with together():
        for dataset_id, status in written.items():
            context = Context(ignore_auth=True)
            plain, custom = package_show_default_and_custom_schemas(context, dataset_id)
            index.index_package({**plain, "with_custom_schema": custom}, defer_commit=True)
            if p.plugin_loaded("activity"):
                activities.append(_activity(dataset_id, status, custom, actor))
    index.commit()
    model.Session.add_all(activities)


def _activity(dataset_id: str, status: str, shown: dict[str, Any], actor: model.User) -> Activity:
    labels = lib_plugins.get_permission_labels().get_dataset_labels(model.Package.get(dataset_id))
    data = {"package": shown, "actor": actor.name}
    return Activity(actor.id, dataset_id, ACTIVITIES[status], data, labels)
