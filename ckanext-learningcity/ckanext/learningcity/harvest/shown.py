"""Many datasets as CKAN shows and indexes them, read at once.

CKAN's `package_dictize` asks six questions about each dataset, and ckanext-scheming puts the
schemas together for each; here that is done once for a batch. Then the same validators and hooks
make of each dataset what `package_show` gives, by both schemas that the search index wants.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# CKAN's models declare their columns without types.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.dictization import obj_list_dictize, table_dictize
from ckan.lib.dictization.model_dictize import resource_list_dictize
from ckan.logic import apply_after_dataset_show_plugins, package_show_default_and_custom_schemas
from ckan.logic.schema import default_show_package_schema
from ckan.types import Context

from . import rules
from .judging import Judge
from .rules import Fields

Shown = tuple[model.Package, Fields, Fields]

_PACKAGE, _RESOURCE = model.package_table, model.resource_table
_TAG, _TIE = model.tag_table, model.package_tag_table
_GROUP, _MEMBER = model.group_table, model.member_table
_RELATION = model.package_relationship_table


def shown(ids: Collection[str]) -> Iterator[Shown]:
    """Yield each dataset with what `package_show` gives by CKAN's own schema and by its type's."""
    found = model.Session.query(model.Package).filter(model.Package.id.in_(ids))
    packages = found.populate_existing().all()  # PostgreSQL orders the keys of extras anew
    batch = _Batch(packages)
    for package in packages:
        custom = batch.judge(package)
        if custom is None or package.id in batch.related:
            yield package, *package_show_default_and_custom_schemas(_context(package), package.id)
        else:
            yield package, *_validated(package, batch, custom)


def _validated(package: model.Package, batch: _Batch, custom: Judge) -> tuple[Fields, Fields]:
    context = _context(package)
    fields = batch.dictized(package, context)
    for plugin in p.PluginImplementations(p.IPackageController):
        plugin.read(package)
    for plugin in p.PluginImplementations(p.IResourceController):
        for resource in fields["resources"]:
            plugin.before_resource_show(resource)
    plain, _ = batch.plain.judged(fields, context)
    by_type, _ = custom.judged(fields, context)
    apply_after_dataset_show_plugins(context, by_type)
    return plain, by_type


def _context(package: model.Package) -> Context:
    return rules.context(package=package, use_cache=False, validate=False)


class _Batch:
    """What belongs to the datasets of a batch, and the schemas of their types."""

    def __init__(self, packages: list[model.Package]) -> None:
        ids = [package.id for package in packages]
        #: Datasets in groups or with relationships, which are rare: CKAN itself shows them.
        self.related = _related(ids)
        plain = default_show_package_schema()
        # It asks the database whether the name is another dataset's, and the answer is not used.
        plain["name"].remove(tk.get_validator("package_name_validator"))
        self.plain = Judge(plain)
        self._judges: dict[str, Judge | None] = {}
        resources = sa.select(_RESOURCE).where(_RESOURCE.c.package_id.in_(ids))
        self._resources = _by("package_id", resources)
        tags = sa.select(_TAG, _TIE.c.state, _TIE.c.package_id).join(
            _TIE, _TAG.c.id == _TIE.c.tag_id
        )
        self._tags = _by("package_id", tags.where(_TIE.c.package_id.in_(ids)))
        owners = {package.owner_org for package in packages if package.owner_org}
        active = sa.select(_GROUP).where(_GROUP.c.id.in_(owners), _GROUP.c.state == "active")
        self._owners = _by("id", active)

    def judge(self, package: model.Package) -> Judge | None:
        """Return the schema that shows a dataset, None where only CKAN can apply it."""
        kind = package.type or "dataset"
        if kind not in self._judges:
            schema = rules.prepared(kind, "package_show")
            self._judges[kind] = Judge(schema) if schema else None
        return self._judges[kind]

    def dictized(self, package: model.Package, context: Context) -> Fields:
        """Return a dataset as CKAN's `package_dictize` does."""
        fields = table_dictize(package, context)
        del fields["plugin_data"]
        resources = resource_list_dictize(self._resources[package.id], context)
        tags = obj_list_dictize(self._tags[package.id], context, lambda tag: tag["name"])
        for tag in tags:
            del tag["package_id"]
            tag["display_name"] = tag["name"]
        licence = package.license
        titles = {"license_title": licence.title if licence else package.license_id}
        if licence and licence.url:
            titles = {"license_url": licence.url, "license_title": licence.title.split("::")[-1]}
        return {
            **fields,
            "title": (fields["title"] or "").strip() or fields["title"],
            "resources": resources,
            "num_resources": len(resources),
            "tags": tags,
            "num_tags": len(tags),
            "extras": [
                {"key": key, "value": value} for key, value in (package.extras or {}).items()
            ],
            "groups": [],
            "organization": self._organization(package, context),
            "relationships_as_subject": [],
            "relationships_as_object": [],
            "isopen": package.isopen(),
            "type": package.type or "dataset",
            **titles,
        }

    def _organization(self, package: model.Package, context: Context) -> Fields | None:
        for row in self._owners.get(package.owner_org, ()):
            return {
                name: value
                for name, value in table_dictize(row, context).items()
                if name != "extras"
            }
        return None


def _related(ids: list[str]) -> set[str]:
    in_groups = (
        sa.select(_MEMBER.c.table_id)
        .join(_GROUP, _GROUP.c.id == _MEMBER.c.group_id)
        .where(_MEMBER.c.table_id.in_(ids), _GROUP.c.is_organization.is_(False))
    )
    sides = (_RELATION.c.subject_package_id, _RELATION.c.object_package_id)
    tied = [sa.select(side).where(side.in_(ids)) for side in sides]
    return set(model.Session.scalars(sa.union_all(in_groups, *tied)))


def _by(column: str, rows: sa.Select[Any]) -> defaultdict[str, list[sa.Row[Any]]]:
    found: defaultdict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in model.Session.execute(rows):
        found[getattr(row, column)].append(row)
    return found
