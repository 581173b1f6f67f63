"""What is no table of observations: catalogues' datasets with links, and publications."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest
from agencies.gdcatalog import FACTS, GDCatalogServer
from agencies.oai import RepositoryServer, record
from ckan.tests import factories, helpers

from ckanext.learningcity.harvesters.session import Limits, Session

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def run(work, monkeypatch, ckan_config) -> Callable[..., dict]:
    """Make a source at a server, once, and run it."""
    hasty = partial(Session, limits=Limits(interval=0, backoff=0))
    monkeypatch.setattr("ckanext.learningcity.harvest.config.Session", hasty)

    def run_once(server, **config) -> dict:
        monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.allow_hosts", [server.host])
        found = helpers.call_action("package_search", fq="dataset_type:harvest")["results"]
        source = found[0] if found else make(server, config)
        job = helpers.call_action("learningcity_source_run", id=source["id"])["job"]
        work()
        helpers.call_action("harvest_jobs_run")
        return helpers.call_action("harvest_job_show", id=job)

    def make(server, config) -> dict:
        return helpers.call_action(
            "harvest_source_create",
            context={"user": factories.Sysadmin()["name"]},
            name="a-source",
            title="A source",
            url=server.endpoint,
            source_type="learningcity",
            frequency="MANUAL",
            owner_org=factories.Organization(name="owner")["id"],
            config=json.dumps(config),
        )

    return run_once


def datasets(kind: str = "dataset") -> list[dict]:
    found = helpers.call_action("package_search", fq=f"dataset_type:{kind}", sort="title asc")
    return found["results"]


def test_a_government_catalogue_becomes_datasets_with_links_and_observations(run):
    with GDCatalogServer() as server:
        server.datasets[3]["allow_harvest"] = "False"
        server.datasets[4]["data_category"] = "ข้อมูลส่วนบุคคล"
        stats = run(server, source="gdcatalog-chiangmai", options=FACTS["options"])["stats"]
    assert stats["added"] == 3
    listed = {dataset["guid"].rpartition("-")[2]: dataset for dataset in datasets()}
    assert len(listed) == 3, "two are withheld"
    [told] = helpers.call_action("learningcity_source_runs", id="a-source")
    assert (told["counts"]["added"], told["counts"]["withheld"]) == (3, 2)
    visits = next(dataset for dataset in listed.values() if dataset["indicators"])
    assert visits["license_id"] == "cc-by"
    assert set(visits["objective"]) == {"mission", "national_strategy"}
    assert visits["maintainer_email"] == "library@example.go.th"
    assert visits["allow_harvest"] is True
    assert visits["organization"]["name"] == "owner"
    formats = [resource["format"] for resource in visits["resources"]]
    assert "PDF" in formats
    found = helpers.call_action("learningcity_observation_search", indicator="LIBRARY_VISITS")
    assert {(each["REF_AREA"], each["TIME_PERIOD"]) for each in found["records"]} == {
        ("TH-56", "2023"),
        ("TH-56", "2024"),
        ("TH-57", "2024"),
    }


def test_an_unchanged_catalogue_is_left_alone_and_its_links_with_it(run):
    with GDCatalogServer() as server:
        config = {"source": "gdcatalog-chiangmai", "options": FACTS["options"]}
        run(server, **config)
        before = datasets()
        stats = run(server, **config)["stats"]
        assert (stats["added"], stats["updated"], stats["errored"]) == (0, 0, 0)
        assert datasets() == before
        server.datasets[0]["title"] = "ชื่อใหม่"
        server.datasets[0]["resources"].pop()
        assert run(server, **config)["stats"]["updated"] == 1
    [changed] = [dataset for dataset in datasets() if dataset["indicators"]]
    assert changed["title"] == "ชื่อใหม่"
    assert "PDF" not in [resource["format"] for resource in changed["resources"]]
    assert any(resource.get("observations") for resource in changed["resources"])


def test_a_repository_becomes_publications(run):
    with RepositoryServer() as server:
        job = run(server, source="kku-repository")
    report = helpers.call_action("harvest_job_report", id=job["id"])
    assert job["stats"]["added"] == 4, report
    listed = datasets("research")
    article = next(each for each in listed if each.get("doi"))
    assert article["doi"] == "10.14456/example.2024.7"
    assert article["authors"] == ["Author, First", "Author, Second"]
    assert article["title_translated"]["en"] == "Lifelong learning in the city of Phayao"
    assert article["kind"] == "study"
    assert article["license_id"] == "cc-by"
    assert article["publication_date"].startswith("2024")
    assert [resource["format"] for resource in article["resources"]] == ["PDF"]


def test_a_listing_of_late_changes_withdraws_what_it_names_and_nothing_else(run):
    config = {"source": "kku-repository", "options": {"days": 30}}
    with RepositoryServer() as server:
        run(server, **config)
        server.records = [record(2, status="deleted")]
        stats = run(server, **config)["stats"]
        assert (stats["deleted"], stats["errored"]) == (1, 0)
        server.records = []
        assert run(server, **config)["stats"]["deleted"] == 0, "nothing new takes nothing away"
    assert len(datasets("research")) == 4, "a page that was withdrawn is kept"
