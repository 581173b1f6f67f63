"""What the awards' auth functions and actions share: who the caller is to what, and the one answer
to who is nothing to it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.learningcity.award import applications, roles, rounds
from ckanext.learningcity.award.trail import Act
from ckanext.learningcity.indicators.derived import account


def user(context: Context) -> model.User | None:
    """Return the caller's account; None for nobody."""
    return model.User.get(context.get("user") or "")


def act(context: Context, kind: str, reason: str | None = None) -> Act:
    """Return what the caller does, for the trail."""
    return Act(kind, account(context.get("user", "")).id, reason)


def existing(application_id: str) -> dict[str, Any]:
    """Return an application.

    :raises ObjectNotFound: there is none of this id
    """
    row = applications.get(application_id)
    if row is None:
        raise tk.ObjectNotFound(no_application())
    return row


def existing_round(round_id: str) -> dict[str, Any]:
    """Return a round.

    :raises ObjectNotFound: there is none of this id
    """
    row = rounds.get(round_id)
    if row is None:
        raise tk.ObjectNotFound(no_round())
    return row


def viewpoint(context: Context, row: dict[str, Any]) -> str | None:
    """Return as whom the caller sees an application."""
    return roles.viewpoint(user(context), row)


def refused(field: str, message: str) -> tk.ValidationError:
    """Return the error of an act that is not possible now, after giving up the transaction."""
    model.Session.rollback()
    return tk.ValidationError({field: [message]})


def no_round() -> str:
    """Return what is said where there is no round."""
    return tk._("There is no such round of the awards.")


def no_application() -> str:
    """Return what is said where there is no application, or none that the caller may know of."""
    return tk._("There is no such application.")


def no_review() -> str:
    """Return what is said where there is no review, or none of the caller's."""
    return tk._("There is no such review.")
