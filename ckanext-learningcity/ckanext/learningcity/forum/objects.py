"""What a topic may be about: a city, an indicator, or a dataset of any type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.learningcity.indicators.titles import texts
from ckanext.learningcity.tables import codelists

Described = dict[str, Any]


def find(kind: str, reference: str) -> str | None:
    """Return the id of what everybody may see; None where there is no such thing.

    :param reference: a code, or name or id of a dataset
    """
    if kind == "dataset":
        package = model.Package.get(reference)
        return package.id if package and _readable("", package.id) else None
    known = _codes()[kind]()
    return reference if reference in known else None


def describe(user: str, kind: str | None, id_: str | None) -> Described | None:
    """Return `kind`, `id`, `type` (of a dataset) and `title` of what `user` may see, else None."""
    if kind is None or id_ is None:
        return None
    if kind != "dataset":
        entry = _codes()[kind]().get(id_)
        return {"kind": kind, "id": id_, "title": entry["name"]} if entry else None
    package = model.Package.get(id_)
    if package is None or not _readable(user, id_):
        return None
    title = texts(package.extras, "title_translated") or package.title or package.name
    return {"kind": kind, "id": package.name, "type": package.type, "title": title}


def _codes() -> Mapping[str, Callable[[], Mapping[str, Any]]]:
    return {"city": codelists.areas, "indicator": codelists.indicators}


#: Kinds of objects.
KINDS = (*_codes(), "dataset")


def _readable(user: str, package_id: str) -> bool:
    """Return whether a user, or everybody where `user` is empty, may read a dataset."""
    try:
        return tk.check_access("package_show", Context(user=user), {"id": package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
