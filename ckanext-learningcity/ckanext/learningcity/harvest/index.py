"""Many datasets into the search index and the activity stream at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
from ckan import model
from ckan.lib.search.index import PackageSearchIndex
from ckanext.activity.model import Activity

from ckanext.learningcity.indicators.visibility import labels_of
from ckanext.learningcity.search.connection import together

from .shown import shown

#: Activity types by ckanext-harvest's `report_status`.
ACTIVITIES = {"added": "new package", "updated": "changed package"}


def update(written: Mapping[str, str], user: str) -> None:
    """Index datasets as they stand in the database, and note in their streams what happened.

    :param written: `added` or `updated` by dataset id
    :param user: on whose account
    """
    index, actor = PackageSearchIndex(), model.User.get(user)
    activities: list[Activity] = []
    with together(), labels_of(written.keys()):
        for package, plain, custom in shown(written.keys()):
            index.index_package({**plain, "with_custom_schema": custom}, defer_commit=True)
            if p.plugin_loaded("activity"):
                activities.append(_activity(package, written[package.id], custom, actor))
    index.commit()
    model.Session.add_all(activities)


def _activity(
    package: model.Package, status: str, shown: dict[str, Any], actor: model.User
) -> Activity:
    labels = lib_plugins.get_permission_labels().get_dataset_labels(package)
    data = {"package": shown, "actor": actor.name}
    return Activity(actor.id, package.id, ACTIVITIES[status], data, labels)
