"""What the portal says to an administrator who names what is not there.

CKAN asks no auth function for administrators, so these cannot be what finds out. Every action of
the portal, and every page with an id in its address, is asked for nothing that exists.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from ckan.logic import _actions
from ckan.plugins import toolkit as tk
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("portal")

NOTHING = "nothing-of-this-name"
ROUNDS = 12  # fields that an action asks for, one after the other


@pytest.fixture
def headers() -> dict[str, str]:
    return {"Authorization": factories.SysadminWithToken()["token"]}


def ask(app, headers, action: str, data: dict[str, Any]):
    return app.post(f"/api/3/action/{action}", json=data, headers=headers)


def filled(answer, data: dict[str, Any]) -> dict[str, Any] | None:
    """Return `data` with what the answer asked for, without what it knows nothing of."""
    faults = {k: v for k, v in answer.json["error"].items() if not k.startswith("__")}
    known = {k: v for k, v in data.items() if k not in faults or k == "id"}
    wanted = {
        name: 999_999 if name == "number" else NOTHING for name in faults.keys() - data.keys()
    }
    return None if known | wanted == data else known | wanted


def test_no_action_fails(app, headers):
    tk.get_action("status_show")  # fills the register
    actions = sorted(name for name in _actions if name.startswith("learningcity_"))
    assert len(actions) > 100
    failed = {}
    for action in actions:
        data: dict[str, Any] | None = {"id": NOTHING}
        for _ in range(ROUNDS):
            answer = ask(app, headers, action, data)
            if answer.status_code >= 500:
                failed[action] = (answer.status_code, data)
            data = filled(answer, data) if answer.status_code == 409 else None
            if data is None:
                break
    assert failed == {}


def test_no_page_fails(app, headers):
    rules = [
        rule
        for rule in app.flask_app.url_map.iter_rules()
        if rule.arguments
        and "GET" in (rule.methods or ())
        and rule.endpoint.startswith("learningcity")
    ]
    assert len(rules) > 60
    failed = {}
    for rule in rules:
        path = re.sub(r"<int:\w+>", "999999", rule.rule)
        path = re.sub(r"<[^>]+>", NOTHING, path)
        status = app.get(path, headers=headers, follow_redirects=False).status_code
        if status >= 500:
            failed[path] = status
    assert failed == {}


def test_a_submission_that_is_not_there_is_not_found(app, headers):
    for step in ("show", "diff", "discard", "preview", "publish", "submit", "update"):
        answer = ask(app, headers, f"learningcity_submission_{step}", {"id": NOTHING})
        assert answer.status_code == 404, step
        assert answer.json["error"]["message"].endswith("There is no such submission.")
