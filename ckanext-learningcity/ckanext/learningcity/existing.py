"""Rows of CKAN's own tables by id or name, and what its types leave out of them."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model


def dataset(reference: str) -> model.Package:
    """Return a dataset.

    :raises ObjectNotFound: there is none
    """
    return there(model.Package.get(reference))


def organization(reference: str) -> model.Group:
    """Return an organization.

    :raises ObjectNotFound: there is none
    """
    return there(model.Group.get(reference))


def user(reference: str) -> model.User:
    """Return an account.

    :raises ObjectNotFound: there is none
    """
    return there(model.User.get(reference))


def extras(organization: model.Group | None) -> dict[str, Any]:
    """Return the fields that its schema adds to an organization; none of none."""
    return organization.extras if organization else {}  # pyright: ignore[reportAttributeAccessIssue]


def there(row: Any, message: str = "") -> Any:
    """Return a row of a table.

    :param message: what to say where there is none
    :raises ObjectNotFound: there is none
    """
    if row is None:
        raise tk.ObjectNotFound(message)
    return row
