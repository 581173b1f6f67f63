"""Signing up: places, the waiting list, the signed link, and that persons are forgotten in time."""

from __future__ import annotations

import csv
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.learningcity.week import keeping, signups
from ckanext.learningcity.week.consent import current
from ckanext.learningcity.week.model import signup

LATER = "2030-01-10T09:00"


def event(people, capacity=50, **fields):
    starts = fields.pop("starts", LATER)
    return people.share("event", starts=starts, sign_up=True, capacity=capacity, **fields)


def sign_up(event, contact="someone@example.org", user="", **fields):
    given = {"name": "Somebody", "contact": contact, "consent": current()["id"], **fields}
    context = {"user": user, "ignore_auth": False}
    return call_action("learningcity_signup_create", context, event=event["name"], **given)


def cancel(token):
    context = {"user": "", "ignore_auth": False}
    return call_action("learningcity_signup_cancel", context, token=token)


def state(token):
    found = call_action("learningcity_signup_show", {"user": "", "ignore_auth": False}, token=token)
    return found["state"], found["position"]


def rows() -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(signup))


def test_the_51st_of_50_places_waits_and_a_cancellation_moves_it_up(people):
    made = event(people, capacity=50)
    tokens = [sign_up(made, f"p{number}@example.org")["token"] for number in range(52)]
    assert {state(token)[0] for token in tokens[:50]} == {"place"}
    assert [state(token) for token in tokens[50:]] == [("waiting", 1), ("waiting", 2)]
    assert cancel(tokens[7]) == {"event": made["name"], "moved_up": 1}
    assert [state(token) for token in tokens[50:]] == [("place", None), ("waiting", 1)]
    with pytest.raises(tk.ObjectNotFound):
        state(tokens[7])


def test_nobody_overtakes_who_waits(people):
    made = event(people, capacity=1)
    first, second = (sign_up(made, f"{n}@example.org")["token"] for n in "ab")
    cancel(first)
    third = sign_up(made, "c@example.org")["token"]
    assert state(second)[0] == "place"
    assert state(third) == ("waiting", 1)


def test_many_at_once_take_no_place_twice(people, app):
    made = event(people, capacity=3)

    def one(number: int) -> str:
        with app.flask_app.test_request_context():
            try:
                return sign_up(made, f"p{number}@example.org")["state"]
            finally:
                model.Session.remove()

    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(one, range(8)))
    assert sorted(states) == ["place"] * 3 + ["waiting"] * 5


def test_more_places_are_given_to_who_waited_longest(people):
    made = event(people, capacity=1)
    tokens = [sign_up(made, f"{n}@example.org")["token"] for n in "abc"]
    people.act("phayao_editor", "package_patch", id=made["id"], capacity=2)
    assert [state(token)[0] for token in tokens] == ["place", "place", "waiting"]
    people.act("phayao_editor", "package_patch", id=made["id"], capacity=1)
    assert [state(token)[0] for token in tokens] == ["place", "place", "waiting"]  # nobody loses it


def test_each_session_has_places_of_its_own(people):
    two = [
        {"id": "morning", "starts": LATER, "capacity": 1},
        {"id": "evening", "starts": "2030-01-10T18:00"},
    ]
    made = event(people, capacity=None, sessions=two)
    assert sign_up(made, "a@example.org", session="morning")["state"] == "place"
    assert sign_up(made, "b@example.org", session="morning")["state"] == "waiting"
    assert sign_up(made, "a@example.org", session="evening")["state"] == "place"
    with pytest.raises(tk.ValidationError) as refused:
        sign_up(made, "c@example.org")
    assert "morning, evening" in refused.value.error_dict["session"][0]
    found = call_action("learningcity_session_list", start="2030-01-01", end="2030-01-31")
    counts = {r["session"]: (r["taken"], r["waiting"], r["left"]) for r in found["results"]}
    assert counts == {"morning": (1, 1, 0), "evening": (1, 0, None)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \n "),
        ("name", "x" * 101),
        ("contact", ""),
        ("contact", "not an address"),
        ("contact", "a@b@c"),
        ("contact", "12"),
        ("consent", ""),
        ("consent", "0"),
        ("consent", "yes"),
        ("session", "another"),
        ("note", "unasked"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(people, field, value):
    made = event(people)
    with pytest.raises(tk.ValidationError) as refused:
        sign_up(made, **{field: value})
    assert list(refused.value.error_dict) == [field]
    assert rows() == 0


def test_one_spelling_of_a_contact_signs_up_once(people):
    made = event(people)
    sign_up(made, "Some.One@Example.org")
    sign_up(made, "๐๘๑-๒๓๔ ๕๖๗๘")
    for again in ("some.one@example.org", "081 234 5678"):
        with pytest.raises(tk.ValidationError) as refused:
            sign_up(made, again)
        assert list(refused.value.error_dict) == ["contact"]
    assert rows() == 2


def test_one_signs_up_only_for_what_is_to_come_and_open(people):
    over = event(people, name="over", starts="2020-01-01T09:00")
    closed = people.share("event", name="closed", starts=LATER)
    cancelled = event(people, name="off", event_status="cancelled")
    for made, field in ((over, "session"), (closed, "event"), (cancelled, "event")):
        with pytest.raises(tk.ValidationError) as refused:
            sign_up(made)
        assert list(refused.value.error_dict) == [field]
    draft = event(people, name="draft", private=True)
    with pytest.raises(tk.NotAuthorized):
        sign_up(draft)
    assert rows() == 0


def test_a_link_that_nobody_here_made_opens_nothing(people):
    made = event(people)
    token = sign_up(made)["token"]
    forged = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    for name in ("show", "confirm", "cancel"):
        with pytest.raises(tk.ObjectNotFound):
            call_action(f"learningcity_signup_{name}", token=forged)
    assert rows() == 1


ROLES = {
    "": False,
    "stranger": False,
    "phayao_member": False,
    "phayao_editor": True,
    "phayao_admin": True,
    "rayong_editor": False,
    "rayong_admin": False,
    "curator": False,
}


def test_only_the_hosts_editors_see_and_take_off_who_signed_up(people):
    made = {"public": event(people), "private": event(people, private=True)}

    def outcome(user: str, action: str, **parameters) -> bool:
        try:
            people.act(user, action, **parameters)
        except tk.NotAuthorized:
            return False
        return True

    for state, page in made.items():
        given = {"name": "Somebody", "consent": current()["id"], "event": page["id"]}
        for user, allowed in ROLES.items():
            seen = state == "public" or allowed or user == "phayao_member"
            contact = f"{user or 'nobody'}@example.org"
            assert outcome(user, "learningcity_signup_create", **given, contact=contact) is seen
            if not seen:
                continue
            person = signups.listed(page["id"])[-1]["id"]
            assert outcome(user, "learningcity_signup_list", event=page["id"]) is allowed, user
            assert outcome(user, "learningcity_signup_cancel", id=person) is allowed, user


def test_persons_are_gone_after_the_time_that_they_were_told(people):
    made = event(
        people,
        sessions=[
            {"id": "once", "starts": "2030-01-10T09:00", "ends": "2030-01-10T10:00"},
            {
                "id": "course",
                "starts": "2030-01-10T18:00",
                "ends": "2030-01-10T19:00",
                "repeats": "weekly",
                "until": "2030-01-31",
            },
        ],
    )
    for session in ("once", "course"):
        sign_up(made, session=session)

    def at(day: int, month: int = 2) -> int:
        return keeping.sweep(datetime(2030, month, day, 12, tzinfo=timezone.utc))

    assert at(8) == 0
    assert {row["session_id"] for row in signups.listed(made["id"])} == {"once", "course"}
    assert at(9) == 1  # 30 days after the 10th of January
    assert [row["session_id"] for row in signups.listed(made["id"])] == ["course"]
    assert at(1, 3) == 0
    assert at(3, 3) == 1
    assert rows() == 0


def test_persons_go_with_a_deleted_event(people):
    made = event(people)
    sign_up(made)
    people.act("phayao_editor", "package_delete", id=made["id"])
    assert keeping.sweep() == 1
    assert rows() == 0


def test_no_trace_of_a_person_stands_anywhere_else(people, app, caplog):
    made = event(people)
    caplog.set_level(logging.DEBUG)
    secret = "zzsecretzz@example.org"
    token = sign_up(made, secret, name="Zzsecretname")["token"]
    people.act("phayao_editor", "package_patch", id=made["id"], capacity=60)
    assert "zzsecret" not in caplog.text.lower()
    public = [
        "/api/3/action/package_search?q=zzsecretzz",
        f"/api/3/action/package_show?id={made['name']}",
        f"/api/3/action/package_activity_list?id={made['name']}",
        "/api/3/action/learningcity_session_list?start=2030-01-01&end=2030-01-31",
        f"/api/3/action/learningcity_signup_show?token={token}",
        f"/event/{made['name']}",
        f"/event/activity/{made['name']}",
        "/week?month=2030-01",
        "/week.ics",
        f"/week/sign-up/{token}",
    ]
    for address in public:
        body = app.get(address).body.lower()
        assert "zzsecretzz@" not in body, address
        assert "zzsecretname" not in body, address
    connection = model.Session.connection()
    there = set(sa.inspect(connection).get_table_names()) - {"learningcity_signup"}
    for name in there:
        as_text = sa.literal_column("whole").cast(sa.Text)
        found = sa.select(sa.func.count()).select_from(sa.table(name).alias("whole"))
        found = found.where(as_text.ilike("%zzsecret%"))
        assert connection.scalar(found) == 0, name


def test_the_hosts_file_runs_no_formula(people, app):
    made = event(people)
    sign_up(made, name='=HYPERLINK("http://x")')
    sign_up(made, "+66812345678", name="@SUM(1)")
    headers = {"Authorization": factories.APIToken(user="phayao_editor")["token"]}
    answer = app.get(f"/event/{made['name']}/sign-ups.csv", headers=headers)
    text = answer.get_data().decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in found] == ['\'=HYPERLINK("http://x")', "'@SUM(1)"]
    assert found[1]["contact"] == "'+66812345678"
    app.get(f"/event/{made['name']}/sign-ups.csv", status=403)
