"""Writing: limits, edits, Markdown that cannot run, search, and what stays of a deleted account."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from ckanext.learningcity.logic import forum_common as common

INJECTIONS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](  JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '<a href="https://example.org" onclick="alert(1)">x</a>',
    "![x](https://example.org/spy.png)",
    "<svg/onload=alert(1)>",
    '<iframe src="https://example.org"></iframe>',
    '<div style="position:fixed" id="content">x</div>',
    '`<script>alert(1)</script>` @author" onmouseover="alert(1)',
    "<style>body{display:none}</style>",
    "]]></content><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    'http://example.org/"onmouseover=alert(1)//',
)


def harmless(html: str) -> bool:
    found = BeautifulSoup(html, "html.parser")
    bad = found.find_all(["script", "img", "svg", "iframe", "style", "object", "embed", "form"])
    handlers = [name for tag in found.find_all(True) for name in tag.attrs if name[:2] == "on"]
    styled = [tag for tag in found.find_all(True) if {"style", "id"} & set(tag.attrs)]
    targets = [tag["href"] for tag in found.find_all("a", href=True)]
    return not (bad or handlers or styled) and all(
        re.match(r"(https?://|/|#|mailto:)", target) for target in targets
    )


def test_a_post_says_its_language(forum, app):
    for lang, body in (("th", "สวัสดีทุกเมือง"), ("en", "Hello to all cities")):
        topic = forum.topic(title=body, body=body)
        for page in ("th", "en"):
            read = BeautifulSoup(
                app.get(f"/{page}/forum/post/{forum.first(topic)}").body, "html.parser"
            )
            assert read.find(class_="lc-post-body")["lang"] == lang


def test_markdown_runs_nowhere(forum, app):
    body = "\n\n".join(INJECTIONS)
    topic = forum.topic(title="<script>alert(1)</script> & co", body=body)
    for one in INJECTIONS:
        html = forum.act("author", "learningcity_forum_preview", body=one)["html"]
        assert harmless(html), (one, html)
    assert harmless(topic["posts"][0]["html"])
    page = BeautifulSoup(app.get(f"/forum/post/{forum.first(topic)}").body, "html.parser")
    assert "<script>alert(1)</script> & co" in page.find("h1").text
    assert harmless(str(page.find(class_="lc-post-body")))
    assert not [tag for tag in page.find_all("script") if "alert(1)" in tag.text]
    feed = BeautifulSoup(app.get("/forum/feed.atom").body, "xml")
    assert harmless(feed.find("content").text)
    assert feed.find("entry").title.text == "<script>alert(1)</script> & co"
    assert "7 * 7" in page.text


def test_bad_input_is_refused_at_its_field(forum):
    cases = {
        "space": {"space": "nowhere"},
        "title": {"title": "x" * 151},
        "body": {"body": "x" * 20_001},
        "object_kind": {"object_kind": "person", "object_id": "x"},
        "object_id": {"object_kind": "city", "object_id": "TH-99"},
        "unknown": {"unknown": "x"},
    }
    for field, given in cases.items():
        with pytest.raises(tk.ValidationError) as error:
            forum.topic(**given)
        assert set(error.value.error_dict) == {field}, field
    for given in ({"title": " \u202e "}, {"body": " \n\x00 "}, {"object_id": "TH-56"}):
        with pytest.raises(tk.ValidationError):
            forum.topic(**given)
    assert forum.act("", "learningcity_topic_list")["count"] == 0
    topic = forum.topic(title="one\r\nline\x00\u202e", body="two\r\nlines\x0b")
    assert (topic["title"], topic["posts"][0]["body"]) == ("one line", "two\nlines")


def test_a_flood_of_500_posts_is_stopped_and_says_when_to_come_back(
    forum, app, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.posts_minute", 5)
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.posts_hour", 40)
    topic = forum.topic("curator")
    moment = common.now()  # stands still: on a slow machine a minute would pass
    monkeypatch.setattr(common, "now", lambda: moment)

    def is_let(number: int) -> bool:
        try:
            return bool(forum.reply(topic, body=f"Flood {number}"))
        except tk.ValidationError as error:
            assert "wait" in error.error_dict["body"][0]
            return False

    assert sum(map(is_let, range(500))) == 5
    assert forum.act("", "learningcity_topic_show", id=topic["id"])["replies"] == 5
    headers = {"Authorization": factories.APIToken(user="member")["token"]}
    address = "/api/action/learningcity_reply_create"
    given = {"topic": topic["id"], "body": "More"}
    answer = app.post(address, json=given, headers=headers, status=429)
    assert int(answer.headers["Retry-After"]) == 61  # a second after it, to be sure
    assert "body" in answer.json["error"]
    form = {"body": "More <of this>", "act": "save"}
    page = app.post(f"/forum/topic/{topic['id']}/reply", data=form, headers=headers, status=429)
    assert page.headers["Retry-After"]
    assert BeautifulSoup(page.body, "html.parser").find("textarea").text.strip() == form["body"]
    assert forum.reply(topic, "author")["state"] == "visible"  # others go on


def test_edits_and_reports_count_too(forum, ckan_config, monkeypatch):
    topic = forum.topic()
    other = forum.reply(topic, "author")
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.posts_minute", 3)
    own = forum.reply(topic)
    forum.act("member", "learningcity_forum_post_update", id=own["id"], body="Edited")
    forum.act("member", "learningcity_forum_post_report", id=other["id"], reason="Spam")
    with pytest.raises(tk.ValidationError):
        forum.act("member", "learningcity_forum_post_update", id=own["id"], body="Again")


def test_many_at_once_do_not_get_past_the_limit(forum, app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.posts_minute", 3)
    topic = forum.topic("curator")

    def post(number: int) -> bool:
        with app.flask_app.test_request_context():
            try:
                forum.reply(topic, body=f"At once {number}")
            except tk.ValidationError:
                return False
            finally:
                model.Session.remove()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(post, range(12))) == 3


def test_every_earlier_text_is_kept_and_a_moderator_may_hide_one(forum):
    topic = forum.topic(body="First text")
    post = forum.first(topic)
    for body, title in (("Second text", "Second title"), ("Third text", None)):
        given = {"id": post, "body": body, **({"title": title} if title else {})}
        forum.act("author", "learningcity_forum_post_update", **given)
    shown = forum.act("", "learningcity_topic_show", id=topic["id"])
    assert (shown["title"], shown["posts"][0]["body"]) == ("Second title", "Third text")
    assert shown["posts"][0]["edits"] == 2
    earlier = forum.act("", "learningcity_forum_post_history", id=post)
    assert [(row["number"], row["title"], row["body"]) for row in earlier] == [
        (2, "Second title", "Second text"),
        (1, "A question", "First text"),
    ]
    hide = {"id": post, "number": 1, "reason": "An address"}
    forum.act("curator", "learningcity_forum_version_hide", **hide)
    assert forum.act("", "learningcity_forum_post_history", id=post)[1]["body"] is None
    assert forum.act("curator", "learningcity_forum_post_history", id=post)[1]["body"]
    with pytest.raises(tk.ObjectNotFound):
        forum.act("curator", "learningcity_forum_version_hide", **{**hide, "number": 9})


def test_thai_words_and_english_endings_are_found(forum):
    forum.topic(title="การส่งเสริมการอ่านในชุมชน", body="ห้องสมุดเคลื่อนที่ไปตลาดนัด")
    forum.topic(title="Reading circles", body="We met in libraries")
    found = {
        q: [row["title"] for row in forum.act("", "learningcity_topic_list", q=q)["results"]]
        for q in ("การอ่าน", "ห้องสมุด", "library", "read", "nothing like it", "'!&|")
    }
    assert found == {
        "การอ่าน": ["การส่งเสริมการอ่านในชุมชน"],
        "ห้องสมุด": ["การส่งเสริมการอ่านในชุมชน"],
        "library": ["Reading circles"],
        "read": ["Reading circles"],
        "nothing like it": [],
        "'!&|": [],
    }


def test_moderators_lock_pin_and_move_with_a_reason(forum):
    topic = forum.topic()
    forum.topic(title="A later one")
    change = {"id": topic["id"], "reason": "Settled"}
    act = {"locked": True, "pinned": True}
    changed = forum.act("curator", "learningcity_topic_moderate", **change, **act)
    assert changed["locked"] and changed["pinned"]
    listed = forum.act("", "learningcity_topic_list", space="questions")["results"]
    assert [row["title"] for row in listed] == ["A question", "A later one"]
    forum.act("curator", "learningcity_topic_moderate", **change, space="practice")
    assert forum.act("", "learningcity_topic_list", space="questions")["count"] == 1
    record = forum.act("curator", "learningcity_topic_decisions", id=topic["id"])
    assert [row["kind"] for row in record] == ["moved", "pinned", "locked"]
    for bad in ({"space": "nowhere"}, {"reason": " "}):
        with pytest.raises(tk.ValidationError):
            forum.act("curator", "learningcity_topic_moderate", **{**change, **bad})
    with pytest.raises(tk.ValidationError):
        forum.act("curator", "learningcity_forum_space_delete", id="practice")


def test_an_erased_account_leaves_what_it_wrote(forum, app):
    leaver = factories.User(fullname="Somebody Real", email="real@example.org")["name"]
    topic = forum.topic(leaver, body="What I know")
    forum.reply(topic, body=f"Thank you @{leaver}")
    forum.act("administrator", "user_delete", id=leaver)
    shown = forum.act("", "learningcity_topic_show", id=topic["id"])
    assert shown["author"] is None
    assert shown["posts"][0]["author"] is None
    page = app.get(f"/forum/post/{forum.first(topic)}").body
    feed = app.get("/forum/feed.atom").body
    for text in (page, feed):
        assert "What I know" in text
        assert "deleted account" in text
        assert "Somebody Real" not in text
        assert f"@{leaver}" not in text
        assert f"/user/{leaver}" not in text
