"""A city that holds events, another one, and the secretariat."""

from __future__ import annotations

import pytest
from ckan import model
from content.conftest import made
from content.people import People

from ckanext.learningcity.week.model import signup


@pytest.fixture
def people(reset_db, with_plugins, reset_index, reset_redis) -> People:
    """The cities' people; they stay, what they share and who signed up goes before each test."""
    if model.Group.get("week-tests") is None:
        reset_db()
        reset_redis()
        reset_index()
        found = made()
        model.Session.add(model.Group(name="week-tests", title="Marks this module's portal"))
        model.Session.commit()
        return found
    model.Session.execute(signup.delete())
    for package in model.Session.query(model.Package):
        package.purge()
    model.Session.commit()
    reset_index()
    return People()
