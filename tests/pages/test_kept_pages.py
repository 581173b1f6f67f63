"""Whole pages that are kept for strangers: who gets them, and until when."""

from __future__ import annotations

import gzip
from sys import modules

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action
from redis import RedisError

from ckanext.learningcity.pages import fragments

from .conftest import publish

LATER = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nNEET,TH-40,2023,5.5\n"


@pytest.fixture
def kept(cities, ckan_config, monkeypatch, reset_redis):
    """Pages are kept, and every request asks whether something has changed."""
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.kept_page_seconds", 60)
    monkeypatch.setattr(fragments, "MARK_SECONDS", -1.0)
    reset_redis()


@pytest.fixture
def quick(kept, monkeypatch):
    """No request asks whether something has changed, once one has."""
    monkeypatch.setattr(fragments, "MARK_SECONDS", 600.0)
    monkeypatch.setattr(fragments, "_mark", (float("-inf"), ""))
    monkeypatch.setattr(fragments, "_asking", float("-inf"))


@pytest.fixture
def stranger(app, kept):
    """Return the answer to somebody who brings no cookie, and keeps none."""
    client = app.flask_app.test_client(use_cookies=False)

    def get(address, **headers):
        return client.get(address, headers=headers)

    return get


@pytest.fixture
def rendered(monkeypatch):
    """Return the names of the templates that are rendered from now on."""
    names: list[str] = []
    render = tk.render

    def noting(name, *args, **kwargs):
        names.append(name)
        return render(name, *args, **kwargs)

    monkeypatch.setattr(tk, "render", noting)
    return names


def test_a_stranger_gets_what_another_has_seen(stranger, rendered):
    first = stranger("/city/TH-56")
    assert "learningcity/city/read.html" in rendered
    rendered.clear()
    again = stranger("/city/TH-56")
    assert not rendered
    assert "92.0" in again.text
    for answer in (first, again):  # nor a cookie, with which the next page would not be a kept one
        assert 'name="_csrf_token"' not in answer.text
        assert "Set-Cookie" not in answer.headers
    assert {"Cookie", "Authorization", "Accept-Encoding"} <= set(again.headers["Vary"].split(", "))
    known = stranger("/city/TH-56", **{"If-None-Match": again.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    zipped = stranger("/city/TH-56", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.data) == again.data


def test_home_and_indicators_are_kept_and_forms_are_not(app, kept, rendered):
    for address in ("/", "/indicator/ADULT_LITERACY", "/indicator/", "/city/"):
        first = app.get(address)
        rendered.clear()
        assert len(app.get(address).body) == pytest.approx(len(first.body), abs=300)
        assert not rendered, address
    assert 'name="_csrf_token"' in [app.get("/user/login"), app.get("/user/login")][1].body


def test_languages_eras_and_questions_are_kept_apart(stranger):
    for _ in range(2):
        assert "Fiscal year 2023" in stranger("/city/TH-56").text
        assert "ปีงบประมาณ 2566" in stranger("/th/city/TH-56").text
        assert "ปีงบประมาณ 2023" in stranger("/th/city/TH-56", Cookie="learningcity_era=ce").text
        chosen = stranger("/th/city/TH-56?era=ce")
        assert "learningcity_era=ce" in chosen.headers["Set-Cookie"]
        assert "/city/TH-57" not in stranger("/city/?q=Phayao").text
        assert "/city/TH-57" in stranger("/city/?q=Chiang+Rai").text


def test_what_is_released_or_made_private_shows_at_once(app, kept, reset_db):
    assert "5.5" not in app.get("/city/TH-40").body
    publish(app, "kept-later", LATER)
    assert "5.5" in app.get("/city/TH-40").body
    with app.flask_app.test_request_context():
        editor = {"user": factories.Sysadmin()["name"]}
        call_action("package_patch", editor, id="kept-later", private=True)
    for _ in range(2):
        assert "5.5" not in app.get("/city/TH-40").body
    reset_db()


def test_those_who_have_logged_in_neither_get_nor_fill_it(app, kept, rendered):
    member = {"Authorization": factories.SysadminWithToken()["token"]}
    assert "77.7" in app.get("/city/TH-57", headers=member).body
    assert "77.7" not in app.get("/city/TH-57").body
    assert "77.7" not in app.get("/city/TH-57").body
    rendered.clear()
    assert "77.7" in app.get("/city/TH-57", headers=member).body
    assert rendered


def test_a_message_for_one_reader_is_not_shown_to_others(app, kept):
    app.get("/city/TH-56")
    with app.flask_app.test_client() as client:
        with client.session_transaction() as session:
            session["_flashes"] = [("alert-info", "only for you")]
        assert "only for you" in client.get("/city/TH-56").text
    assert "only for you" not in app.get("/city/TH-56").body


def test_wrong_addresses_and_errors_are_not_kept(app, kept, rendered):
    for address, status in (("/city/qqqqqqqq", 404), ("/city/?level=planet", 400)):
        for _ in range(2):
            app.get(address, status=status)
    assert rendered.count("learningcity/city/not_found.html") == 2
    long = "/city/?q=" + "a" * 300
    rendered.clear()
    app.get(long)
    app.get(long)
    assert rendered.count("learningcity/city/index.html") == 2


def test_pages_are_there_without_redis_s_answer(app, kept, monkeypatch):
    def broken():
        raise RedisError("gone")

    front = modules["ckanext.learningcity.pages.kept_front"]
    monkeypatch.setattr(front, "connect_to_redis", broken)
    assert "92.0" in app.get("/city/TH-56").body


def test_a_kept_page_is_given_before_ckan_begins(app, stranger, quick, monkeypatch):
    first = stranger("/th/city/TH-56?x=1", **{"Accept-Encoding": "gzip"})
    begun = []

    def begin(flask_app):
        begun.append(tk.request.path)
        return flask_app.response_class("CKAN")

    monkeypatch.setattr(type(app.flask_app), "full_dispatch_request", begin)
    again = stranger("/th/city/TH-56?x=1", **{"Accept-Encoding": "gzip"})
    plain = stranger("/th/city/TH-56?x=1")
    assert again.data == first.data
    assert again.headers["Content-Encoding"] == "gzip"
    assert plain.data == gzip.decompress(first.data)
    for name in ("Content-Type", "Content-Security-Policy", "Cache-Control", "Vary"):
        assert again.headers[name] == plain.headers[name] == first.headers[name]
    known = stranger("/th/city/TH-56?x=1", **{"If-None-Match": again.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    assert not begun
    for headers in (
        {"Cookie": "ckan=somebody"},
        {"Cookie": "remember_token=somebody"},
        {"Authorization": "a token"},
    ):
        assert stranger("/th/city/TH-56?x=1", **headers).text == "CKAN", headers
    for address in ("/en/city/TH-56?x=1", "/th/city/TH-56?x=2", "/th/city/TH-57?x=1"):
        assert stranger(address).text == "CKAN", address
    era = {"Cookie": "learningcity_era=ce"}
    assert stranger("/th/city/TH-56?x=1", **era).text == "CKAN"


def test_what_may_not_be_kept_is_not_given_before_ckan_begins(app, stranger, quick, monkeypatch):
    for _ in range(2):
        assert stranger("/city/qqqqqqqq").status_code == 404
        assert "learningcity_era=ce" in stranger("/th/city/TH-56?era=ce").headers["Set-Cookie"]
        assert 'name="_csrf_token"' in stranger("/user/login").text
    with app.flask_app.test_client() as client:
        assert client.head("/city/TH-56").data == b""
        assert client.post("/city/TH-56").status_code == 405


def test_one_reader_asks_what_has_changed_and_the_others_do_not_wait(
    app, stranger, quick, monkeypatch
):
    kept = stranger("/th/city/TH-56").text
    seconds, mark = fragments._mark
    monkeypatch.setattr(fragments, "_mark", (seconds - 700, mark))
    monkeypatch.setattr(
        type(app.flask_app), "full_dispatch_request", lambda flask: flask.response_class("CKAN")
    )
    assert stranger("/th/city/TH-57").text == "CKAN"  # is not kept and does not ask
    assert stranger("/th/city/TH-56").text == "CKAN"
    assert stranger("/th/city/TH-56").text == kept
