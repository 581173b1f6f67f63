"""What follows from a release: the dataset's resource and its DataStore table.

A release is made in one transaction; what is derived comes after it and can be made again from it
at any time. `publication.derived` says how far that has come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

import ckan.lib.plugins as lib_plugins
import ckan.plugins.toolkit as tk
import polars as pl
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.learningcity import existing

from . import datastore, release, series
from .history import release_of
from .model import publication

#: Set in the context of the one who may change a resource of observations.
DERIVING = "learningcity_deriving"


def publish(
    user: str,
    dataset_id: str,
    table: pl.DataFrame,
    source: Mapping[str, Any],
    expected: int | None = None,
) -> int | None:
    """Make `table` a dataset's next release, derive what follows, and return its number.

    :param expected: the release that `table` was compared with, 0 for none
    :returns: None where nothing would change; what an earlier failure left behind is derived then
    :raises release.Superseded: another release than `expected` is current; nothing was done
    """
    dataset = model.Package.get(dataset_id)
    if dataset is None:
        raise tk.ObjectNotFound
    publisher = account(user)
    connection = model.Session.connection()
    try:
        coming = release.upcoming(connection, dataset.id, table, expected)
    except release.Superseded:
        model.Session.rollback()
        raise
    labels = lib_plugins.get_permission_labels().get_dataset_labels(dataset)
    release.allow(connection, dataset.id, labels)
    if coming is None:
        model.Session.commit()
        derive(publisher.name, dataset.id)
        return None
    # The DataStore's table takes the longest: it is filled meanwhile, and shown after the commit.
    with datastore.filling(_resource_id(dataset), table) as show:
        release.make(connection, coming, publisher=publisher.id, source=source)
        model.Session.commit()
        _follow(publisher.name, dataset.id, coming.number, show)
    return coming.number


def account(user: str) -> model.User:
    """Return the account named `user`, or the portal's own for a command or a job."""
    own = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    account = model.User.get(user) or model.User.get(own)
    assert account is not None  # noqa: S101 - `get_site_user` has just made it
    return account


def derive(user: str, dataset_id: str) -> None:
    """Bring the resource and the DataStore table of a dataset up to its current release."""
    row = sa.select(publication).where(publication.c.dataset_id == dataset_id)
    state = model.Session.execute(row).one()
    if state.derived == state.release:
        return
    table = series.load(model.Session.connection(), dataset_id)
    with datastore.filling(_resource_id(existing.dataset(dataset_id)), table) as show:
        _follow(user, dataset_id, state.release, show)


def _follow(user: str, dataset_id: str, number: int, show: Callable[[], None]) -> None:
    """Let the resource, its DataStore table and its views follow a release.

    :param show: shows the rows of the table
    """
    made = release_of(model.Session.connection(), dataset_id, number)
    assert made is not None  # noqa: S101 - it has just been committed
    resource = _resource(user, dataset_id, made)
    show()
    datastore.announce(user, resource["id"])
    mine = publication.c.dataset_id == dataset_id
    if not model.Session.scalar(sa.select(publication.c.derived).where(mine)):
        _offer_views(user, resource["id"])
    model.Session.execute(publication.update().where(mine).values(derived=number))
    model.Session.commit()


def pending() -> list[str]:
    """Return the ids of datasets whose last release has not been derived: a process was killed."""
    behind = sa.select(publication.c.dataset_id).where(
        publication.c.derived < publication.c.release
    )
    return list(model.Session.scalars(behind))


def _offer_views(user: str, resource_id: str) -> None:
    """Give the resource of a first release its charts; later they are the editors'."""
    context = Context(user=user, ignore_auth=True)
    tk.get_action("learningcity_view_defaults")(context, {"id": resource_id})


def _resource_id(dataset: model.Package) -> str:
    """Return the id of the dataset's resource of observations, also before there is one."""
    held = (r.id for r in dataset.resources if tk.asbool(r.extras.get("observations")))
    return next(held, str(uuid5(NAMESPACE_URL, f"{dataset.id}/observations")))


def _resource(user: str, dataset_id: str, made: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset's resource of observations, pointed at the release `made`."""
    address = f"{tk.config['ckan.site_url']}/dataset/{dataset_id}/release/{made['number']}.csv"
    fields = {
        "url": address,
        "format": "CSV",
        "mimetype": "text/csv",
        "hash": made["sha256"],
        "observations": True,
        "release": made["number"],
        "last_modified": made["released"][:26],
    }
    fields["id"] = _resource_id(dataset := existing.dataset(dataset_id))
    context = cast(Context, {"user": user, "ignore_auth": True, DERIVING: True})
    if any(resource.id == fields["id"] for resource in dataset.resources):
        return tk.get_action("resource_patch")(context, fields)
    fields |= {"package_id": dataset_id, "name": "observations.csv"}
    return tk.get_action("resource_create")(context, fields)
