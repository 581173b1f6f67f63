"""The pages of the Week: the event's form with its sessions, the calendar, and signing up."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories

from ckanext.learningcity.week.consent import current
from ckanext.learningcity.week.model import signup

EVIL = '"><script>alert(1)</script>'


@pytest.fixture
def editor(people) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user="phayao_editor")["token"]}


def parsed(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def form(**fields) -> dict[str, str]:
    return {
        "title_translated-en": "Evening course",
        "notes_translated-en": "Six evenings.",
        "name": "evening-course",
        "kind": "workshop",
        "owner_org": model.Group.get("phayao-office").id,
        "time_zone": "Asia/Bangkok",
        "private": "False",
        "save": "",
        "_ckan_phase": "",
        **fields,
    }


def test_an_editor_makes_and_changes_an_event_with_sessions_in_the_form(app, people, editor):
    page = parsed(app.get("/event/new", headers=editor))
    assert len(page.select(".lc-session")) == 2  # blank ones, without a script
    given = form(
        **{
            "sessions-0-title_en": "First",
            "sessions-0-title_th": "ครั้งแรก",
            "sessions-0-starts": "2030-01-10T18:00",
            "sessions-0-ends": "2030-01-10T20:00",
            "sessions-0-repeats": "weekly",
            "sessions-0-until": "2030-02-14",
            "sessions-0-skipped": "2030-01-24",
            "sessions-0-language": "th, en",
            "sessions-0-capacity": "12",
            "sessions-1-starts": "",
            "sessions-1-repeats": "",
        }
    )
    answer = app.post("/event/new", params=given, headers=editor, follow_redirects=False)
    assert not parsed(answer).select(".error-explanation")
    assert answer.status_code == 302
    made = people.act("", "package_show", id="evening-course")
    (session,) = made["sessions"]
    assert session["id"]
    assert session["language"] == ["th", "en"]
    assert (session["capacity"], session["skipped"]) == (12, ["2030-01-24"])
    assert session["title"] == {"en": "First", "th": "ครั้งแรก"}
    for language, title in (("en", "First"), ("th", "ครั้งแรก")):
        assert parsed(app.get(f"/{language}/event/evening-course")).find("h3", string=title)
    assert (made["starts"], made["ends"]) == ("2030-01-10T18:00", "2030-02-14T20:00")

    page = parsed(app.get("/event/edit/evening-course", headers=editor))
    inputs = {field["name"]: field.get("value", "") for field in page.select(".lc-session input")}
    assert inputs["sessions-0-id"] == session["id"]
    assert inputs["sessions-0-language"] == "th, en"
    changed = {name: value for name, value in inputs.items() if value}
    changed |= {"sessions-0-title_en": "Changed", "sessions-0-repeats": "weekly"}
    app.post("/event/edit/evening-course", params=form(**changed), headers=editor)
    (after,) = people.act("", "package_show", id="evening-course")["sessions"]
    assert after == {**session, "title": {"en": "Changed", "th": "ครั้งแรก"}}


def test_faults_of_a_session_stand_beside_their_fields_and_what_was_typed_stays(
    app, people, editor
):
    given = form(
        **{
            "sessions-0-starts": "2030-01-10T18:00",
            "sessions-1-title_th": EVIL,
            "sessions-1-starts": "tomorrow",
            "sessions-1-time_zone": "Mars/Olympus",
            "sessions-1-repeats": "weekly",
            "sessions-1-capacity": "many",
            "sessions-1-online_url": "javascript:alert(1)",
        }
    )
    answer = app.post("/event/new", params=given, headers=editor)
    assert "<script>alert(1)" not in answer.body
    page = parsed(answer)
    for name in ("starts", "time_zone", "until", "capacity", "online_url"):
        field = page.find(id=f"sessions-1-{name}")
        assert field["aria-invalid"] == "true", name
        assert page.find(id=field["aria-describedby"]).text, name
        assert field.get("value", "") == given.get(f"sessions-1-{name}", "")
    assert page.find(id="sessions-1-title_th")["value"] == EVIL
    assert page.find(id="sessions-0-starts")["value"] == "2030-01-10T18:00"
    assert not page.select('[id^="sessions-0-"][aria-invalid]')
    assert page.select('.error-explanation [data-field-label^="sessions-"]')
    assert model.Package.get("evening-course") is None


@pytest.mark.parametrize(
    ("sessions", "where"),
    [
        ("nonsense", "sessions"),
        ([1], "sessions"),
        ([{"starts": "2030-01-10T09:00", "mood": "good"}], "mood"),
        ([{"title": "No time"}], "starts"),
        ([{"starts": "2030-01-10T09:00", "title": {"de": "Kurs"}}], "title"),
        ([{"starts": "2030-01-10T09:00", "venue": {"en": "x" * 301}}], "venue"),
        ([{"starts": "2030-01-10T09:00", "ends": "2030-01-09T09:00"}], "ends"),
        ([{"starts": "2030-01-10T09:00", "repeats": "daily", "until": "2032-01-01"}], "until"),
        ([{"starts": "2030-01-10T09:00", "repeats": "yearly"}], "repeats"),
        ([{"starts": "2030-01-10T09:00", "language": "xx"}], "language"),
        ([{"starts": "2030-01-10T09:00", "id": "A b"}], "id"),
        ([{"starts": "2030-01-10T09:00", "id": "a"}] * 2, "id"),
    ],
)
def test_the_api_refuses_wrong_sessions_and_says_where(app, people, editor, sessions, where):
    given = {
        "type": "event",
        "title": "Course",
        "notes": "About it.",
        "kind": "talk",
        "owner_org": "phayao-office",
        "starts": "2030-01-10T09:00",
        "sessions": sessions,
    }
    answer = app.post("/api/3/action/package_create", json=given, headers=editor, status=409)
    assert where in str(answer.json["error"])


def test_the_month_and_the_list_show_a_session_and_its_places(app, people):
    people.share(
        "event",
        name="night",
        starts="2030-01-10T18:00",
        sign_up=True,
        capacity=2,
        title_translated={"en": f"Night {EVIL}"},
        venue_translated={"en": EVIL},
    )
    for address, month in (("/week?month=2030-01", "2030"), ("/th/week?month=2030-01", "2573")):
        answer = app.get(address)
        assert "<script>alert(1)" not in answer.body
        page = parsed(answer)
        assert month in page.select_one("#lc-calendar").text
        assert page.select_one('.lc-month a[href="#d-2030-01-10"]')
        assert len(page.select("#d-2030-01-10 .lc-occurrence")) == 1
    assert "2 of 2 places are free" in app.get("/week?month=2030-01").body
    assert not parsed(app.get("/week?month=2030-02")).select(".lc-occurrence")
    app.get("/week?month=2030-13", status=400)
    app.get("/week?area=TH-99", status=400)


def test_somebody_signs_up_confirms_and_cancels_without_an_account(app, people):
    people.share("event", name="night", starts="2030-01-10T18:00", sign_up=True, capacity=1)
    page = parsed(app.get("/event/night"))
    address = page.select_one('a[href$="/event/night/sign-up/main"]')["href"]
    given = {"name": EVIL, "contact": "nobody", "consent": ""}
    answer = app.post(address, params=given, status=400)
    assert "<script>alert(1)" not in answer.body
    page = parsed(answer)
    assert page.find(id="lc-name")["value"] == EVIL
    assert page.find(id="lc-contact")["value"] == "nobody"
    for name in ("contact", "consent"):
        assert page.find(id=f"lc-{name}-fault").text
        assert f"lc-{name}-fault" in page.find(id=f"lc-{name}")["aria-describedby"]
    assert not page.find(id="lc-name-fault")

    given |= {"contact": "one@example.org", "consent": current()["id"]}
    link = app.post(address, params=given, follow_redirects=False, status=302).headers["Location"]
    own = link.split("?")[0]
    answer = app.get(own)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "one@example.org" not in answer.body
    app.get(f"{own}/cancel", status=404)  # a program that follows links changes nothing
    assert "have confirmed" in app.post(f"{own}/confirm").body
    assert "Join the waiting list" in app.get("/event/night").body
    app.post(f"{own}/cancel")
    app.get(own, status=404)
    assert model.Session.execute(signup.select()).first() is None


def test_the_host_sees_the_list_and_takes_somebody_off(app, people, editor):
    people.share("event", name="night", starts="2030-01-10T18:00", sign_up=True)
    given = {"name": "=SUM(1)", "contact": "081 234 5678", "consent": current()["id"]}
    people.act("", "learningcity_signup_create", event="night", **given)
    app.get("/event/night/sign-ups", status=403)
    page = parsed(app.get("/event/night/sign-ups", headers=editor))
    assert page.select_one("tbody th").text == "=SUM(1)"
    action = page.select_one("tbody form")["action"]
    app.post(action, status=403)
    app.post(action, headers=editor)
    assert "Nobody has signed up yet" in app.get("/event/night/sign-ups", headers=editor).body
