"""The World Bank from its server to the portal, through ckanext-harvest's queues."""

from __future__ import annotations

import json

import pytest
from agencies.server import Reply
from agencies.worldbank import EMPTY, INVALID, XML_DATA, as_json, row
from ckan import model
from ckan.tests import factories, helpers

from ckanext.learningcity.harvest.queue import resume, tick
from ckanext.learningcity.harvest.runs import let_go
from ckanext.learningcity.indicators import derived

PUBLISHED = 3  # indicators, see `published` in conftest.py


def datasets() -> list[dict]:
    return helpers.call_action("package_search", fq="source_id:worldbank", rows=100)["results"]


def releases() -> int:
    return helpers.call_action("learningcity_release_list")["count"]


def test_the_first_run_makes_datasets_and_the_second_writes_nothing(run):
    assert run()["stats"] == {
        "added": PUBLISHED,
        "updated": 0,
        "not modified": 0,
        "errored": 0,
        "deleted": 0,
    }
    before = {dataset["name"]: dataset["metadata_modified"] for dataset in datasets()}
    assert len(before) == PUBLISHED
    assert releases() == PUBLISHED
    again = run()
    assert again["stats"]["not modified"] == PUBLISHED
    assert again["status"] == "Finished"
    assert {dataset["name"]: dataset["metadata_modified"] for dataset in datasets()} == before
    assert releases() == PUBLISHED


def test_values_provenance_and_level_arrive(run, agency):
    run()
    found = helpers.call_action("learningcity_observation_search", indicator="ADULT_LITERACY")
    assert [(r["TIME_PERIOD"], r["OBS_VALUE"], r["OBS_STATUS"]) for r in found["records"]] == [
        ("2018", 93.77, "E"),
        ("2020", 93.98, "A"),
        ("2022", 94.11, "A"),
    ]
    assert {(r["REF_AREA"], r["AREA_LEVEL"]) for r in found["records"]} == {("TH", "country")}
    release = helpers.call_action("learningcity_release_list", id=found["records"][0]["DATASET"])
    source = release["results"][0]["source"]
    assert source["kind"] == "harvest"
    assert source["version"] == "2026-01-28"
    assert source["url"].startswith(agency.endpoint)
    dataset = helpers.call_action("package_show", id=found["records"][0]["DATASET"])
    assert dataset["license_id"] == "cc-by"
    assert dataset["organization"]["name"] == "world-bank"
    assert dataset["indicators"] == ["ADULT_LITERACY"]


def test_a_national_value_is_never_a_citys(run):
    run()
    for place in ("TH-56", "TH-56-M5601", "TH-10"):
        profile = helpers.call_action("learningcity_city_profile", id=place)
        assert profile["indicators"] == []


def test_a_changed_value_makes_one_new_release(run, agency):
    run()
    agency.rows[0] = row("2022", 95)
    job = run()
    assert job["stats"]["updated"] == PUBLISHED
    assert releases() == 2 * PUBLISHED
    newest = helpers.call_action("learningcity_release_list", limit=1)["results"][0]
    assert (newest["number"], newest["added"], newest["changed"]) == (2, 0, 1)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda: as_json(INVALID), "refused"),
        (lambda: as_json(EMPTY), "empty"),
        (lambda: Reply(XML_DATA, content_type="text/xml"), "changed"),
        (lambda: Reply(b"<html>Sorry</html>", content_type="text/html"), "changed"),
    ],
)
def test_an_answer_that_is_no_data_is_named_and_takes_nothing_away(run, agency, answer, code):
    run()
    before = helpers.call_action("learningcity_observation_search")
    agency.first(answer())
    job = run()
    assert job["stats"]["errored"] == 1
    report = helpers.call_action("harvest_job_report", id=job["id"])
    messages = [
        error["message"] for entry in report["object_errors"].values() for error in entry["errors"]
    ]
    assert any(message.startswith(f"{code}: ") for message in messages)
    assert helpers.call_action("learningcity_observation_search") == before


def test_a_service_that_was_busy_once_is_asked_again(run, agency):
    agency.first(Reply(b"busy", status=503))
    assert run()["stats"]["errored"] == 0


def test_a_dry_run_tells_and_writes_nothing(run, source):
    told = helpers.call_action("learningcity_source_run", id=source["name"], dry_run=True)
    assert {entry["status"] for entry in told["datasets"]} == {"new"}
    assert {entry["added"] for entry in told["datasets"]} == {3}
    assert datasets() == []
    run()
    told = helpers.call_action("learningcity_source_run", id=source["name"], dry_run=True)
    assert {entry["status"] for entry in told["datasets"]} == {"unchanged"}


def test_the_list_of_sources_says_how_the_last_run_went(run):
    run()
    [listed] = helpers.call_action("learningcity_source_list")
    assert listed["name"] == "world-bank-indicators"
    assert listed["last_job"]["status"] == "Finished"
    assert listed["last_job"]["datasets"] == {"added": PUBLISHED}


def test_only_administrators_run_a_source(source):
    for name in ("", factories.User()["name"]):
        with pytest.raises(helpers.logic.NotAuthorized):
            helpers.call_action(
                "learningcity_source_run",
                context={"user": name, "ignore_auth": False},
                id=source["id"],
            )


@pytest.mark.parametrize(
    ("config", "hint"),
    [
        ("not json", "JSON"),
        ("[]", "source"),
        ("{}", "source"),
        ('{"source": "no-such"}', "no-such"),
        ('{"source": "worldbank", "colour": "red"}', "colour"),
        ('{"source": "worldbank", "options": {"speed": 1}}', "speed"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_reason(portal, config, hint):
    owner = factories.Organization()
    with pytest.raises(helpers.logic.ValidationError) as refused:
        helpers.call_action(
            "harvest_source_create",
            name="wrong",
            title="Wrong",
            url="https://example.org/",
            source_type="learningcity",
            frequency="MANUAL",
            owner_org=owner["id"],
            config=config,
        )
    assert hint in json.dumps(refused.value.error_dict, ensure_ascii=False)


def test_what_a_killed_run_left_is_finished_and_nothing_is_made_twice(
    run, work, monkeypatch, agency
):
    """Killed between the release and what is derived from it: the worst moment."""

    def killed(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("ckanext.learningcity.indicators.datastore.announce", killed)
        with pytest.raises(SystemExit):
            run()
    model.Session.remove()
    assert len(derived.pending()) == 1
    let_go("worker")
    assert resume("gather") == 1
    work()
    tick()
    assert derived.pending() == []
    assert len(datasets()) == PUBLISHED
    assert releases() == PUBLISHED
    assert run()["stats"]["not modified"] == PUBLISHED


def test_a_tick_derives_what_was_left_behind(run, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("ckanext.learningcity.indicators.derived._follow", lambda *_args: None)
        run()
    assert len(derived.pending()) == PUBLISHED
    tick()
    assert derived.pending() == []
