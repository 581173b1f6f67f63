"""A round through the actions: the clock, the two sides of each deadline, the trail."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from award.people import CLOSES, PUBLISHES, REVIEWERS
from ckan import model

from ckanext.learningcity.award import publish, trail
from ckanext.learningcity.award.model import THINGS

SECOND = timedelta(seconds=1)


def state(people) -> str:
    return people.act(None, "round_show", id="2026")["state"]


def test_a_whole_round(people):
    people.call()
    first = people.apply("phayao")
    second = people.apply("chiangrai")
    people.act("phayao-editor", "application_withdraw", id=first)
    people.act("phayao-editor", "figure_add", id=first, indicator="ADULT_LITERACY")
    people.act("phayao-editor", "application_submit", id=first)
    people.now = CLOSES
    for application, scores in ((first, (9, 8)), (second, (3, 9))):
        for name, review, score in zip(
            REVIEWERS, people.assign(application, *REVIEWERS[:2]), scores, strict=False
        ):
            people.review(name, review, score)
    people.decide(first, "winner")
    with pytest.raises(tk.ValidationError, match="second turn"):
        people.decide(second)
    shown = people.act("secretary", "review_again", id=second, reason="Six points apart")
    for each in shown["reviews"]:
        if each["turn"] == 2:
            people.review(each["reviewer"], each["id"], 7)
    ranking = people.act("secretary", "ranking", round="2026")
    assert [(row["organization"], row["rank"]) for row in ranking] == [
        ("phayao-office", 1),
        ("chiangrai-office", 2),
    ]
    people.decide(second)
    people.act("secretary", "round_decide", id="2026")
    people.act("chiangrai-editor", "application_appeal", id=second, reason="Look at page 3")
    people.act("secretary", "appeal_answer", id=second, reopen=True, reason="Page 3 was missed")
    people.decide(second, "good_practice")
    people.now = PUBLISHES - SECOND
    publish.sweep()
    assert state(people) == "decided"
    assert people.act(None, "gallery", id="2026") == []
    people.now = PUBLISHES
    publish.sweep()
    assert state(people) == "published"
    gallery = people.act(None, "gallery", id="2026")
    assert [entry["award_level"] for entry in gallery] == ["winner", "good_practice"]
    assert gallery[0]["award_figures"][0]["release"] == 1
    assert gallery[0]["resources"][0]["format"] == "PDF"
    publish.sweep()
    people.act("secretary", "round_publish", id="2026")
    assert len(people.act(None, "gallery", id="2026")) == 2
    assert replayed() == stored()


def replayed():
    return trail.replay(trail.events("2026"))


def stored():
    return {
        (thing, row["id"]): trail.plain(row)
        for thing, table in THINGS.items()
        for row in model.Session.execute(sa.select(table)).mappings()
    }
