"""Two cities with a dataset each, and the secretariat."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from content.conftest import made
from content.people import People

from ckanext.learningcity.problems.model import problem


@pytest.fixture
def people(reset_db, with_plugins, reset_index, reset_redis) -> People:
    """The cities' people and datasets; they stay, and reports go before each test."""
    if model.Group.get("problem-tests") is None:
        reset_db()
        reset_redis()
        reset_index()
        found = made()
        model.Session.add(model.Group(name="problem-tests", title="Marks this module's portal"))
        for name, private in (("open-data", False), ("draft-data", True)):
            _dataset(name, private)
        model.Session.commit()
        return found
    model.Session.execute(problem.delete())
    model.Session.commit()
    for key in connect_to_redis().scan_iter("learningcity:problems:*"):
        connect_to_redis().delete(key)
    return People()


def _dataset(name: str, private: bool) -> None:
    call_action(
        "package_create",
        {"user": "phayao_editor", "ignore_auth": False},
        name=name,
        title_translated={"en": f"Data {name}", "th": f"ข้อมูล {name}"},
        notes_translated={"en": "Made up."},
        owner_org="phayao-office",
        private=private,
    )
