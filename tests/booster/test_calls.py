"""Calls for innovations: open for a time, and answered by innovations that name them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories


@pytest.fixture(autouse=True)
def _no_calls(people):
    for package in model.Session.query(model.Package).filter_by(type="innovation-call"):
        package.purge()
    model.Session.commit()


def page(app, address) -> BeautifulSoup:
    headers = {"Authorization": factories.APIToken(user="phayao_editor")["token"]}
    return BeautifulSoup(app.get(address, headers=headers).body, "html.parser")


def test_an_open_call_leads_to_a_form_that_names_it_and_shows_its_answers(app, people):
    people.share("innovation-call", user="rayong_editor", name="ideas", closes="2099-12-31")
    shown = page(app, "/innovation-call/ideas")
    address = shown.select_one('a[href*="/innovation/new"]')["href"]
    assert page(app, address).select_one("#field-related")["value"] == "ideas"
    people.share("innovation", name="an-answer", related=["ideas"])
    assert page(app, "/innovation-call/ideas").select_one('a[href$="/innovation/an-answer"]')
    assert page(app, "/innovation/an-answer").select_one('a[href$="/innovation-call/ideas"]')
    assert page(app, "/booster/calls").select_one('a[href$="/innovation-call/ideas"]')


@pytest.mark.parametrize(
    ("opens", "closes", "told"),
    [("2099-01-01", "2099-12-31", "opens on"), ("2020-01-01", "2020-12-31", "closed since")],
)
def test_a_call_that_is_not_open_says_so(app, people, opens, closes, told):
    people.share("innovation-call", name="ideas", opens=opens, closes=closes)
    shown = page(app, "/innovation-call/ideas")
    assert told in shown.get_text()
    assert not shown.select('a[href*="/innovation/new"]')


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [({"closes": "2025-01-01"}, "closes"), ({"opens": "soon"}, "opens"), ({"opens": ""}, "opens")],
)
def test_a_wrong_day_is_named(people, fields, faulty):
    with pytest.raises(tk.ValidationError) as refused:
        people.share("innovation-call", **fields)
    assert list(refused.value.error_dict) == [faulty]


def test_what_comes_too_late_or_too_early_is_refused_and_what_came_in_time_stays(people):
    people.share("innovation-call", name="open", closes="2099-12-31")
    people.share("innovation-call", name="over", opens="2020-01-01", closes="2020-12-31")
    people.share("innovation-call", name="to-come", opens="2099-01-01", closes="2099-12-31")
    for call in ("over", "to-come"):
        for user in ("phayao_editor", "rayong_editor"):
            with pytest.raises(tk.ValidationError) as refused:
                people.share("innovation", user=user, related=["open", call])
            assert f"“{call}” takes answers from 20" in refused.value.error_dict["related"][0]
    made = people.share("innovation", name="in-time", related="open")
    call = {"user": "phayao_editor", "action": "package_patch", "id": "open"}
    people.act(**call, opens="2020-01-01", closes="2020-12-31")
    changed = people.act("phayao_editor", "package_patch", id=made["id"], title="Another title")
    assert changed["related"] == made["related"]
    with pytest.raises(tk.ValidationError, match="related"):
        people.act("phayao_editor", "package_patch", id=made["id"], related=["open", "over"])
    with pytest.raises(tk.ValidationError, match="related"):
        people.share("innovation", related="no-such-page")
    people.share("research", related=["over"])  # names the call, and does not answer it
