"""Words of the publishing desk, as template helpers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.learningcity.desk import roles


def learningcity_submission_state(state: str) -> str:
    """Return the name of a submission's state."""
    return {
        "checking": tk._("Being checked"),
        "draft": tk._("Draft"),
        "submitted": tk._("Waiting for approval"),
        "returned": tk._("Returned"),
        "approved": tk._("Approved, not published yet"),
        "publishing": tk._("Being published"),
        "published": tk._("Published"),
        "discarded": tk._("Discarded"),
    }[state]


def learningcity_submission_event(entry: Mapping[str, Any]) -> str:
    """Return what a line of a submission's history says."""
    wording = {
        "created": tk._("{user} uploaded the file"),
        "changed": tk._("{user} changed the columns"),
        "confirmed": tk._("{user} confirmed findings of the report"),
        "submitted": tk._("{user} submitted it"),
        "approved": tk._("{user} approved it"),
        "returned": tk._("{user} returned it"),
        "publishing": tk._("{user} started the publication"),
        "published": tk._("It was published"),
        "discarded": tk._("{user} discarded it"),
        "superseded": tk._("Another release was published meanwhile"),
        "checked_again": tk._("The check before the publication found something new"),
        "unchanged": tk._("There was nothing to publish"),
        "failed": tk._("The publication failed"),
    }
    return wording[entry["kind"]].format(user=entry["user"] or tk._("Somebody"))


def learningcity_may_publish(dataset: Mapping[str, Any]) -> bool:
    """Return whether the reader may upload indicators of a dataset."""
    return tk.h.check_access("learningcity_submission_create", {"id": dataset["id"]})


def learningcity_has_desk() -> bool:
    """Return whether the reader belongs to an organization whose datasets they may edit."""
    user = tk.current_user
    if not isinstance(user, model.User):
        return False
    return model.Session.execute(roles.organizations(user).limit(1)).first() is not None
