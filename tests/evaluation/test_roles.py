"""Every action of evaluations, for every role, in every state."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories, helpers
from evaluation_figures import DEFINITION

from ckanext.learningcity.logic.action import ACTIONS

OK, INVALID, REFUSED = "ok", "invalid", "refused"

CITY, READER, OFFICE = "TH-56", "reader", {"secretary", "sysadmin"}
ROLES = (None, "stranger", "TH-57", "member", CITY, READER, *sorted(OFFICE))

#: In their order; in `open` nobody has graded, then the city has, then a reader gave another grade.
STATES = ("draft", "open", "graded", "differs", "closed", "published")
GRADING = STATES[1:4]

Rule = Callable[[str | None, str], bool]


def everybody(role: str | None, state: str) -> bool:
    return True


def office(role: str | None, state: str) -> bool:
    return role in OFFICE


def once_open(role: str | None, state: str) -> bool:
    return state != "draft" or role in OFFICE


def once_published(role: str | None, state: str) -> bool:
    return state == "published" or role in OFFICE


def accounts(role: str | None, state: str) -> bool:
    return role is not None and once_open(role, state)


def the_city(role: str | None, state: str) -> bool:
    return role == CITY


def second_readers(role: str | None, state: str) -> bool:
    return role == READER or role in OFFICE


GRADE = {
    **{"evaluation": "2024", "area": CITY, "indicator": "LEARNING_STRATEGY", "grade": 2},
    **{"evidence": "https://example.org/strategy", "comment": "Read again"},
}

#: What is called with which parameters, who may, and in which states it is possible then.
TABLE: dict[str, tuple[str, dict[str, Any], Rule, tuple[str, ...]]] = {
    "list": ("evaluation_list", {}, everybody, STATES),
    "show": ("evaluation_show", {"id": "2024"}, once_open, STATES),
    "create": ("evaluation_create", {**DEFINITION, "id": "2030"}, office, STATES),
    "update": ("evaluation_update", dict(DEFINITION), office, ("draft", *GRADING)),
    "open": ("evaluation_open", {"id": "2024"}, office, ("draft",)),
    "close": ("evaluation_close", {"id": "2024"}, office, GRADING),
    "reopen": ("evaluation_reopen", {"id": "2024", "reason": "A slip"}, office, ("closed",)),
    "publish": ("evaluation_publish", {"id": "2024"}, office, ("closed",)),
    "scorecard": ("scorecard_show", {"id": CITY, "evaluation": "2024"}, once_open, STATES),
    "composite": ("composite_show", {"id": "2024"}, once_published, STATES),
    "grades": ("reading_list", {"evaluation": "2024"}, accounts, STATES),
    "own grade": ("reading_create", {**GRADE, "role": "own"}, the_city, GRADING),
    "second grade": ("reading_create", {**GRADE, "role": "second"}, second_readers, ("graded",)),
    "decision": ("reading_create", {**GRADE, "role": "decision"}, office, ("differs",)),
}


def test_every_action_is_in_the_table():
    named = {f"learningcity_{action}" for action, *_ in TABLE.values()}
    parts = ("learningcity_evaluation_", "learningcity_scorecard_", "learningcity_composite_")
    ours = {name for name in ACTIONS if name.startswith((*parts, "learningcity_reading_"))}
    assert named == ours


def test_the_table(network, monkeypatch):
    network.users["member"] = factories.User()["name"]
    helpers.call_action(
        "organization_member_create", id="o-th-56", username=network.users["member"], role="member"
    )
    wrong = []
    for state in states(network):
        with monkeypatch.context() as nothing_kept:
            nothing_kept.setattr(model.Session, "commit", model.Session.flush)
            for (name, row), role in itertools.product(TABLE.items(), ROLES):
                _, _, may, possible = row
                expected = (OK if state in possible else INVALID) if may(role, state) else REFUSED
                if (name, expected) == ("publish", OK):
                    continue  # it commits what it makes; the last state is reached by it
                found = outcome(network, role, name)
                if found != expected:
                    wrong.append((state, name, role, found, expected))
    assert wrong == []


def outcome(network, role: str | None, name: str) -> str:
    action, parameters, *_ = TABLE[name]
    try:
        network.act(action, role, **parameters)
    except tk.ValidationError:
        return INVALID
    except tk.NotAuthorized:
        return REFUSED
    finally:
        model.Session.rollback()
    return OK


def states(network) -> Iterator[str]:
    """Take an evaluation through its states."""
    network.act("evaluation_create", **DEFINITION)
    yield "draft"
    network.act("evaluation_open", id="2024")
    yield "open"
    network.grade(CITY, 3)
    yield "graded"
    network.grade(READER, 1)
    yield "differs"
    network.act("evaluation_close", id="2024")
    yield "closed"
    network.act("evaluation_publish", "sysadmin", id="2024")
    yield "published"
