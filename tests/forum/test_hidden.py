"""What is hidden or waits is nowhere for all but moderators: the running application is asked."""

from __future__ import annotations

import json
import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.learningcity.forum import mailing
from ckanext.learningcity.logic.action import ACTIONS

SECRET = "xylophone"  # in the title and the text of what nobody is to find
PLACE, INDICATOR = "TH-56", "ADULT_LITERACY"


def reads(topic: dict, post_id: str, dataset: str) -> dict[str, list[dict]]:
    """Every action of the forum that reads, with all ways to ask it for a topic."""
    return {
        "learningcity_forum_space_list": [{}],
        "learningcity_topic_list": [
            *({}, {"space": topic["space"]}, {"q": SECRET}),
            {"object_kind": "city", "object_id": PLACE},
            {"object_kind": "indicator", "object_id": INDICATOR},
            {"object_kind": "dataset", "object_id": dataset},
        ],
        "learningcity_forum_post_list": [{}, {"space": topic["space"]}, {"topic": topic["id"]}],
        "learningcity_topic_show": [{"id": topic["id"]}],
        "learningcity_forum_post_show": [{"id": post_id}],
        "learningcity_forum_post_history": [{"id": post_id}],
        "learningcity_forum_subscription_list": [{}],
        "learningcity_forum_queue": [{}],
        "learningcity_topic_decisions": [{"id": topic["id"]}],
        "learningcity_forum_preview": [{"body": "x"}],
    }


def answers(forum, user: str, asked: dict[str, list[dict]]) -> str:
    """All that an account gets, as one text; what is refused is nothing."""
    found = [got(forum, user, name, given) for name, ways in asked.items() for given in ways]
    return json.dumps(found, default=str)


def got(forum, user: str, action: str, parameters: dict):
    try:
        return forum.act(user, action, **parameters)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        model.Session.rollback()


def addresses(app, topic: dict, post_id: str, dataset: str) -> list[str]:
    """Every GET route of the forum, and the pages that show topics."""
    values = {
        "space_id": topic["space"],
        "ref": f"{topic['id']}-x",
        "topic_id": topic["id"],
        "post_id": post_id,
        "token": "x",
    }
    found = [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda name: values[name[1]], rule.rule)
        for rule in app.flask_app.url_map.iter_rules()
        if rule.endpoint.startswith("learningcity_forum") and "GET" in rule.methods
    ]
    assert len(found) > 15
    return [
        *found,
        *(
            f"/forum?q={SECRET}",
            f"/forum/{topic['space']}?q={SECRET}",
            f"/forum?about=city:{PLACE}",
        ),
        *(f"/city/{PLACE}", f"/indicator/{INDICATOR}", f"/dataset/{dataset}"),
    ]


def pages(app, where: list[str], user: str) -> str:
    headers = {"Authorization": tokens(user)} if user else {}
    got = []
    for address in where:
        answer = app.get(address, headers=headers, status=None, follow_redirects=False)
        assert answer.status_code < 500, address
        got.append(answer.headers.get("Location", "") + answer.body)
    return "".join(got)


def tokens(user: str) -> str:
    return factories.APIToken(user=user)["token"]


@pytest.fixture
def dataset(forum):
    package = model.Package.get("open-data")
    if package is None:
        fields = {"name": "open-data", "owner_org": "phayao-office"}
        return factories.Dataset(**fields)["name"]
    return package.name


def attached(forum, dataset, **fields):
    about = {"city": PLACE, "indicator": INDICATOR, "dataset": dataset}
    return [
        forum.topic(title=f"{SECRET} {kind}", object_kind=kind, object_id=id_, **fields)
        for kind, id_ in about.items()
    ]


def test_a_reported_topic_is_nowhere_for_all_but_moderators(forum, dataset, app):
    topics = attached(forum, dataset, body=f"All about the {SECRET}")
    where = addresses(app, topics[0], forum.first(topics[0]), dataset)
    for topic in topics:
        forum.reply(topic, body=f"My {SECRET}, too")
        forum.act("member", "learningcity_forum_subscribe", scope="topic", target=topic["id"])
        assert SECRET in answers(forum, "", reads(topic, forum.first(topic), dataset))
    for address in where[-3:]:  # each kind of page shows what is said about it
        assert SECRET in pages(app, [address], "")
    for topic in topics:
        forum.act("member", "learningcity_forum_post_report", id=forum.first(topic), reason="Spam")
    assert_nowhere(forum, app, topics, where, dataset)
    assert forum.act("curator", "learningcity_forum_queue")["count"] == 3
    for topic in topics:
        forum.hide(forum.first(topic))
    assert forum.act("curator", "learningcity_forum_queue")["count"] == 0
    assert_nowhere(forum, app, topics, where, dataset)
    forum.show(forum.first(topics[0]))
    assert forum.act("", "learningcity_topic_list")["count"] == 1


def assert_nowhere(forum, app, topics, where, dataset):
    for user in ("", "member", "author"):
        for topic in topics:
            asked = reads(topic, forum.first(topic), dataset)
            assert SECRET not in answers(forum, user, asked), user
        shown = pages(app, where, user)
        # What was asked for stands in the box and in addresses of the page itself.
        assert SECRET not in re.sub(rf'(value="|q=|q%3D){SECRET}', "", shown), user
    assert SECRET in answers(forum, "curator", asked)
    assert forum.act("", "learningcity_topic_list")["count"] == 0
    assert forum.act("", "learningcity_forum_space_list")[0]["topics"] == 0


def test_reports_hide_what_no_moderator_has_looked_at(forum, ckan_config, monkeypatch):
    def seen(topic) -> bool:
        return forum.act("", "learningcity_topic_list", q="question")["count"] == 1

    def report(user) -> None:
        given = {"id": forum.first(topic), "reason": "I do not like it"}
        forum.act(user, "learningcity_forum_post_report", **given)

    topic = forum.topic()
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.first_posts", 1)
    report("newcomer")  # of whom nobody has read a word
    assert seen(topic)
    report("rayong_editor")  # whom an organization vouches for
    assert not seen(topic)
    (waiting,) = forum.act("curator", "learningcity_forum_queue")["results"]
    assert len(waiting["reports"]) == 2
    forum.show(forum.first(topic))
    report("phayao_editor")
    assert seen(topic), "a moderator has let it stand"
    forum.act("author", "learningcity_forum_post_update", id=forum.first(topic), body="Buy this?")
    report("phayao_admin")
    assert not seen(topic), "as it is now, nobody has"
    topic = forum.topic("curator")
    report("phayao_editor")
    assert seen(topic), "it is a moderator's own"
    for name, value in (("first_posts", 0), ("reports_hide", 2)):
        monkeypatch.setitem(ckan_config, f"ckanext.learningcity.forum.{name}", value)
    forum.hide(forum.first(topic))
    topic = forum.topic()
    report("phayao_editor")
    assert seen(topic)
    report("rayong_editor")
    assert not seen(topic)


def test_a_hidden_reply_is_gone_from_counts_search_and_feeds(forum, app):
    topic = forum.topic()
    reply = forum.reply(topic, body=f"Buy my {SECRET}")
    assert forum.act("", "learningcity_topic_list", q=SECRET)["count"] == 1
    forum.hide(reply["id"])
    shown = forum.act("", "learningcity_topic_show", id=topic["id"])
    assert (shown["replies"], shown["count"], len(shown["posts"])) == (0, 1, 1)
    assert shown["active"] == topic["active"]
    assert forum.act("", "learningcity_topic_list", q=SECRET)["count"] == 0
    assert SECRET not in app.get("/forum/feed.atom").body
    app.get(f"/forum/post/{reply['id']}", status=404)


def test_first_posts_wait_and_only_their_author_and_moderators_see_them(
    forum, app, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.first_posts", 1)
    topic = forum.topic("newcomer", title=f"{SECRET}?")
    assert topic["state"] == "waiting"
    asked = reads(topic, forum.first(topic), "none")
    assert SECRET in answers(forum, "newcomer", asked)
    for user in ("", "member"):
        assert SECRET not in answers(forum, user, asked)
    assert (
        SECRET
        not in app.get("/forum/feed.atom", headers={"Authorization": tokens("newcomer")}).body
    )
    assert forum.show(forum.first(topic))["state"] == "visible"
    assert SECRET in answers(forum, "", asked)
    assert forum.reply(topic, "newcomer")["state"] == "visible"


def test_a_new_account_cannot_change_a_post_that_was_let_through(forum, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.forum.first_posts", 2)
    topic = forum.topic("newcomer")
    forum.show(forum.first(topic))
    edit = {"id": forum.first(topic), "body": "Buy this"}
    assert forum.act("newcomer", "learningcity_forum_post_update", **edit)["state"] == "waiting"


def test_a_topic_about_a_dataset_follows_it(forum, people_dataset):
    name = people_dataset
    topic = forum.topic(title=SECRET, object_kind="dataset", object_id=name)
    assert topic["object"]["id"] == name
    forum.act("phayao_admin", "package_patch", id=name, private=True)
    asked = reads(topic, forum.first(topic), name)
    for user in ("", "author", "member"):
        assert SECRET not in answers(forum, user, asked)
    with pytest.raises(tk.ValidationError) as error:
        forum.topic(object_kind="dataset", object_id=name)
    assert "object_id" in error.value.error_dict
    forum.act("phayao_admin", "package_patch", id=name, private=False)
    assert SECRET in answers(forum, "", asked)
    forum.act("phayao_admin", "package_delete", id=name)
    found = forum.act("", "learningcity_topic_show", id=topic["id"])
    assert (found["title"], found["object"]) == (SECRET, None)


@pytest.fixture
def people_dataset(forum):
    old = model.Package.get("boat-library")
    if old:
        old.purge()
        model.Session.commit()
    return forum.share("innovation", name="boat-library")["name"]


def test_nothing_hidden_is_mailed(forum, monkeypatch):
    sent = []
    monkeypatch.setattr(tk, "mail_user", lambda *given, **kept: sent.append(given))
    topic = forum.topic(body="@member, look")
    forum.hide(forum.first(topic))
    mailing.deliver(forum.first(topic))
    assert sent == []


def test_every_reading_action_is_asked(forum):
    topic = {"id": "x", "space": "x"}
    forums = [name for name in ACTIONS if re.search("_(forum|topic|reply)_", name)]
    asked = {name for name in forums if getattr(ACTIONS[name], "side_effect_free", False)}
    assert asked == set(reads(topic, "x", "x"))
