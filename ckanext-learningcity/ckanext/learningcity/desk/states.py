"""The states of a submission, and what may be done in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CHECKING = "checking"
DRAFT = "draft"
SUBMITTED = "submitted"
RETURNED = "returned"
APPROVED = "approved"
PUBLISHING = "publishing"
PUBLISHED = "published"
DISCARDED = "discarded"

STATES = (CHECKING, DRAFT, SUBMITTED, RETURNED, APPROVED, PUBLISHING, PUBLISHED, DISCARDED)

#: What may be done, and in which states. A change brings a submission back to `DRAFT`.
POSSIBLE: Mapping[str, frozenset[str]] = {
    "update": frozenset({DRAFT, RETURNED}),
    "submit": frozenset({DRAFT, RETURNED}),
    "approve": frozenset({SUBMITTED}),
    "return": frozenset({SUBMITTED, APPROVED}),
    "publish": frozenset({APPROVED}),
    "discard": frozenset({DRAFT, RETURNED, SUBMITTED, APPROVED}),
}

_CHECK = ("waiting", "reading", "checking", "comparing")

#: Steps of what a background job does in a state, in order, as `progress` names them.
STEPS: Mapping[str, tuple[str, ...]] = {
    CHECKING: _CHECK,
    PUBLISHING: (*_CHECK, "releasing", "deriving"),
}

#: Starts of one job before it is given up: what fails three times fails always.
ATTEMPTS = 3


def possible(state: str) -> list[str]:
    """Return what may be done with a submission in `state`, whoever asks."""
    return [act for act, states in POSSIBLE.items() if state in states]


def authors(history: list[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the users whose work a submission is: none of them may approve it."""
    return {entry["user"] for entry in history if entry["kind"] in AUTHORSHIP}


#: Entries of the history that make a user an author.
AUTHORSHIP = ("created", "changed", "confirmed", "submitted")
