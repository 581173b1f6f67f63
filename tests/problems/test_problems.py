"""Reports of problems: who may send, read and answer them, and that senders are forgotten."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import jobs
from ckan.tests import factories

from ckanext.learningcity.problems import keeping, limits, telling
from ckanext.learningcity.problems.model import problem

EVIL = '"><script>alert(1)</script>{{7*7}}'
FORM = "/problem/new?dataset=open-data&indicator=ADULT_LITERACY&area=TH-56"


def report(people, user="", **fields):
    given = {"dataset": "open-data", "kind": "value", "text": "The value of 2023 is too high."}
    return people.act(user, "learningcity_problem_create", **{**given, **fields})["number"]


def show(people, number, user="phayao_editor"):
    return people.act(user, "learningcity_problem_show", number=number)


def rows() -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(problem))


def parsed(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def headers(user: str) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user)["token"]}


def test_a_stranger_reports_and_an_editor_answers_and_closes(people, app):
    page = parsed(app.get(FORM))
    assert "Data open-data" in page.select_one(".lc-facts").text
    given = {"kind": "missing", "text": "No value for 2022.", "email": "reader@example.org"}
    sent = app.post(FORM, params=given, follow_redirects=False)
    assert sent.status_code == 302
    thanks = parsed(app.get(sent.headers["Location"]))
    number = int(sent.headers["Location"].rsplit("/", 1)[1])
    assert str(number) in thanks.select_one("[role=status]").text
    found = show(people, number)
    kept = {name: found[name] for name in ("dataset", "areas", "text", "email", "state")}
    assert kept == {
        "dataset": "open-data",
        "areas": ["TH-56"],
        "text": "No value for 2022.",
        "email": "reader@example.org",
        "state": "open",
    }
    editor = headers("phayao_editor")
    listed = parsed(app.get("/problems?q=2022", headers=editor))
    assert [a["href"] for a in listed.select(".lc-problems a")] == [f"/problem/{number}"]
    empty = app.post(f"/problem/{number}/answer", params={"answer": " "}, headers=editor)
    assert empty.status_code == 400
    assert parsed(empty).select_one("#lc-answer-fault").text == "Missing value"
    answer = {"answer": "Corrected in release 2."}
    app.post(f"/problem/{number}/answer", params=answer, headers=editor)
    assert (show(people, number)["state"], show(people, number)["answer"]) == (
        "answered",
        "Corrected in release 2.",
    )
    app.post(f"/problem/{number}/close", headers=editor)
    assert show(people, number)["state"] == "closed"
    for act in ("answer", "close"):
        again = app.post(f"/problem/{number}/{act}", params=answer, headers=editor)
        assert (again.status_code, "This report is closed." in again.body) == (400, True)


def test_wrong_fields_are_named_beside_them_and_what_was_typed_stays(people, app):
    wrong = {
        "kind": ("", "nonsense"),
        "text": ("", " \n\u0000 ", "x" * 4001),
        "email": ("nobody", "a@b@c", "a@example.org\nBcc: b@example.org"),
        "website": ("http://spam.example",),
    }
    right = {"kind": "value", "text": "Typed before.", "email": "reader@example.org"}
    for field, values in wrong.items():
        for value in values:
            answer = app.post(FORM, params={**right, field: value})
            page = parsed(answer)
            assert answer.status_code == 400, (field, value)
            assert [p["id"] for p in page.select(".lc-fault[id]")] == [f"lc-{field}-fault"]
            if field != "text":
                assert page.select_one("#lc-text").text.strip() == "Typed before."
            if field != "email":
                assert page.select_one("#lc-email")["value"] == "reader@example.org"
    assert rows() == 0


def test_a_report_is_about_something_that_the_reader_may_see(people, app):
    nowhere = ("", "dataset=none", "dataset=%00", "dataset=draft-data", "view=none")
    unknown = ("indicator=NONE", "area=XX", "dataset=open-data&release=0", f"area={EVIL}")
    for query in (*nowhere, *unknown, "release=99999999999999999999"):
        for answer in (app.get(f"/problem/new?{query}"), app.post(f"/problem/new?{query}")):
            assert answer.status_code == 404, query
    with pytest.raises(tk.NotAuthorized):
        report(people, dataset="draft-data")
    with pytest.raises(tk.NotAuthorized):
        report(people, "rayong_editor", dataset="draft-data")
    with pytest.raises(tk.ValidationError) as refused:
        report(people, unasked="1")
    assert list(refused.value.error_dict) == ["unasked"]
    assert rows() == 0
    own = app.get("/problem/new?dataset=draft-data", headers=headers("phayao_member"))
    assert own.status_code == 200


def test_what_is_sent_is_shown_as_text_only(people, app):
    number = report(people, text=EVIL)
    people.act("phayao_editor", "learningcity_problem_answer", number=number, answer=EVIL)
    for path in (f"/problem/{number}", "/problems", "/problems?q=%27%25_%22%3Cscript%3E"):
        page = app.get(path, headers=headers("phayao_editor"))
        assert page.status_code == 200
        assert "<script>alert" not in page.body
        assert "49" not in parsed(page).select_one(".lc-page").text.replace(EVIL, "")
    for path in ("/problem/99999999999999999999", "/problem/0", "/problem/4711"):
        assert app.get(path, headers=headers("phayao_editor")).status_code == 404


def test_so_many_reports_an_hour_and_not_more(people, app):
    given = {"kind": "value", "text": "Once more."}
    codes = [app.post(FORM, params=given, follow_redirects=False).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert "Once more." in app.post(FORM, params=given).body
    other = {"REMOTE_ADDR": "192.0.2.7"}
    send = {"params": given, "follow_redirects": False}
    assert app.post(FORM, environ_overrides=other, **send).status_code == 302
    forwarded = app.post(FORM, headers={"X-Forwarded-For": "192.0.2.8"}, **send)
    assert forwarded.status_code == 429
    for _ in range(5):
        report(people, "stranger")
    with pytest.raises(tk.ValidationError):
        report(people, "stranger")
    assert rows() == 11


def test_one_reader_of_ipv6_has_many_addresses(people, app):
    for number in range(6):
        with app.flask_app.test_request_context(
            environ_base={"REMOTE_ADDR": f"2001:db8:0:1::{number:x}"}
        ):
            assert limits.used_up(None) is (number == 5)


ALLOWED = {"phayao_editor", "phayao_admin", "curator"}
OTHERS = {"", "stranger", "phayao_member", "rayong_editor", "rayong_admin"}


def test_only_the_organizations_editors_and_the_secretariat_see_a_report(people):
    number = report(people)
    acts = {
        "show": {"number": number},
        "answer": {"number": number, "answer": "Seen."},
    }
    for user in ALLOWED:
        for act, given in acts.items():
            assert people.act(user, f"learningcity_problem_{act}", **given)["number"] == number
        assert people.act(user, "learningcity_problem_list")["count"] == 1
    for user in OTHERS:
        for act, given in {**acts, "close": {"number": number}}.items():
            with pytest.raises(tk.NotAuthorized):
                people.act(user, f"learningcity_problem_{act}", **given)
    for user in ("rayong_editor", "rayong_admin"):
        assert people.act(user, "learningcity_problem_list")["count"] == 0
    for user in ("", "stranger", "phayao_member"):
        with pytest.raises(tk.NotAuthorized):
            people.act(user, "learningcity_problem_list")
    nobodys = report(people, dataset=None, area="TH-56")
    assert show(people, nobodys, "curator")["areas"] == ["TH-56"]
    with pytest.raises(tk.NotAuthorized):
        show(people, nobodys)


def test_who_sent_it_is_forgotten_some_time_after_the_closing(people):
    number = report(people, "stranger", email="zz@example.org")
    kept = report(people, email="yy@example.org")
    people.act("curator", "learningcity_problem_close", number=number)
    now = datetime.now(timezone.utc)
    assert keeping.sweep(now + timedelta(days=29)) == 0
    assert show(people, number)["email"] == "zz@example.org"
    assert keeping.sweep(now + timedelta(days=31)) == 1
    found = show(people, number)
    assert (found["email"], found["user_id"], found["text"][:9]) == (None, None, "The value")
    assert show(people, kept)["email"] == "yy@example.org"  # open


def test_nothing_of_a_report_is_public(people, app, caplog):
    caplog.set_level(logging.DEBUG)
    report(people, text="zzsecretzz", email="zzsecretzz@example.org")
    assert "zzsecretzz" not in caplog.text
    public = (
        "/api/3/action/package_search?q=zzsecretzz",
        "/api/3/action/package_show?id=open-data",
        "/api/3/action/package_activity_list?id=open-data",
        "/dataset/open-data",
    )
    for path in public:
        answer = app.get(path)
        assert answer.status_code == 200
        assert "zzsecretzz@" not in answer.body
    assert app.get("/api/3/action/learningcity_problem_list").status_code == 403


@pytest.mark.ckan_config("ckanext.learningcity.mail", True)
@pytest.mark.ckan_config("smtp.mail_from", "portal@example.org")
def test_editors_are_told_of_a_report_and_the_reader_of_the_answer(people, mail_server):
    number = report(people, email="reader@example.org")
    people.act("curator", "learningcity_problem_answer", number=number, answer="Corrected.")
    queued = {job.args[0]: job.args for job in jobs.get_queue().jobs if "problem" in str(job)}
    assert all("example.org" not in str(args) for args in queued.values())
    telling.reported(number)
    told = {message[2][0] for message in mail_server.get_smtp_messages()}
    users = map(model.User.get, ("phayao_editor", "phayao_admin", "curator"))
    assert told == {user.email for user in users}
    mail_server.clear_smtp_messages()
    telling.answered(number)
    (message,) = mail_server.get_smtp_messages()
    assert message[2] == ["reader@example.org"]
