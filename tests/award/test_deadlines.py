"""Both sides of every deadline, to the second, and what is refused with the field that is wrong."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from award.people import CLOSES, OPENS, REVIEWERS, ROUND
from ckan import model
from sqlalchemy.exc import IntegrityError

from ckanext.learningcity.award.model import event

SECOND = timedelta(seconds=1)


def test_the_clock_opens_and_closes_a_round_to_the_second(people):
    people.call()
    people.now = OPENS - SECOND
    with pytest.raises(tk.ValidationError, match="no applications now"):
        people.begin()
    people.now = OPENS
    first, second, third = (people.begin(category=name) for name in ("equity", "economy", LAST))
    for application in (first, second, third):
        people.write(application)
    people.now = CLOSES - SECOND
    people.act("phayao-editor", "application_submit", id=first)
    people.now = CLOSES
    for action, application in (("submit", second), ("withdraw", first), ("update", second)):
        with pytest.raises(tk.ValidationError, match="2026-08-31 16:30:00 in Thailand"):
            people.act("phayao-editor", f"application_{action}", id=application)
    extension = {"id": second, "until": "2026-09-02T12:00", "reason": "A flood"}
    people.act("secretary", "application_extend", **extension)
    people.now = CLOSES + timedelta(days=1)
    people.act("phayao-editor", "application_submit", id=second)
    with pytest.raises(tk.ValidationError, match="deadline"):
        people.act("phayao-editor", "application_submit", id=third)
    with pytest.raises(tk.ValidationError, match="may still change"):
        people.assign(second, REVIEWERS[0])
    told = people.act("phayao-editor", "application_show", id=second)["history"]
    assert [line["reason"] for line in told if line["kind"] == "extended"] == ["A flood"]


LAST = "children_youth"


def test_appeals_end_to_the_second(people):
    people.call()
    ids = [people.apply("phayao"), people.apply("chiangrai")]
    people.now = CLOSES
    for application in ids:
        (review,) = people.assign(application, REVIEWERS[0])
        people.review(REVIEWERS[0], review, 5)
        people.decide(application)
    people.act("secretary", "round_decide", id="2026")
    people.now = CLOSES + timedelta(days=7) - SECOND
    people.act("phayao-editor", "application_appeal", id=ids[0], reason="Please")
    people.now += SECOND
    with pytest.raises(tk.ValidationError, match="appeals is over"):
        people.act("chiangrai-editor", "application_appeal", id=ids[1], reason="Please")


def test_one_application_of_a_city_in_a_category(people):
    people.call()
    people.begin()
    with pytest.raises(tk.ValidationError, match="already"):
        people.begin()
    assert len(people.act("phayao-editor", "application_list")) == 1


def test_a_declared_conflict_closes_the_application(people):
    people.call()
    application = people.apply()
    people.now = CLOSES
    (review,) = people.assign(application, REVIEWERS[0])
    people.act(REVIEWERS[0], "review_declare", id=review, reason="My cousin works there")
    for action, given in (("review_show", review), ("application_show", application)):
        with pytest.raises(tk.ObjectNotFound):
            people.act(REVIEWERS[0], action, id=given)
    assert people.act(REVIEWERS[0], "review_list") == []
    with pytest.raises(tk.ValidationError, match="declared"):
        people.assign(application, REVIEWERS[0])


def test_the_trail_cannot_be_altered(people):
    people.call()
    for statement in (sa.update(event).values(kind="nothing"), sa.delete(event)):
        with pytest.raises(IntegrityError, match="never altered"):
            model.Session.execute(statement)
        model.Session.rollback()


def test_wrong_rounds_name_their_field(people):
    for name, value in (
        ("id", "next year"),
        ("year", "2569"),
        ("title", {"en": "Only English"}),
        ("closes", "soon"),
        ("closes", "2026-07-31T09:00"),
        ("weights", {"equity": {"need": -1}}),
        ("weights", {"sports": {}}),
        ("levels", "gold"),
        ("spread_max", "11"),
        ("appeal_days", "-1"),
        ("color", "blue"),
    ):
        with pytest.raises(tk.ValidationError) as refused:
            people.act("secretary", "round_create", **{**ROUND, name: value})
        assert name in refused.value.error_dict, name
    assert people.act("secretary", "round_list") == []
