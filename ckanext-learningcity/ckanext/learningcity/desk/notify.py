"""Telling people: the activity stream of a dataset, and mail.

CKAN's stream is as public as the dataset, so only what the public sees stands there; how a draft
came about is the history of its submission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.activity.logic import validators

from ckanext.learningcity import existing

from . import mail, roles, states

#: What the public is told of, and the type of its activity. The types' templates are
#: `snippets/activities/learningcity_….html`.
ACTIVITIES = {
    "published": "learningcity published",
    "withdrawn": "learningcity withdrawn",
    "rolled_back": "learningcity rolled back",
    "adopted": "learningcity adopted",
    "adoption_changed": "learningcity adoption changed",
}

# CKAN's activity plugin has no other way to learn of a type.
for _activity in ACTIVITIES.values():
    validators.object_id_validators[_activity] = "package_id_exists"
    validators.VALIDATORS_PACKAGE_ACTIVITY_TYPES[_activity] = "package_id_exists"


def record(user: str, dataset_id: str, kind: str, data: Mapping[str, Any]) -> None:
    """Tell the dataset's stream and its followers of a release.

    :param user: id or name of who did it
    :param kind: a key of `ACTIVITIES`
    :param data: `number` (the release) and, where there is one, `reason`
    """
    actor, dataset = existing.user(user), existing.dataset(dataset_id)
    if p.plugin_loaded("activity"):
        _add_activity(actor, dataset, ACTIVITIES[kind], {"release": dict(data)})
    _mail(kind, dataset, _followers(dataset, actor), f"/dataset/{dataset.name}", data)


def adoption(user: str, kind: str, shown: Mapping[str, Any], innovation_id: str) -> None:
    """Tell the stream and the followers of an innovation of a city that takes it up.

    :param kind: `adopted` or `adoption_changed`
    :param shown: of `learningcity_adoption_show`
    """
    actor, dataset = existing.user(user), existing.dataset(innovation_id)
    kept = ("id", "organization", "organization_title", "organization_title_translated", "state")
    if p.plugin_loaded("activity"):
        about = {"adoption": {name: shown[name] for name in kept}}
        _add_activity(actor, dataset, ACTIVITIES[kind], about)
    titles = shown["organization_title_translated"] or {}
    city = {lang: titles.get(lang) or shown["organization_title"] for lang in mail.LANGUAGES}
    told = _followers(dataset, actor)
    _mail(kind, dataset, told, f"/adoption/{shown['id']}", {"city": city})


def submitted(submission: Mapping[str, Any], dataset: model.Package) -> None:
    """Tell those who may approve a submission that it waits for them."""
    asked = roles.approvers(dataset, states.authors(submission["history"]))
    _mail("submitted", dataset, asked, f"/submission/{submission['id']}", {})


def decided(submission: Mapping[str, Any], dataset: model.Package, kind: str, by: str) -> None:
    """Tell the authors of a submission that it was `approved` or `returned` by the user `by`."""
    authors = states.authors(submission["history"]) - {by}
    told = model.Session.query(model.User).filter(model.User.id.in_(authors))
    data = {"reason": submission.get("reason") or ""}
    _mail(kind, dataset, told, f"/submission/{submission['id']}", data)


def harvested(
    kind: str, source: model.Package, users: Iterable[model.User], data: Mapping[str, Any]
) -> None:
    """Tell `users` how the harvests of a source go: `source_failing` or `source_recovered`."""
    _mail(kind, source, users, f"/sources/{source.name}", data)


def _add_activity(
    actor: model.User, dataset: model.Package, activity: str, data: Mapping[str, Any]
) -> None:
    package = tk.get_action("package_show")(
        Context(ignore_auth=True, user=actor.name), {"id": dataset.id}
    )
    tk.get_action("activity_create")(
        Context(ignore_auth=True, user=actor.name),
        {
            "user_id": actor.id,
            "object_id": dataset.id,
            "activity_type": activity,
            "data": {"package": package, "actor": actor.name, **data},
            "permission_labels": lib_plugins.get_permission_labels().get_dataset_labels(dataset),
        },
    )


def _followers(dataset: model.Package, actor: model.User) -> list[model.User]:
    """Return who follows the dataset or its organization and may read it, without the actor."""
    rows = [
        *model.UserFollowingDataset.follower_list(dataset.id),
        *model.UserFollowingGroup.follower_list(dataset.owner_org or ""),
    ]
    ids = {row.follower_id for row in rows} - {actor.id}
    users = model.Session.query(model.User).filter(model.User.id.in_(ids))
    return [user for user in users if _may_read(user, dataset)]


def _may_read(user: model.User, dataset: model.Package) -> bool:
    try:
        return tk.check_access("package_show", Context(user=user.name), {"id": dataset.id})
    except tk.NotAuthorized:
        return False


def _mail(
    kind: str,
    dataset: model.Package,
    users: Iterable[model.User],
    path: str,
    data: Mapping[str, Any],
) -> None:
    ids = [user.id for user in users if user.email and user.state == model.State.ACTIVE]
    if ids and tk.config["ckanext.learningcity.mail"]:
        facts = {"address": tk.config["ckan.site_url"] + path, "reason": "", **data}
        tk.enqueue_job(mail.send, [kind, dataset.id, ids, facts], title=f"Mail: {kind}")
