"""RDF catalogues through ckanext-dcat's harvester, which fits our schema and stays in bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from agencies.dcat import SECOND, TURTLE, DCATServer
from agencies.server import Reply
from ckan.tests import factories, helpers

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def catalogue(ckan_config, monkeypatch):
    with DCATServer() as running:
        monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.allow_hosts", [running.host])
        yield running


@pytest.fixture
def run(catalogue, work) -> Callable[[], dict]:
    source = helpers.call_action(
        "harvest_source_create",
        context={"user": factories.Sysadmin()["name"]},
        name="catalogue",
        title="Catalogue",
        url=catalogue.endpoint,
        source_type="dcat_rdf",
        owner_org=factories.Organization(name="library-office")["id"],
    )

    def run_once() -> dict:
        job = helpers.call_action("harvest_job_create", source_id=source["id"], run=True)
        work()
        helpers.call_action("harvest_jobs_run")
        return helpers.call_action("harvest_job_show", id=job["id"])

    return run_once


def datasets() -> dict[str, dict]:
    found = helpers.call_action("package_search", fq="dataset_type:dataset")["results"]
    return {dataset["guid"].rpartition("/")[2]: dataset for dataset in found}


def gather_errors(job: dict) -> str:
    report = helpers.call_action("harvest_job_report", id=job["id"])
    return " ".join(error["message"] for error in report["gather_errors"])


def test_a_catalogue_becomes_datasets_in_both_languages(run):
    assert run()["stats"]["added"] == 2
    first = datasets()["1"]
    assert first["title_translated"] == {"en": "Libraries in the city", "th": "ห้องสมุดในเมือง"}
    assert first["notes_translated"] == {"en": "A list of libraries", "th": "รายชื่อห้องสมุด"}
    assert first["keywords"] == {"en": ["library"], "th": ["ห้องสมุด"]}
    assert first["license_id"] == "cc-by"
    assert (first["period_start"], first["period_end"]) == ("2023-01-01", "2023-12-31")
    assert first["data_source"] == "Library office"
    assert first["organization"]["name"] == "library-office"
    assert first["source_url"] == "https://data.example.org/dataset/1"
    assert [(each["url"], each["format"]) for each in first["resources"]] == [
        ("https://data.example.org/libraries.csv", "CSV")
    ]
    assert first["name"].startswith("libraries-in-the-city-")


def test_a_changed_dataset_keeps_its_address_and_a_removed_one_goes(run, catalogue):
    run()
    before = datasets()
    catalogue.content = TURTLE.replace("Libraries in the city", "Libraries").replace(SECOND, "")
    stats = run()["stats"]
    assert (stats["updated"], stats["deleted"]) == (1, 1)
    after = datasets()
    assert set(after) == {"1"}
    assert after["1"]["name"] == before["1"]["name"]
    assert after["1"]["title_translated"]["en"] == "Libraries"


def test_a_thai_title_makes_a_name(run, catalogue):
    catalogue.content = TURTLE.replace('"Museums"@en', '"พิพิธภัณฑ์"@th')
    run()
    assert datasets()["2"]["title_translated"] == {"th": "พิพิธภัณฑ์"}
    assert datasets()["2"]["name"].isascii()


@pytest.mark.parametrize(
    ("reply", "hint"),
    [
        (Reply(b"", content_type="text/turtle"), "is empty"),
        (Reply(b"@prefix x: <http://example.org/> .", content_type="text/turtle"), "no dataset"),
        (Reply(b"<html>Maintenance</html>", content_type="text/html"), "Error parsing"),
        (Reply(b"oops", 500, "text/plain"), "500"),
        (Reply(TURTLE.encode(), content_type="text/turtle", fault="reset"), "broke off"),
        (Reply(b"", 302, headers={"Location": "/catalog.ttl"}), "redirects"),
    ],
    ids=["empty", "no dataset", "another page", "trouble", "broken off", "a circle"],
)
def test_what_is_no_catalogue_is_named_and_takes_nothing_away(run, catalogue, reply, hint):
    run()
    before = datasets()
    catalogue.first(*[reply] * 20)
    assert hint in gather_errors(run())
    assert datasets() == before
