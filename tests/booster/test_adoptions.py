"""Adoptions: recorded by the city itself, shown on both pages, with values before and after."""

from __future__ import annotations

import csv
import io
import json

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from desk.people import work
from desk.test_telling_people import body, mails, subject

__all__ = ["mails"]

INDICATOR = "ADULT_PARTICIPATION"
EVIL = '<script>alert("x")</script>'


def page(app, address, user=None, status=200):
    headers = {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
    answer = app.get(address, headers=headers, status=status)
    return BeautifulSoup(answer.body, "html.parser")


def test_two_cities_stand_on_the_map_their_pages_and_in_the_charts(app, people, adopt):
    for city in ("phayao", "rayong"):
        adopt(city, indicators=[INDICATOR])
    shown = page(app, "/innovation/boat-library")
    places = {"/city/TH-56-M5601", "/city/TH-21"}
    assert {link["href"].removeprefix("/en") for link in shown.select(".lc-dots a")} == places
    assert shown.find(string=lambda text: text and "2 cities adopted it" in text)
    bars = [svg["aria-label"] for svg in shown.select(".lc-bars")]
    assert bars == ["Before 10.0%, after 20.0%", "Before 10.0%, after 9.0%"]
    releases = {link["href"] for link in shown.select(".lc-effect td a")}
    assert releases == {"/dataset/phayao-values/release/1", "/dataset/rayong-values/release/1"}
    for area in ("TH-56-M5601", "TH-21"):
        city = page(app, f"/city/{area}")
        assert city.select_one('a[href="/innovation/boat-library"]')


def test_before_is_over_when_it_starts_and_after_begins_then(people, adopt):
    made = adopt("phayao", started="2022-06-01", indicators=[INDICATOR])
    (effect,) = made["effects"]
    assert (effect["before"]["TIME_PERIOD"], effect["before"]["OBS_VALUE"]) == ("2021", 10)
    assert (effect["after"]["TIME_PERIOD"], effect["after"]["OBS_VALUE"]) == ("2024", 20)
    assert (effect["after"]["DATASET"], effect["after"]["RELEASE"]) == ("phayao-values", 1)
    made = people.act(
        "phayao_editor",
        "learningcity_adoption_update",
        id=made["id"],
        state="running",
        started="2025-01-01",
        indicators=[INDICATOR, "NEET"],
    )
    known, unknown = made["effects"]
    assert known["before"]["TIME_PERIOD"] == "2024"
    assert known["after"] is None
    assert (unknown["before"], unknown["after"]) == (None, None)


def test_its_history_is_kept(people, adopt):
    made = adopt("phayao", state="planned")
    for state, more in (
        ("running", {}),
        ("stopped", {"ended": "2023-01-01", "outcome": {"th": "ไม่มีคนมา"}}),
    ):
        made = people.act(
            "phayao_editor",
            "learningcity_adoption_update",
            id=made["id"],
            state=state,
            started="2022-06-01",
            **more,
        )
    assert [entry["state"] for entry in made["history"]] == ["planned", "running", "stopped"]
    assert made["outcome"] == {"th": "ไม่มีคนมา"}
    assert not any("user" in entry for entry in made["history"])


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"state": "loved"}, "state"),
        ({"state": ""}, "state"),
        ({"started": ""}, "started"),
        ({"started": "soon"}, "started"),
        ({"state": "finished", "outcome": "good"}, "ended"),
        ({"state": "finished", "ended": "2023-01-01"}, "outcome"),
        ({"ended": "2023-01-01"}, "ended"),
        ({"state": "stopped", "ended": "2020-01-01", "outcome": "x"}, "ended"),
        ({"indicators": ["NOTHING"]}, "indicators"),
        ({"outcome": {"fr": "bon"}}, "outcome"),
        ({"innovation": "phayao-values"}, "innovation"),
        ({"likes": 5}, "likes"),
    ],
)
def test_what_does_not_fit_is_named(people, adopt, fields, faulty):
    with pytest.raises(tk.ValidationError) as refused:
        adopt("phayao", **fields)
    assert list(refused.value.error_dict) == [faulty]
    assert people.act("", "learningcity_adoption_list") == []


def test_a_city_records_an_innovation_once_and_only_a_city_does(people, adopt):
    adopt("phayao")
    with pytest.raises(tk.ValidationError) as refused:
        adopt("phayao")
    assert list(refused.value.error_dict) == ["organization"]
    with pytest.raises(tk.ValidationError) as refused:
        adopt("secretariat", user="curator")
    assert list(refused.value.error_dict) == ["organization"]


def test_followers_and_the_stream_of_the_innovation_hear_of_each_step(app, people, adopt, mails):
    for user in ("stranger", "phayao_editor"):  # nobody is told of what they did themselves
        context = {"user": user, "ignore_auth": True}
        call_action("follow_dataset", context, id="boat-library")
    made = adopt("phayao", state="planned")
    for state in ("running", "running"):
        given = {"id": made["id"], "state": state, "started": "2022-06-01"}
        people.act("phayao_editor", "learningcity_adoption_update", **given)
    with app.flask_app.test_request_context():
        work()
    assert {mail["To"].split("<")[-1] for mail in mails} == {f"{email('stranger')}>"}
    assert [subject(mail) for mail in mails] == [
        "phayao office นำไปใช้: Boat library / phayao office adopts: Boat library",
        "ความคืบหน้าของphayao office: Boat library / How far phayao office is with: Boat library",
    ]
    assert f"/adoption/{made['id']}" in body(mails[0])
    found = call_action("package_activity_list", id="boat-library")
    kinds = [each["activity_type"] for each in found][:2]
    assert kinds == ["learningcity adoption changed", "learningcity adopted"]
    shown = page(app, "/dataset/activity/boat-library").select_one(".activity")
    assert shown.select_one(f'a[href$="/adoption/{made["id"]}"]').text == "phayao office"
    assert "planned" in shown.get_text()


def email(user: str) -> str:
    return model.User.get(user).email


ROLES = {
    "": (False, True),
    "stranger": (False, True),
    "phayao_member": (False, True),
    "phayao_editor": (True, True),
    "phayao_admin": (True, True),
    "rayong_editor": (False, True),
    "rayong_admin": (False, True),
    "curator": (False, True),
}


def test_who_may_do_what_with_an_adoption(people, adopt):
    def outcome(user: str, action: str, **parameters) -> bool:
        try:
            people.act(user, action, **parameters)
        except tk.NotAuthorized:
            return False
        return True

    given = {"innovation": "boat-library", "organization": "phayao-office", "state": "planned"}
    for user, (writes, reads) in ROLES.items():
        assert outcome(user, "learningcity_adoption_create", **given) is writes, user
        made = people.act("", "learningcity_adoption_list")
        made = made[0] if made else adopt("phayao")
        update = {"id": made["id"], "state": "planned"}
        assert outcome(user, "learningcity_adoption_update", **update) is writes, user
        assert outcome(user, "learningcity_adoption_show", id=made["id"]) is reads, user
        assert outcome(user, "learningcity_adoption_delete", id=made["id"]) is writes, user
        assert len(people.act("", "learningcity_adoption_list")) == (0 if writes else 1)
        if not writes:
            people.act("phayao_editor", "learningcity_adoption_delete", id=made["id"])


def test_an_adoption_is_seen_by_whom_the_innovation_is(people, adopt):
    made = adopt("rayong")
    people.act("rayong_editor", "package_patch", id="boat-library", private=True)
    assert people.act("stranger", "learningcity_adoption_list") == []
    assert people.act("stranger", "learningcity_innovation_suggest", area="TH-91") == []
    with pytest.raises(tk.NotAuthorized):
        people.act("stranger", "learningcity_adoption_show", id=made["id"])
    assert len(people.act("rayong_member", "learningcity_adoption_list")) == 1
    people.act("rayong_editor", "package_delete", id="boat-library")
    assert people.act("rayong_editor", "learningcity_adoption_list") == []


def test_cities_alike_are_of_one_level_and_nearer_in_one_region(app, people, adopt):
    adopt("phayao")
    suggest = "learningcity_innovation_suggest"
    (found,) = people.act("", suggest, area="TH-57-M5701")  # a municipality in the same region
    assert found["innovation"] == "boat-library"
    assert [(p["area"], p["likeness"]) for p in found["peers"]] == [
        ("TH-56-M5601", "level_and_region")
    ]
    (found,) = people.act("", suggest, area="TH-90-M9011")  # one in the south
    assert found["peers"][0]["likeness"] == "level"
    assert people.act("", suggest, area="TH-57") == []  # a province is something else
    assert people.act("", suggest, area="TH-56-M5601") == []  # it has it
    text = page(app, "/city/TH-57-M5701").get_text(" ", strip=True)
    assert "Cities like this one adopted" in text
    assert "same level and region" in text


def test_what_was_stopped_is_no_advice(people, adopt):
    adopt("phayao", state="stopped", ended="2023-01-01", outcome={"en": "Nobody came."})
    assert people.act("", "learningcity_innovation_suggest", area="TH-57-M5701") == []


def test_files_hold_what_the_action_gives_and_run_no_formula(app, people, adopt):
    adopt("phayao", state="finished", ended="2023-01-01", outcome={"en": "=1+1", "th": "+ดี"})
    adopt("rayong")
    text = app.get("/adoptions.csv?area=TH-56-M5601").get_data().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["outcome_en"], row["outcome_th"]) == ("'=1+1", "'+ดี")
    assert len(json.loads(app.get("/adoptions.json").body)) == 2
    app.get("/adoptions.csv?state=loved", status=400)


def test_nothing_that_was_typed_runs_on_a_page(app, people, adopt):
    people.act(
        "rayong_editor",
        "package_patch",
        id="boat-library",
        title_translated={"en": EVIL},
        notes_translated={"en": EVIL},
    )
    made = adopt("phayao", state="finished", ended="2023-01-01", outcome={"en": EVIL})
    for address in ("/innovation/boat-library", f"/adoption/{made['id']}", "/city/TH-56-M5601"):
        assert "<script>alert(" not in app.get(address).body, address


def test_a_form_keeps_what_was_typed_and_names_the_fault_beside_it(app, people, innovation):
    headers = {"Authorization": factories.APIToken(user="phayao_editor")["token"]}
    address = "/innovation/boat-library/adopt"
    form = page(app, address, "phayao_editor")
    names = {field["name"] for field in form.select(".lc-form [name]")} - {"_csrf_token"}
    assert names >= {"organization", "state", "started", "ended", "outcome-th", "indicators"}
    given = {
        "organization": "phayao-office",
        "state": "finished",
        "started": "2022-06-01",
        "outcome-en": "",
        "indicators": INDICATOR,
    }
    answer = app.post(address, params=given, headers=headers, status=400)
    form = BeautifulSoup(answer.body, "html.parser")
    for name in ("ended", "outcome"):
        fault = form.select_one(f"#lc-{name}-fault")
        assert fault.text
        assert form.select_one(f'[aria-describedby~="lc-{name}-fault"][aria-invalid]')
    assert form.select_one("#lc-started")["value"] == "2022-06-01"
    assert form.select_one("#lc-state option[selected]")["value"] == "finished"
    assert form.select_one("#lc-indicators option[selected]")["value"] == INDICATOR
    given |= {"ended": "2023-01-01", "outcome-en": "People came."}
    answer = app.post(address, params=given, headers=headers, follow_redirects=False, status=302)
    assert "/adoption/" in answer.headers["Location"]
    (made,) = people.act("", "learningcity_adoption_list")
    edit = page(app, f"/adoption/{made['id']}/edit", "phayao_editor")
    assert edit.select_one("#lc-outcome-en").text == "People came."
    page(app, f"/adoption/{made['id']}/edit", "rayong_editor", status=403)
    app.post(f"/adoption/{made['id']}/delete", headers=headers, follow_redirects=False, status=302)
    assert people.act("", "learningcity_adoption_list") == []
