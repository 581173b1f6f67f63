"""Every action of the awards, for every role, in every state: who may, who is refused, who is told
that there is nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import ckan.plugins.toolkit as tk
import pytest
from award.people import CLOSES, OPENS, PDF, PUBLISHES, REVIEWERS, ROUND, People
from ckan import model
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.learningcity.logic.action import ACTIONS

OK, INVALID, REFUSED, HIDDEN = "ok", "invalid", "refused", "hidden"

ROLES = (
    *(None, "stranger", "chiangrai-editor", "phayao-member", "phayao-editor"),
    *("reviewer-one", "reviewer-three", "secretary", "double", "root"),
)
OFFICE = {"secretary", "double", "root"}

#: In their order: round open with a draft and with what is handed in; reviewers asked; all scores
#: in; decided, not told; told; appealed; published.
STATES = ("draft", "submitted", "asked", "scored", "decided", "told", "appealed", "published")
REVIEWING = STATES[2:]

#: For whom an action of a kind is, and in which states it is possible then.
EVERYBODY, LOGGED_IN, OFFICIAL, CITY, VIEW, APPLICANT, SECRETARIAT, REVIEWER, FILE, RELEASE = (
    *("everybody", "logged in", "office", "city", "view", "applicant", "secretariat"),
    *("reviewer", "file", "release"),
)
TABLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "round_list": (EVERYBODY, STATES),
    "round_show": (EVERYBODY, STATES),
    "gallery": (EVERYBODY, STATES),
    "round_create": (OFFICIAL, STATES),
    "round_record": (OFFICIAL, STATES),
    "round_update": (OFFICIAL, STATES[:-1]),
    "round_announce": (OFFICIAL, ()),
    "round_decide": (OFFICIAL, ("decided",)),
    "round_publish": (OFFICIAL, ("published",)),
    "ranking": (OFFICIAL, STATES),
    "begun_list": (OFFICIAL, STATES),
    "trail": (OFFICIAL, STATES),
    "application_create": (CITY, ("draft", "submitted")),
    "application_list": (LOGGED_IN, STATES),
    "review_list": (LOGGED_IN, STATES),
    "application_show": (VIEW, STATES),
    "file_show": (FILE, STATES),
    "application_update": (APPLICANT, ("draft",)),
    "figure_add": (APPLICANT, ("draft",)),
    "figure_remove": (APPLICANT, ("draft",)),
    "file_add": (APPLICANT, ("draft",)),
    "file_remove": (APPLICANT, ("draft",)),
    "application_submit": (APPLICANT, ("draft",)),
    "application_withdraw": (APPLICANT, ("submitted",)),
    "application_appeal": (APPLICANT, ("told",)),
    "application_extend": (SECRETARIAT, ("draft",)),
    "review_assign": (SECRETARIAT, ("asked", "scored")),
    "review_again": (SECRETARIAT, ()),
    "application_decide": (SECRETARIAT, ("scored",)),
    "application_reopen": (SECRETARIAT, ("decided",)),
    "appeal_answer": (SECRETARIAT, ("appealed",)),
    "review_release": (RELEASE, ("asked",)),
    "review_show": (REVIEWER, REVIEWING),
    "review_update": (REVIEWER, ("asked",)),
    "review_submit": (REVIEWER, ("asked",)),
    "review_declare": (REVIEWER, ("asked", "scored")),
}


def expected(action: str, role: str | None, state: str) -> str:
    kind, possible = TABLE[action]
    outcome = OK if state in possible else INVALID
    reviewing, seen_as = state in REVIEWING, viewpoint(role, state)
    if kind == FILE and state == "published":
        return OK
    if kind in OPENLY:
        return outcome if OPENLY[kind](role) else REFUSED
    if kind == REVIEWER:
        return outcome if role == "reviewer-one" and reviewing else HIDDEN
    if kind == RELEASE:
        return outcome if seen_as == SECRETARIAT and reviewing else HIDDEN
    if seen_as is None:
        return HIDDEN
    return outcome if kind in (VIEW, FILE, seen_as) else REFUSED


#: Kinds whose actions tell everybody that they are there.
OPENLY: dict[str, Callable[[str | None], bool]] = {
    EVERYBODY: lambda _role: True,
    LOGGED_IN: lambda role: role is not None,
    OFFICIAL: lambda role: role in OFFICE,
    CITY: lambda role: role == "phayao-editor",
}


def viewpoint(role: str | None, state: str) -> str | None:
    if role == "phayao-editor":
        return APPLICANT
    if role in ("secretary", "root"):
        return SECRETARIAT
    return REVIEWER if role == "reviewer-one" and state in REVIEWING else None


def test_every_action_is_in_the_table():
    named = {f"learningcity_award_{name}" for name in TABLE}
    assert named == {name for name in ACTIONS if name.startswith("learningcity_award_")}


def test_the_table(people, monkeypatch):
    if model.User.get("double") is None:
        factories.User(name="double")
        for office, capacity in (("network-office", "editor"), ("phayao-office", "member")):
            helpers.call_action(
                "organization_member_create", id=office, username="double", role=capacity
            )
    wrong = []
    for state, ids in states(people):
        with monkeypatch.context() as nothing_kept, people.app.flask_app.test_request_context():
            nothing_kept.setattr(model.Session, "commit", model.Session.flush)
            for action in TABLE:
                for role in ROLES:
                    found = outcome(people, role, action, ids)
                    if found != expected(action, role, state):
                        wrong.append((state, action, role, found, expected(action, role, state)))
    assert wrong == []


def outcome(people: People, role: str | None, action: str, ids: dict[str, str]) -> str:
    try:
        context = {"user": role or "", "ignore_auth": False}
        helpers.call_action(f"learningcity_award_{action}", context, **PARAMETERS[action](ids))
    except tk.ValidationError:
        return INVALID
    except tk.NotAuthorized:
        return REFUSED
    except tk.ObjectNotFound:
        return HIDDEN
    finally:
        model.Session.rollback()
    return OK


def states(people: People) -> Iterator[tuple[str, dict[str, str]]]:
    """Take a round through its states, and yield each with the ids of what there is."""
    people.call()
    people.now = OPENS
    other = people.apply("chiangrai", "economy")
    application = people.begin()
    people.write(application)
    people.act("phayao-editor", "figure_add", id=application, indicator="ADULT_LITERACY")
    shown = people.act("phayao-editor", "application_show", id=application)
    ids = {"id": application, "file": shown["files"][0]["id"], "review": "none"}
    yield "draft", ids
    people.act("phayao-editor", "application_submit", id=application)
    yield "submitted", ids
    people.now = CLOSES
    (foreign,) = people.assign(other, REVIEWERS[2])
    people.review(REVIEWERS[2], foreign, 6)
    (ids["review"],) = people.assign(application, REVIEWERS[0])
    given = {name: dict.fromkeys(CRITERIA, value) for name, value in WRITTEN.items()}
    people.act(REVIEWERS[0], "review_update", id=ids["review"], **given)
    yield "asked", ids
    people.act(REVIEWERS[0], "review_submit", id=ids["review"])
    yield "scored", ids
    people.decide(other)
    people.decide(application, "winner")
    yield "decided", ids
    people.act("secretary", "round_decide", id="2026")
    yield "told", ids
    people.act("phayao-editor", "application_appeal", id=application, reason="Once more")
    yield "appealed", ids
    answer = {"reopen": False, "reason": "It stands"}
    people.act("secretary", "appeal_answer", id=application, **answer)
    people.now = PUBLISHES
    people.act("secretary", "round_publish", id="2026")
    yield "published", ids


CRITERIA = ("need", "approach", "results", "inclusion", "continuity")
WRITTEN = {"scores": 8, "comments": "Sound."}
NEW = {**ROUND, "id": "2030", "year": "2030"}
FACTS = {"source": "https://example.org/", "verified": False}
LATER = "2026-09-10T16:30"


def application(**more: object) -> Callable[[dict[str, str]], dict[str, object]]:
    return lambda ids: {"id": ids["id"], **more}


def review(**more: object) -> Callable[[dict[str, str]], dict[str, object]]:
    return lambda ids: {"id": ids["review"], **more}


def always(**given: object) -> Callable[[dict[str, str]], dict[str, object]]:
    return lambda _ids: given


PARAMETERS: dict[str, Callable[[dict[str, str]], dict[str, object]]] = {
    "round_list": always(),
    "round_show": always(id="2026"),
    "gallery": always(id="2026"),
    "round_create": always(**NEW),
    "round_record": always(id="2019", year=2019, title=ROUND["title"], facts=FACTS),
    "round_update": always(**ROUND, reason="A new title"),
    "round_announce": always(id="2026"),
    "round_decide": always(id="2026"),
    "round_publish": always(id="2026"),
    "ranking": always(round="2026"),
    "begun_list": always(round="2026"),
    "trail": always(round="2026"),
    "application_create": always(
        round="2026", category="children_youth", organization="phayao-office"
    ),
    "application_list": always(),
    "review_list": always(),
    "application_show": application(),
    "file_show": lambda ids: {"id": ids["id"], "file": ids["file"]},
    "application_update": application(summary={"en": "Changed"}),
    "figure_add": application(indicator="ADULT_LITERACY"),
    "figure_remove": application(indicator="ADULT_LITERACY"),
    "file_add": lambda ids: {
        "id": ids["id"],
        "upload": FileStorage(io.BytesIO(PDF), "more.pdf"),
    },
    "file_remove": lambda ids: {"id": ids["id"], "file": ids["file"]},
    "application_submit": application(),
    "application_withdraw": application(),
    "application_appeal": application(reason="Once more"),
    "application_extend": application(until=LATER, reason="A flood"),
    "review_assign": application(reviewer="reviewer-two"),
    "review_again": application(reason="Apart"),
    "application_decide": application(level="winner", reason="As reviewed"),
    "application_reopen": application(reason="A slip"),
    "appeal_answer": application(reopen=True, reason="Right"),
    "review_release": review(reason="Ill"),
    "review_show": review(),
    "review_update": review(scores={"need": 5}),
    "review_submit": review(),
    "review_declare": review(reason="My cousin"),
}


@pytest.mark.parametrize("role", ["secretary", "root"])
def test_an_office_does_not_open_ones_own_city(people, role):
    people.call()
    application = people.apply()
    membership = {"id": "phayao-office", "username": role}
    helpers.call_action("organization_member_create", **membership, role="member")
    try:
        with pytest.raises(tk.ObjectNotFound):
            people.act(role, "application_show", id=application)
        assert people.act(role, "ranking", round="2026") == []
        happened = people.act(role, "trail", round="2026")
        assert {line["thing"] for line in happened} == {"round"}
    finally:
        helpers.call_action("organization_member_delete", {"user": "root"}, **membership)
