"""No field that takes an address leads the portal into a private network."""

from __future__ import annotations

import json
import socket

import ckan.plugins as p
import pytest
from agencies.dcat import PATH, TURTLE, DCATServer
from agencies.server import AgencyServer, Reply, redirect
from ckan import model
from ckan.tests import factories, helpers

from ckanext.learningcity.runtime.ckan_ini import PLUGINS
from ckanext.learningcity.tabular.load import load

pytestmark = pytest.mark.usefixtures("portal")

#: Plugins of CKAN and its extensions that ask addresses and know no guard.
UNGUARDED = {
    "archiver",
    "ckan_harvester",
    "csw_harvester",
    "datapusher",
    "dcat_json_harvester",
    "dcat_xml_harvester",
    "doc_harvester",
    "qa",
    "resource_proxy",
    "waf_harvester",
    "xloader",
}


@pytest.fixture
def private():
    """A server of the private network, which nobody has allowed."""
    with AgencyServer() as running:
        running.respond = lambda _request: Reply(TURTLE.encode(), content_type="text/turtle")
        yield running


@pytest.fixture
def catalogue(ckan_config, monkeypatch):
    """A catalogue that the operator has allowed."""
    with DCATServer() as running:
        monkeypatch.setitem(ckan_config, "ckanext.learningcity.harvest.allow_hosts", [running.host])
        yield running


def make_source(url: str, source_type: str = "dcat_rdf") -> dict:
    config = {"learningcity": json.dumps({"source": "worldbank"})}
    return helpers.call_action(
        "harvest_source_create",
        context={"user": factories.Sysadmin()["name"]},
        name="a-source",
        title="A source",
        url=url,
        source_type=source_type,
        owner_org=factories.Organization()["id"],
        config=config.get(source_type, ""),
    )


@pytest.fixture
def run(work):
    """Run a source and return everything that its job says."""

    def run_once(source: dict) -> str:
        job = helpers.call_action("harvest_job_create", source_id=source["id"], run=True)
        work()
        helpers.call_action("harvest_jobs_run")
        return json.dumps(helpers.call_action("harvest_job_report", id=job["id"]))

    return run_once


@pytest.mark.parametrize("source_type", ["learningcity", "dcat_rdf"])
def test_a_source_at_a_private_address_is_not_made(source_type):
    for url in (
        "http://127.0.0.1/",
        "http://localhost:8983/solr",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://user:secret@example.org/",
        "file:///etc/passwd",
        "/etc/passwd",
        "ftp://example.org/",
    ):
        with pytest.raises(helpers.logic.ValidationError) as caught:
            make_source(url, source_type)
        assert "url" in caught.value.error_dict, url
        assert "secret" not in str(caught.value)
    assert model.Session.query(model.Package).filter_by(type="harvest").count() == 0


def test_a_source_is_not_moved_to_one(catalogue):
    source = make_source(catalogue.endpoint)
    with pytest.raises(helpers.logic.ValidationError) as caught:
        helpers.call_action("harvest_source_update", **{**source, "url": "http://10.0.0.1/"})
    assert "url" in caught.value.error_dict
    again = helpers.call_action("harvest_source_show", id=source["id"])
    assert again["url"] == catalogue.endpoint


def test_a_name_is_judged_when_it_is_asked(private, run, monkeypatch):
    """DNS may answer otherwise later, so the name passes the form and not the guard."""
    port = private.host.rpartition(":")[2]
    resolve = socket.getaddrinfo
    source = make_source(f"http://rebind.example:{port}{PATH}")

    def rebind(host, *args, **options):
        return resolve("127.0.0.1" if host == "rebind.example" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    assert "leads into a private network" in run(source)
    assert private.requests == []


def test_a_catalogue_that_redirects_there_is_not_followed(catalogue, private, run):
    catalogue.respond = lambda _asked: redirect(f"{private.url}{PATH}")
    assert "is not a public address" in run(make_source(catalogue.endpoint))
    assert private.requests == []


@pytest.mark.parametrize("page", ["{private}/next", "/etc/passwd", "file:///etc/passwd"])
def test_a_next_page_there_is_not_asked(catalogue, private, run, page):
    target = page.format(private=private.url)
    catalogue.content = TURTLE + (
        "@prefix hydra: <http://www.w3.org/ns/hydra/core#> .\n"
        f"<https://data.example.org/page> a hydra:PagedCollection ; hydra:nextPage <{target}> ;\n"
        f"  hydra:next <{target}> .\n"
    )
    assert "private network" in run(make_source(catalogue.endpoint))
    assert private.requests == []


@pytest.mark.parametrize(
    "context",
    [
        "{private}/context.jsonld",
        ["{private}/context.jsonld"],
        {"@import": "{private}/context.jsonld"},
        {"x": {"@id": "http://example.org/x", "@context": "{private}/context.jsonld"}},
        "file:///etc/passwd",
    ],
)
def test_a_context_there_is_not_fetched(catalogue, private, run, context):
    document = {"@context": context, "@id": "http://example.org/", "x": {"y": 1}}
    catalogue.content = json.dumps(document).replace("{private}", private.url)
    catalogue.content_type = "application/ld+json"
    assert "context" in run(make_source(catalogue.endpoint))
    assert private.requests == []


@pytest.mark.parametrize("entity", ["{private}/entity", "file:///etc/passwd"])
def test_an_entity_there_is_not_fetched(catalogue, private, run, entity):
    catalogue.content_type = "application/rdf+xml"
    catalogue.content = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "{entity}">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dct="http://purl.org/dc/terms/" xmlns:dcat="http://www.w3.org/ns/dcat#">'
        '<dcat:Dataset rdf:about="http://example.org/1"><dct:title>T &e;</dct:title></dcat:Dataset>'
        "</rdf:RDF>"
    ).replace("{private}", private.url)
    run(make_source(catalogue.endpoint))
    assert private.requests == []
    found = helpers.call_action("package_search", fq="dataset_type:dataset")["results"]
    assert "root:" not in json.dumps(found)


def test_a_link_of_a_dataset_is_shown_and_never_asked(private):
    dataset = factories.Dataset(
        resources=[{"url": f"{private.url}/data.csv", "format": "CSV", "name": "Table"}]
    )
    for resource in dataset["resources"]:
        load(resource["id"])
    helpers.call_action("package_show", id=dataset["id"])
    assert private.requests == []


def test_nothing_that_asks_addresses_without_the_guard_is_switched_on():
    assert not UNGUARDED & set(PLUGINS)
    assert not [name for name in UNGUARDED if p.plugin_loaded(name)]
