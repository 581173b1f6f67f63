"""Who may read a dataset's observations: CKAN's own permission labels, kept beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from .model import engine, publication

#: Datasets that are known to have no observations, see `labels_of`.
_without: ContextVar[frozenset[str]] = ContextVar("learningcity_without", default=frozenset())


class PublicationLabels(p.SingletonPlugin):
    """Keeps the labels of datasets with observations up to date."""

    p.implements(p.IPackageController, inherit=True)

    def before_dataset_index(self, document: dict[str, Any]) -> dict[str, Any]:
        """Take over the labels whenever CKAN works them out for its own search."""
        dataset = model.Package.get(document["id"])
        if dataset and dataset.id not in _without.get():
            store_labels(dataset)
        return document


@contextmanager
def labels_of(ids: Collection[str]) -> Iterator[None]:
    """Ask once which of the datasets that are indexed inside have observations, and thus labels."""
    published = sa.select(publication.c.dataset_id).where(publication.c.dataset_id.in_(ids))
    with engine().connect() as connection:
        token = _without.set(frozenset(ids) - set(connection.scalars(published)))
    try:
        yield
    finally:
        _without.reset(token)


def store_labels(dataset: model.Package) -> None:
    """Write the labels of `dataset`, if it has observations, in a transaction of their own.

    CKAN indexes after its commit, when the session must not be left with work to commit.
    """
    labels = lib_plugins.get_permission_labels().get_dataset_labels(dataset)
    row = publication.c.dataset_id == dataset.id
    changed = publication.update().where(row, publication.c.permission_labels != labels)
    with engine().begin() as connection:
        connection.execute(changed.values(permission_labels=sa.cast(labels, sa.ARRAY(sa.Text))))


def readable(
    labels: Sequence[str] | sa.BindParameter[Any] | None,
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `package` and `publication` by which a reader sees a dataset.

    :param labels: the reader's, None for one who may read everything
    """
    package = model.package_table
    conditions: list[sa.ColumnElement[bool]] = [package.c.state == "active"]
    if labels is not None:
        allowed = sa.select(publication.c.dataset_id).where(
            publication.c.permission_labels.overlap(labels)
        )
        conditions.append(package.c.id.in_(allowed))
    return conditions


def reader_labels(context: Context) -> list[str] | None:
    """Return the labels of the user in `context`, None for one who may read everything.

    CKAN's check of access has looked the user up already, where there was one.
    """
    if context.get("ignore_auth"):
        return None
    user = context.get("auth_user_obj")
    if not isinstance(user, model.User):  # nobody, or not looked up yet
        user = model.User.get(name) if (name := context.get("user")) else None
    if user and user.sysadmin:
        return None
    return lib_plugins.get_permission_labels().get_user_dataset_labels(user)
