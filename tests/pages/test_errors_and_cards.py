"""Pages of errors, the pictures beside links from other sites, and dates with hours in Thai."""

from __future__ import annotations

import struct
from urllib.parse import parse_qs, urlsplit

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.learningcity.pages.error_words import learningcity_error

WORDS = {
    403: ("You may not see this page", "คุณไม่มีสิทธิ์ดูหน้านี้"),
    404: ("There is no such page", "ไม่มีหน้านี้"),
    413: ("What you sent is too large", "สิ่งที่ส่งมามีขนาดใหญ่เกินไป"),
    429: ("Too many requests", "คำขอมากเกินไป"),
    500: ("Something went wrong in the portal", "ระบบเกิดข้อผิดพลาด"),
}


def parsed(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def reader(app, language: str):
    return app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": language})


def test_an_error_says_what_to_do_next_in_the_readers_language(portal, app):
    for prefix, number in (("", 0), ("/th", 1)):
        answer = app.get(f"{prefix}/no/such/page")
        page = parsed(answer)
        assert answer.status_code == 404
        assert page.h1.text == WORDS[404][number]
        assert "URL was not found" not in page.text
        assert page.select_one("#error-content input[name=q]")
        assert page.select_one(f"#error-content a[href='{prefix}/']")
    assert "came_from" not in answer.body  # logging in finds no page that is not there
    unknown = app.get("/api/3/action/no_such_action")
    assert unknown.status_code == 400
    assert unknown.content_type.startswith("application/json")


def test_who_has_to_log_in_comes_back_to_the_page_in_their_language(portal, app):
    for prefix in ("", "/th"):
        for path in ("/board", "/desk?state=draft", "/forum/subscriptions", "/award/new"):
            asked = app.get(f"{prefix}{path}", follow_redirects=False)
            assert (asked.status_code, asked.location.split("?")[0]) == (
                302,
                f"http://test.ckan.net{prefix}/user/login",
            )
            assert parse_qs(urlsplit(asked.location).query) == {"came_from": [f"{prefix}{path}"]}
    closed = app.get("/th/dataset/new")
    assert closed.status_code == 403
    link = parsed(closed).select_one("#error-content a[href*='/user/login']")
    assert parse_qs(urlsplit(link["href"]).query) == {"came_from": ["/th/dataset/new"]}
    member = {"Authorization": factories.APIToken()["token"]}
    told = parsed(app.get("/board", headers=member)).select_one(".lc-lead").text
    assert "Log in" not in told


def test_every_status_has_words_and_keeps_what_was_said(app):
    for number, language in enumerate(("en", "th")):
        with reader(app, language):
            for code, words in WORDS.items():
                given = [code] if code == 500 else code  # as core gives it
                assert learningcity_error(given, "")["title"] == words[number]
    with reader(app, "en"):
        assert learningcity_error(404, "No such city.")["detail"] == "No such city."
        assert learningcity_error([500], "Internal server error")["detail"] == ""
        token = learningcity_error(400, "The CSRF token has expired.")
        assert (token["title"], token["detail"]) == ("The form was not sent", "")
        assert learningcity_error(418, "<b>")["title"] == "The portal could not do what was asked"


@pytest.fixture
def datasets(portal):
    owner = factories.Organization(name="office")
    for name, private in (("open-data", False), ("draft-data", True)):
        factories.Dataset(name=name, owner_org=owner["id"], private=private)


def test_pages_name_a_picture_of_themselves_that_everybody_may_see(datasets, app):
    for path in (
        "/",
        "/th/city/TH-56",
        "/indicator/ADULT_LITERACY",
        "/compare?area=TH-56,TH-57&indicator=ADULT_LITERACY",
        "/explore?area=TH-56&indicator=ADULT_LITERACY",
        "/dataset/open-data",
    ):
        page = parsed(app.get(path))
        address = page.select_one("meta[property='og:image']")["content"]
        assert page.select_one("meta[name='twitter:card']")["content"] == "summary_large_image"
        picture = app.get(address.removeprefix("http://test.ckan.net"))
        assert picture.content_type == "image/png", path
        assert struct.unpack(">II", picture.data[16:24]) == (1200, 630)
        assert picture.headers["ETag"]
    admin = {"Authorization": factories.APIToken(user=factories.Sysadmin()["name"])["token"]}
    for path in ("dataset/draft-data", "dataset/none", "city/XX", "indicator/NONE"):
        assert app.get(f"/card/{path}.png", headers=admin).status_code == 404, path
    hidden = parsed(app.get("/dataset/draft-data", headers=admin))
    assert "/card/home.png" in hidden.select_one("meta[property='og:image']")["content"]


def test_a_moment_with_hours_has_the_year_of_the_readers_era(app):
    with reader(app, "th"):
        text = tk.h.render_datetime("2024-02-14T03:00:00", with_hours=True)
        assert text.startswith("14 กุมภาพันธ์ พ.ศ. 2567 เวลา 10:00 น.")
    with reader(app, "en"):
        text = tk.h.render_datetime("2024-02-14T03:00:00", with_hours=True)
        assert text.startswith("14 February 2024, 10:00")
