"""Five cities, three reviewers and the secretariat, and a round of the awards with a clock."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from award.people import People, made
from ckan import model

from ckanext.learningcity.award import clock
from ckanext.learningcity.award.model import THINGS, event


@pytest.fixture(scope="module")
def network(reset_db, _migrated):
    """The people and cities, made once for a module."""
    reset_db()


@pytest.fixture
def people(network, with_plugins, reset_index, reset_redis, app, monkeypatch) -> People:
    """The cities stay from test to test; rounds, applications and entries go."""
    if model.Group.get("phayao-office") is None:
        reset_redis()
        reset_index()
        made(app)
    for package in model.Session.query(model.Package).filter_by(type="award-entry"):
        package.purge()
    tables = ", ".join(table.name for table in (*THINGS.values(), event))
    model.Session.execute(sa.text(f"TRUNCATE {tables}"))
    model.Session.commit()
    found = People(app)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found
