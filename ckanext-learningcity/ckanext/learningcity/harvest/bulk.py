"""New datasets of a batch into the database at once.

What is written is what the action `package_create` writes, one dataset after the other: the same
validators judge each dataset, the same hooks of plugins are called, and a test compares the rows.
Only what `package_create` asks the database for each dataset is asked for the batch.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# CKAN's models declare their columns without types.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import datapreview
from ckan.lib.dictization.model_save import resource_dict_save
from ckan.types import Context

from ckanext.learningcity import existing

from . import rules
from .judging import Judge
from .rules import Fields

#: What only `package_create` saves.
_OTHERS = {"groups", "plugin_data", "relationships_as_object", "relationships_as_subject"}


class Batch:
    """New datasets, on one account."""

    def __init__(self, user: str, wanted: Sequence[Fields]) -> None:
        """Look up what is free.

        :param wanted: fields as `package_create` takes them, with `id`, `name` and `type`
        """
        self._user = user
        self._creator = existing.user(user)
        self._free = _free(wanted)
        self._judges: dict[str, Judge | None] = {}
        self._made: list[tuple[Fields, model.Package]] = []

    def takes(self, fields: Fields) -> bool:
        """Return whether a dataset can be made here; else `package_create` makes it."""
        new = {fields["id"], fields["name"]} <= self._free
        return new and not _OTHERS & fields.keys() and self._judge(fields["type"]) is not None

    def add(self, fields: Fields) -> None:
        """Judge a dataset and add it to those to save.

        :raises ValidationError: the rules refuse it; the others are not concerned
        """
        judge = self._judge(fields["type"])
        assert judge is not None  # noqa: S101 - `takes` has said so
        data, good = judge.judged(fields, self._context())
        if not good:
            raise tk.ValidationError(judge.errors(fields, self._context()))
        self._free -= {fields["id"], fields["name"]}
        data["creator_user_id"] = self._creator.id
        self._made.append((data, _package(data, self._context())))

    def save(self) -> None:
        """Write all of them and tell the plugins; the caller commits."""
        packages = [package for _, package in self._made]
        model.Session.add_all(packages)
        _add_tags(self._made)
        model.Session.flush()
        _add_owners(packages)
        views = datapreview.get_default_view_plugins(get_datastore_views=False)
        for data, package in self._made:
            for resource, saved in zip(_resources(data), package.resources_all, strict=True):
                resource["id"] = saved.id
            for plugin in p.PluginImplementations(p.IPackageController):
                plugin.create(package)
                plugin.after_dataset_create(self._context(), data)
            self._add_views(data, views)

    def _add_views(self, data: Fields, views: Iterable[p.IResourceView]) -> None:
        """Let CKAN add the views that a resource gets by default, where there is any."""
        for view in views:
            shown = [{"resource": each, "package": data} for each in _resources(data)]
            if any(view.can_view(each) for each in shown):
                action = tk.get_action("package_create_default_resource_views")
                action(Context(user=self._user, ignore_auth=True), {"package": data})
                return

    def _judge(self, kind: str) -> Judge | None:
        if kind not in self._judges:
            schema = rules.for_new(kind, self._free)
            self._judges[kind] = Judge(schema) if schema else None
        return self._judges[kind]

    def _context(self) -> Context:
        return rules.context(self._user, defer_commit=True, return_id_only=True)


def _free(wanted: Sequence[Fields]) -> set[str]:
    """Return the ids and names among those of `wanted` that no dataset has, even a deleted one."""
    ids, names = ([fields[key] for fields in wanted] for key in ("id", "name"))
    table = model.package_table
    rows = sa.select(table.c.id, table.c.name).where(table.c.id.in_(ids) | table.c.name.in_(names))
    return {*ids, *names} - {each for row in model.Session.execute(rows) for each in row}


def _package(data: Fields, context: Context) -> model.Package:
    """Return a dataset with its resources, as CKAN's `package_dict_save` makes it."""
    extras = {extra["key"]: extra["value"] for extra in data.get("extras") or ()}
    package = model.Package()
    package.from_dict({**data, "extras": extras})
    if not data.get("metadata_modified"):
        package.metadata_modified = datetime.utcnow()  # noqa: DTZ003 - as CKAN keeps it
    for resource in _resources(data):
        resource["package_id"] = package.id
        package.resources_all.append(resource_dict_save(resource, context)[0])
    return package


def _resources(data: Fields) -> list[Fields]:
    return data.get("resources") or []


def _add_tags(made: Iterable[tuple[Fields, model.Package]]) -> None:
    """Tie the datasets to their tags; what no dataset had yet is made."""
    wanted = [
        (
            package,
            list({(tag["name"], tag.get("vocabulary_id")): tag for tag in data.get("tags") or ()}),
        )
        for data, package in made
    ]
    names = {name for _, keys in wanted for name, _ in keys}
    found = model.Session.query(model.Tag).filter(model.Tag.name.in_(names))
    tags = {(tag.name, tag.vocabulary_id): tag for tag in found}
    for package, keys in wanted:
        for name, vocabulary in keys:
            tag = tags.setdefault((name, vocabulary), model.Tag(name, vocabulary))
            model.Session.add(model.PackageTag(package, tag, "active"))


def _add_owners(packages: Iterable[model.Package]) -> None:
    """Make the datasets members of their organizations, as `package_owner_org_update` does."""
    same = {"table_name": "package", "capacity": "organization", "state": "active"}
    members = [
        {"table_id": package.id, "group_id": package.owner_org, **same}
        for package in packages
        if package.owner_org
    ]
    if members:
        model.Session.execute(model.member_table.insert(), members)
