"""What is mailed to those who signed up: in both languages, once, and to nobody else."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple

import pytest
from ckan.lib import jobs
from ckan.tests.helpers import call_action
from desk.people import work
from desk.test_telling_people import body, mails, subject

from ckanext.learningcity.week import keeping, signups, telling
from ckanext.learningcity.week.consent import current

__all__ = ["mails"]

EVIL = "<script>alert(1)</script>\r\nBcc: all@example.org"


class Mail(NamedTuple):
    to: str
    subject: str
    text: str
    headers: list[str]


@pytest.fixture
def mailbox(people, app, mails):
    """What a real server has received; asking does what is on the queue, and empties the box."""
    jobs.get_queue().empty()

    def opened() -> list[Mail]:
        with app.flask_app.test_request_context():
            work()
        read = [Mail(_address(mail), subject(mail), body(mail), mail.keys()) for mail in mails]
        mails.clear()
        return read

    return opened


def _address(mail) -> str:
    return mail["To"].split("<")[-1].rstrip(">")


def event(people, **fields):
    given = {
        "title_translated": {"en": "Reading night", "th": "คืนแห่งการอ่าน"},
        "starts": "2030-01-10T09:00",
        "sign_up": True,
        "capacity": 1,
        "venue_translated": {"en": "Old hall", "th": "หอประชุมเก่า"},
    }
    return people.share("event", **{**given, **fields})


def sign_up(made, contact="a@example.org", **fields) -> str:
    given = {"name": "Somebody", "contact": contact, "consent": current()["id"], **fields}
    return call_action("learningcity_signup_create", event=made["name"], **given)["token"]


def test_one_is_told_of_the_place_the_waiting_list_and_of_moving_up(people, mailbox):
    made = event(people)
    first, second = sign_up(made), sign_up(made, "b@example.org")
    sign_up(made, "081 234 5678")  # a number gets no mail
    place, waiting = mailbox()
    assert (place.to, waiting.to) == ("a@example.org", "b@example.org")
    assert place.subject == "ท่านได้ที่นั่งแล้ว: คืนแห่งการอ่าน / You have a place: Reading night"
    assert "waiting list" in waiting.subject
    assert "รายชื่อสำรอง" in waiting.subject
    assert telling.links.token(telling.links.signup_id(first)) in place.text
    assert f"/week/sign-up/{second}" in waiting.text
    call_action("learningcity_signup_cancel", token=first)
    (moved,) = mailbox()
    assert (moved.to, "ท่านได้ที่นั่งแล้ว" in moved.subject) == ("b@example.org", True)


def test_what_was_moved_is_told_once_with_time_and_place_in_both_languages(people, mailbox):
    made = event(people)
    sign_up(made)
    mailbox()

    def change(**fields) -> list[Mail]:
        people.act("phayao_editor", "package_patch", id=made["id"], **fields)
        return mailbox()

    assert change(notes_translated={"en": "Other words."}) == []
    (mail,) = change(starts="2030-01-11T18:30", venue_translated={"en": "New hall", "th": "ห้องใหม่"})
    for text in ("Friday 11 January 2030, 18:30", "New hall", "11 มกราคม พ.ศ. 2573", "ห้องใหม่"):
        assert text in mail.text
    assert change(starts="2030-01-11T18:30") == []
    keeping.follow(made["id"])
    assert mailbox() == []


def test_what_is_cancelled_is_told_once_and_that_it_takes_place_after_all(people, mailbox):
    made = event(people, capacity=1)
    sign_up(made)
    sign_up(made, "b@example.org")
    mailbox()

    def change(**fields) -> list[tuple[str, str]]:
        people.act("phayao_editor", "package_patch", id=made["id"], **fields)
        return [(mail.to, mail.subject.split(":")[0]) for mail in mailbox()]

    both = [("a@example.org", "ยกเลิก"), ("b@example.org", "ยกเลิก")]
    assert change(event_status="cancelled") == both
    assert change(event_status="cancelled", capacity=2) == []  # nor does anybody move up
    assert len(change(event_status="scheduled")) == 3  # both, and who moves up
    people.act("phayao_editor", "package_delete", id=made["id"])
    assert [(mail.to, mail.subject.split(":")[0]) for mail in mailbox()] == both
    assert keeping.sweep() == 2


def test_only_those_of_a_session_are_told_that_it_is_gone(people, mailbox):
    two = [
        {"id": "morning", "title": "Morning", "starts": "2030-01-10T09:00"},
        {"id": "evening", "title": "Evening", "starts": "2030-01-10T18:00"},
    ]
    made = event(people, capacity=None, sessions=two)
    sign_up(made, session="morning")
    sign_up(made, "b@example.org", session="evening")
    mailbox()
    people.act("phayao_editor", "package_patch", id=made["id"], sessions=two[1:])
    (mail,) = mailbox()
    assert (mail.to, mail.subject.split(":")[0]) == ("a@example.org", "ยกเลิก")


def test_nobody_is_told_of_what_is_over(people, mailbox, monkeypatch):
    made = event(people)
    sign_up(made)
    mailbox()
    past = {"cancelled": False, "over": "2020-01-01T10:00:00+07:00", "starts": "2020"}
    (row,) = signups.listed(made["id"])
    signups.note(row["id"], past)
    people.act("phayao_editor", "package_patch", id=made["id"], event_status="cancelled")
    assert mailbox() == []
    assert datetime.fromisoformat(past["over"]) < datetime.now(timezone.utc)


def test_a_title_makes_no_header_of_its_own_and_a_forgotten_person_gets_no_mail(people, mailbox):
    made = event(people, title_translated={"en": EVIL}, capacity=None)
    token = sign_up(made)
    (mail,) = mailbox()
    assert "Bcc" not in mail.headers
    assert "\n" not in mail.subject
    sign_up(made, "b@example.org")
    call_action("learningcity_signup_cancel", token=token)
    people.act("phayao_editor", "package_patch", id=made["id"], event_status="cancelled")
    signups.forget(made["id"])
    assert mailbox() == []
