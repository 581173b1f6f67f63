"""Mail goes once to each who asked for it, and ends with one click."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException
from ckan.tests import factories

from ckanext.learningcity.forum import mailing
from ckanext.learningcity.forum import model as tables


class Killed(BaseException):
    """As a process ends that is killed: nothing after this line runs."""


@pytest.fixture
def sent(ckan_config, monkeypatch, reset_redis):
    """What would have been mailed: `(name, subject, text, headers)`; jobs run at once."""
    reset_redis()
    found = []

    def mail_user(user, subject, body, headers=None):
        found.append((user.name, subject, body, headers))

    monkeypatch.setitem(ckan_config, "ckanext.learningcity.mail", True)
    monkeypatch.setattr(tk, "mail_user", mail_user)
    monkeypatch.setattr(tk, "enqueue_job", lambda job, given, **kept: job(*given))
    return found


def token(mail) -> str:
    return re.search(r"/forum/(?:confirm|leave)/(\S+)", mail[2])[1]


def subscribe(forum, sent, user, scope="all", target=""):
    """Subscribe, and confirm by the link that was mailed."""
    made = forum.act(user, "learningcity_forum_subscribe", scope=scope, target=target)
    while sent and "/forum/confirm/" in sent[-1][2]:
        forum.act("", "learningcity_forum_confirm", token=token(sent.pop()))
    return made


def receivers(sent) -> list[str]:
    return sorted(mail[0] for mail in sent)


def test_mail_goes_once_whatever_becomes_of_the_job(forum, sent, monkeypatch):
    for user in ("member", "newcomer", "stranger", "author"):
        subscribe(forum, sent, user)
    subscribe(forum, sent, "member", "space", "questions")
    topic = forum.topic(body="@member @stranger look")
    assert receivers(sent) == ["member", "newcomer", "stranger"]
    for _ in range(2):
        mailing.deliver(forum.first(topic))
    assert len(sent) == 3
    sent.clear()

    send, calls = tk.mail_user, []

    def killed_at_the_second(*given, **kept):
        calls.append(given)
        if len(calls) == 2:
            raise Killed
        send(*given, **kept)

    monkeypatch.setattr(tk, "enqueue_job", lambda *given, **kept: None)
    reply = forum.reply(topic, "curator")
    monkeypatch.setattr(tk, "mail_user", killed_at_the_second)
    with pytest.raises(Killed):
        mailing.deliver(reply["id"])
    model.Session.rollback()
    mailing.deliver(reply["id"])  # as the scheduler begins it again
    mailing.deliver(reply["id"])
    asked = [given[0].name for given in calls]
    assert sorted(asked) == ["author", "member", "newcomer", "stranger"]  # nobody twice


def test_the_scheduler_takes_up_what_a_killed_process_left(forum, sent, monkeypatch):
    subscribe(forum, sent, "member")
    run = tk.enqueue_job
    monkeypatch.setattr(tk, "enqueue_job", lambda *given, **kept: None)  # the job is lost
    topic = forum.topic()
    monkeypatch.setattr(tk, "enqueue_job", run)
    mailing.resume()
    assert sent == []  # too new: its own job may still come
    row = tables.post.update().where(tables.post.c.id == forum.first(topic))
    ago = tables.post.c.created - sa.text("interval '5 minutes'")
    model.Session.execute(row.values(created=ago))
    model.Session.commit()
    mailing.resume()
    mailing.resume()
    assert receivers(sent) == ["member"]


def test_only_a_confirmed_address_gets_mail(forum, sent):
    forum.act("member", "learningcity_forum_subscribe", scope="all")
    (asking,) = sent
    assert asking[0] == "member"
    topic = forum.topic()
    assert len(sent) == 1
    forum.act("", "learningcity_forum_confirm", token=token(asking))
    forum.reply(topic, "curator")
    assert receivers(sent) == ["member", "member"]
    user = model.User.get("member")
    kept, user.email = user.email, "other@example.org"
    model.Session.commit()
    try:
        forum.reply(topic, "curator")
        assert len(sent) == 2
        with pytest.raises(tk.ObjectNotFound):
            forum.act("", "learningcity_forum_confirm", token=token(asking))
    finally:
        model.User.get("member").email = kept
        model.Session.commit()


def test_one_click_ends_it_without_logging_in(forum, sent, app):
    subscribe(forum, sent, "member")
    topic = forum.topic(body="@newcomer, what do you think?")
    by_name = {mail[0]: mail for mail in sent}
    for mail in by_name.values():
        address = mail[3]["List-Unsubscribe"].strip("<>").partition("test.ckan.net")[2]
        assert mail[3]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        app.get(address)
        app.post(address, data={"List-Unsubscribe": "One-Click"})
        app.post(address, data={"List-Unsubscribe": "One-Click"})  # again, it changes nothing
    sent.clear()
    forum.reply(topic, "curator", body="@newcomer?")
    assert sent == []
    scopes = [r["scope"] for r in forum.act("newcomer", "learningcity_forum_subscription_list")]
    assert scopes == ["quiet"]
    app.post("/forum/leave/forged", status=404)


def test_an_address_is_not_asked_again_and_again(forum, sent):
    for _ in range(20):
        made = forum.act("member", "learningcity_forum_subscribe", scope="all")
        forum.act("member", "learningcity_forum_subscribe", scope="space", target="questions")
        forum.act("member", "learningcity_forum_unsubscribe", id=made["id"])
    assert receivers(sent) == ["member"]


def test_the_subscriptions_of_a_deleted_account_go(forum, sent):
    leaver = factories.User()["name"]
    subscribe(forum, sent, leaver)
    forum.act("administrator", "user_delete", id=leaver)
    forum.topic()
    assert sent == []
    mailing.resume()
    assert model.Session.execute(sa.select(tables.subscription)).all() == []


def test_an_edit_tells_only_whom_it_newly_mentions(forum, sent):
    topic = forum.topic(body="@member, look; not `@stranger` nor me@stranger")
    assert receivers(sent) == ["member"]
    edit = {"id": forum.first(topic), "body": "@member and @stranger, look"}
    forum.act("author", "learningcity_forum_post_update", **edit)
    assert receivers(sent) == ["member", "stranger"]


def test_a_mail_is_text_with_one_line_above_it(forum, sent):
    title = "Ends\r\nBcc: everybody@example.org {facts} %s"
    topic = forum.topic(title=title, body="@member <script>alert(1)</script> {title} {0}")
    name, subject, body, _ = sent[-1]
    assert name == "member"
    assert "\n" not in subject
    assert "{facts}" in subject
    assert "<script>alert(1)</script> {title} {0}" in body  # plain text, as it was written
    assert f"/forum/post/{forum.first(topic)}" in body


def test_a_broken_mail_server_stops_nobody(forum, sent, monkeypatch):
    def broken(*given, **kept):
        raise MailerException

    monkeypatch.setattr(tk, "mail_user", broken)
    assert forum.topic(body="@member")["state"] == "visible"
