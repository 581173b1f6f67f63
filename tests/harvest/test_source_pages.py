"""The pages of the sources, for readers and for those who run them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ckan.tests import factories, helpers

from ckanext.learningcity.harvesters.worldbank import WorldBank

act = helpers.call_action


@pytest.fixture
def somebody():
    """Headers of a member of the secretariat."""
    user = factories.UserWithToken()
    factories.Organization(
        org_role="secretariat", users=[{"name": user["name"], "capacity": "editor"}]
    )
    return {"Authorization": user["token"]}


@pytest.mark.parametrize("language", ["en", "th"])
def test_readers_see_how_sources_are_and_no_buttons(run, app, language):
    run()
    page = app.get(f"/{language}/sources").body
    assert "World Bank" in page
    assert {"en": "Last success", "th": "สำเร็จล่าสุด"}[language] in page
    page = app.get(f"/{language}/sources/world-bank-indicators").body
    assert 'name="what"' not in page
    assert {"en": "Complete", "th": "ครบถ้วน"}[language] in page


def test_without_sources_the_page_says_so(portal, app):
    assert "No source has been set up yet" in app.get("/en/sources").body


def test_an_unknown_source_is_not_found(portal, app):
    assert app.get("/en/sources/nobody", expect_errors=True).status_code == 404


def test_the_secretariat_runs_a_source_by_its_button(source, app, somebody):
    page = app.get("/en/sources/world-bank-indicators", headers=somebody).body
    assert "Run now" in page
    address = "/en/sources/world-bank-indicators/run"
    page = app.post(address, data={"what": "run"}, headers=somebody).body
    assert "put on the queue" in page
    page = app.post(address, data={"what": "run"}, headers=somebody).body
    assert "running already" in page


def test_a_dry_run_shows_what_would_change(source, app, somebody):
    address = "/th/sources/world-bank-indicators/run"
    page = app.post(address, data={"what": "dry-run"}, headers=somebody).body
    assert "ยังไม่ได้บันทึกสิ่งใด" in page
    assert act("learningcity_release_list")["count"] == 0


def test_others_cannot_press_the_button(source, app):
    user = {"Authorization": factories.UserWithToken()["token"]}
    for headers in ({}, user):
        answer = app.post(
            "/en/sources/world-bank-indicators/run",
            data={"what": "run"},
            headers=headers,
            expect_errors=True,
        )
        assert answer.status_code == 403
    assert act("learningcity_source_runs", id="world-bank-indicators") == []


def test_a_button_that_is_not_there_is_refused(source, app, somebody):
    address = "/en/sources/world-bank-indicators/run"
    answer = app.post(address, data={"what": "drop"}, headers=somebody, expect_errors=True)
    assert answer.status_code == 400


def test_where_values_come_from_stands_on_every_page(run, app, agency):
    run()
    [dataset] = act("package_search", fq="indicators:ADULT_LITERACY")["results"]
    for address in (
        f"/en/dataset/{dataset['name']}",
        f"/en/dataset/{dataset['name']}/release/1",
        "/en/indicator/ADULT_LITERACY",
    ):
        page = app.get(address).body
        assert "2026-01-28" in page  # the source's version
        assert agency.host in page
    [told] = act("learningcity_indicator_show", id="ADULT_LITERACY")["datasets"]
    assert told["source"]["source_version"] == "2026-01-28"


def test_what_a_source_withholds_is_counted_on_its_page(run, source, app, monkeypatch):
    refs = WorldBank.refs

    def some(self, session):
        for number, ref in enumerate(refs(self, session)):
            yield ref if number else replace(ref, withheld="source_no_consent")

    monkeypatch.setattr(WorldBank, "refs", some)
    told = act("learningcity_source_run", id=source["id"], dry_run=True)
    assert told["counts"] == {"new": 2, "withheld": 1}
    run()
    assert "1 withheld by the source" in app.get("/en/sources/world-bank-indicators").body
    assert "1 แหล่งข้อมูลไม่ให้เผยแพร่" in app.get("/th/sources/world-bank-indicators").body


@pytest.mark.usefixtures("portal")
def test_a_source_runs_as_often_as_its_facts_suggest_unless_somebody_says():
    context = {"user": factories.Sysadmin()["name"]}
    given = {
        "source_type": "learningcity",
        "owner_org": factories.Organization()["id"],
        "config": '{"source": "worldbank"}',
    }

    def frequency(number: int, **said: str) -> str:
        named = {"name": f"source-{number}", "title": "S", "url": f"https://example.org/{number}"}
        made = act("harvest_source_create", context, **{**named, **given, **said})
        assert act("harvest_source_show", id=made["id"])["frequency"] == made["frequency"]
        return made["frequency"]

    assert frequency(1) == "MONTHLY"  # its facts say that it publishes once a year
    daily = json.dumps({"source": "worldbank", "cadence": "day"})
    assert frequency(2, config=daily) == "DAILY"
    assert frequency(3, config=json.dumps({"source": "data-go-th"})) == "WEEKLY"
    assert frequency(4, frequency="MANUAL") == "MANUAL"
    with pytest.raises(helpers.logic.ValidationError) as refused:
        frequency(5, config='{"source": "nobody"}')
    assert "config" in refused.value.error_dict
