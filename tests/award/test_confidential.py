"""An application, and who reviews it, are nowhere to be found before publication."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from award.people import CLOSES, OPENS, PDF, REVIEWERS
from ckan.logic import get_action
from ckan.model import User
from ckan.plugins.toolkit import config
from ckan.tests import factories, helpers
from werkzeug.routing import BuildError

from ckanext.learningcity.award import evidence

MARK = "zebrafinch"
COMMENT = "quokkaremark"
OTHER = "chiangrai-editor"
OURS = ("learningcity_award", "learningcity_board")

#: Core lists every account to everybody who is logged in. These pages and actions therefore know
#: the reviewers' accounts, of which nothing says that they review; only `MARK` and `COMMENT` are
#: sought in what they answer.
ACCOUNTS = ("user.", "user_", "api.user_", "dashboard.")

#: Files of the disk, what the actions' test asks, and whole catalogues as a file.
OUTSIDE = ("static", "webassets.", "api.action", "util.", "user.logout", "datastore.dump")

#: Values by the name of an argument of an address; every other argument takes an id.
VALUES = {
    "round_id": "2026",
    "type_id": "award-entry",
    "year": "2026",
    "extension": "json",
    "_format": "ttl",
}


@pytest.fixture
def secret(people) -> dict[str, str]:
    """An application under review, and the review that is handed in."""
    people.call()
    return handed_in(people)


def handed_in(people) -> dict[str, str]:
    people.now = OPENS
    application = people.apply("phayao", "equity", MARK)
    other = people.apply("chiangrai", "economy")
    people.now = CLOSES
    (review,) = people.assign(application, REVIEWERS[0])
    people.review(REVIEWERS[0], review, 9, COMMENT)
    people.assign(other, REVIEWERS[2])
    shown = people.act("phayao-editor", "application_show", id=application)
    return {"application": application, "review": review, "file": shown["files"][0]["id"]}


def forbidden() -> dict[str | None, tuple[str, ...]]:
    """Return by reader which words must not be read: the city may read its own application."""
    reviews = (COMMENT, REVIEWERS[0], User.get(REVIEWERS[0]).id)
    others = dict.fromkeys((OTHER, None, "reviewer-three"), (MARK, *reviews))
    return {**others, "phayao-editor": reviews}


def leaked(name: str, words: tuple[str, ...], answer: str) -> list[str]:
    """Return the words in an answer of the route or action `name`."""
    sought = [word for word in words if word in (MARK, COMMENT) or not name.startswith(ACCOUNTS)]
    return [word for word in sought if word in answer]


def readers(names: tuple[str | None, ...]) -> dict[str | None, dict[str, str]]:
    return {
        name: {"Authorization": factories.APIToken(user=name)["token"]} if name else {}
        for name in names
    }


def test_no_page_shows_it(people, app, secret):
    words = forbidden()
    heads = readers(tuple(words))
    found, asked = [], 0
    for rule in routes(app):
        for address in addresses(app, rule, secret):
            for name in words if rule.endpoint.startswith(OURS) else (OTHER,):
                asked += 1
                answer = shown(app, address, heads[name])
                found += [
                    (address, name, word) for word in leaked(rule.endpoint, words[name], answer)
                ]
    assert found == []
    assert asked > 150
    own = app.get(f"/award/application/{secret['application']}", headers=heads["phayao-editor"])
    assert MARK in own.body


def routes(app) -> list[Any]:
    """Return the routes to read; one dataset page of all the types that share its code."""
    found = {}
    for rule in app.flask_app.url_map.iter_rules():
        if "GET" in rule.methods and not any(part in rule.endpoint for part in OUTSIDE):
            view = app.flask_app.view_functions[rule.endpoint]
            alike = rule.arguments and view.__module__ in (
                "ckan.views.dataset",
                "ckan.views.resource",
            )
            key = (view.__module__, view.__name__, *rule.arguments) if alike else rule.rule
            found[key] = rule
    return list(found.values())


def shown(app, address: str, headers: dict[str, str]) -> str:
    try:
        content = app.get(address, headers=headers, follow_redirects=False).get_data()
    except Exception as error:  # noqa: BLE001 - other extensions' pages raise for odd arguments
        return str(error)
    return content.decode(errors="replace").replace(address, "")


def addresses(app, rule, secret: dict[str, str]) -> list[str]:
    """Return the addresses of a route: with the city, and in the awards with each secret id."""
    awards = rule.endpoint.startswith(OURS) and rule.arguments
    ids = (secret["application"], secret["review"]) if awards else ("phayao-office",)
    named = {f"{name}_id": value for name, value in secret.items()}
    made = set()
    for each in ids:
        given = {
            name: named.get(name) or VALUES.get(name, each)
            for name in rule.arguments
            if name not in (rule.defaults or {})
        }
        with app.flask_app.test_request_context(), suppress(BuildError, ValueError):
            made.add(app.flask_app.url_map.bind("test").build(rule.endpoint, given))
    return sorted(made)


def test_no_action_says_it(people, secret):
    found = []
    for name in actions():
        for reader, words in forbidden().items():
            if reader != OTHER and not name.startswith(OURS):
                continue
            for given in questions(name, secret):
                answer = json.dumps(outcome(people, name, reader, given))
                found += [(name, reader, word) for word in leaked(name, words, answer)]
    assert found == []
    own = outcome(people, SHOW, "phayao-editor", {"id": secret["application"]})
    assert MARK in json.dumps(own)


SHOW = "learningcity_award_application_show"


def questions(name: str, secret: dict[str, str]) -> list[dict[str, str]]:
    """Return parameters for an action; those of the awards are asked in every way they know."""
    asked = [{}, {"q": MARK}, {"id": secret["application"]}, {"id": "phayao-office"}]
    if not name.startswith(OURS):
        return asked
    return [
        *asked,
        *({"id": secret[kind]} for kind in ("review", "file")),
        {"round": "2026"},
        {"round": "2026", "application": secret["application"]},
        {"id": secret["application"], "file": secret["file"]},
    ]


def test_no_count_moves(people):
    people.call()
    people.now = CLOSES  # as afterwards: in which stage the round is, is public
    before = answers(people)
    handed_in(people)
    after = answers(people)
    assert [name for name in before if before[name] != after[name]] == []


def answers(people) -> dict[str, Any]:
    """Return what the reading actions answer to a stranger without any parameter."""
    return {name: outcome(people, name, "stranger", {}) for name in actions() if name not in MOVING}


#: Answers that change with time alone, and RDF, whose blank nodes have other names each time.
MOVING = {
    "status_show",
    "job_list",
    "harvest_log_list",
    "dcat_catalog_search",
    "dcat_catalog_show",
}


def actions() -> list[str]:
    get_action("package_show")
    from ckan.logic import _actions  # noqa: PLC0415 - filled by the first `get_action`

    return sorted(name for name in _actions if getattr(_actions[name], "side_effect_free", False))


def outcome(people, name: str, reader: str | None, given: dict[str, Any]) -> Any:
    context = {"user": reader or "", "ignore_auth": False}
    try:
        with people.app.flask_app.test_request_context():
            found = helpers.call_action(name, context, **given)
        return json.loads(json.dumps(found, default=str))
    except Exception as error:  # noqa: BLE001 - what an error says must be no secret either
        return f"{type(error).__name__}: {error}"


def test_a_foreign_id_answers_as_an_unknown_one(people, app, secret):
    nobody = "00000000-0000-0000-0000-000000000000"
    heads = readers((None, "chiangrai-editor", "reviewer-three", "phayao-member"))
    for address in (
        "/award/application/{application}",
        "/award/application/{application}/file/{file}",
        "/award/review/{review}",
        "/api/3/action/learningcity_award_application_show?id={application}",
        "/api/3/action/learningcity_award_file_show?id={application}&file={file}",
        "/api/3/action/learningcity_award_review_show?id={review}",
    ):
        for headers in heads.values():
            real, unknown = (
                app.get(address.format(**ids), headers=headers, follow_redirects=False)
                for ids in (secret, dict.fromkeys(secret, nobody))
            )
            assert real.status_code == unknown.status_code
            assert real.status_code in (302, 404)
            if "/api/" in address:
                assert real.json["error"] == unknown.json["error"]


def test_the_bytes_lie_in_the_awards_storage_alone(people, secret):
    kept = PDF + MARK.encode()
    assert evidence.content(sha256(kept).hexdigest()) == kept
    holding = [
        path
        for path in Path(config["ckan.storage_path"]).rglob("*")
        if path.is_file() and MARK.encode() in path.read_bytes()
    ]
    assert holding
    assert all("awards" in path.parts for path in holding)


def test_an_entry_is_not_made_by_hand(people):
    given = {
        **{"type": "award-entry", "owner_org": "phayao-office"},
        **{"title_translated": {"en": "We won"}, "notes_translated": {"en": "Really"}},
        **{"award_round": "2026", "award_category": "equity", "award_level": "winner"},
    }
    for name in ("phayao-editor", "root"):
        with pytest.raises(tk.ValidationError, match="publication of a round"):
            helpers.call_action("package_create", {"user": name, "ignore_auth": False}, **given)
