"""No adapter reaches a private network, however the address is written or changes."""

from __future__ import annotations

import json

import pytest
from agencies.gdcatalog import FACTS as GDCATALOG
from agencies.gdcatalog import GDCatalogServer
from agencies.oai import FACTS as OAI
from agencies.sdmx import FACTS as SDMX
from agencies.server import AgencyServer, redirect
from agencies.table import FACTS as TABLE

from ckanext.learningcity.harvesters import sources
from ckanext.learningcity.harvesters.base import Source
from ckanext.learningcity.harvesters.errors import Blocked, Refused, SourceError, Unavailable
from ckanext.learningcity.harvesters.facts import Facts, facts_from
from ckanext.learningcity.harvesters.guard import numeric
from ckanext.learningcity.harvesters.registry import ADAPTERS, build

SPELLINGS = {
    "loopback": "127.0.0.1",
    "its name": "localhost",
    "its name in full": "LOCALHOST.",
    "another loopback": "127.8.9.10",
    "short": "127.1",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "octal, whole": "017700000001",
    "hexadecimal": "0x7f.0x0.0x0.0x1",
    "hexadecimal, whole": "0x7f000001",
    "this host": "0.0.0.0",  # noqa: S104 - an address to refuse
    "private, 10": "10.1.2.3",
    "private, 172": "172.16.0.1",
    "private, 192": "192.168.1.1",
    "shared": "100.64.0.1",
    "link-local": "169.254.169.254",
    "IPv6 loopback": "[::1]",
    "IPv6 this host": "[::]",
    "IPv6 link-local": "[fe80::1]",
    "IPv6 private": "[fd00::1]",
    "IPv6-mapped": "[::ffff:127.0.0.1]",
    "IPv6-mapped, hexadecimal": "[::ffff:7f00:1]",
    "IPv6-mapped metadata": "[::ffff:169.254.169.254]",
    "NAT64": "[64:ff9b::7f00:1]",
    "6to4": "[2002:7f00:1::]",
}


def facts_of(adapter: str) -> Facts:
    """Return facts of some source that `adapter` reads."""
    listed = (facts for facts in sources().values() if facts.adapter == adapter)
    played = (each for each in (GDCATALOG, OAI, SDMX, TABLE) if each["adapter"] == adapter)
    return next(listed, None) or facts_from({"url": "https://agency.example", **next(played)})


def adapter_at(adapter: str, url: str) -> Source:
    facts = facts_of(adapter)
    return build(facts_from({**vars(facts), "url": url}))


def harvest(source: Source, session) -> None:
    ref = next(iter(source.refs(session)))
    source.read(source.fetch(session, ref))


@pytest.fixture
def portless(server):
    """A server that nobody may reach, and its port."""
    return server, server.host.rpartition(":")[2]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_no_spelling_is_asked(adapter, spelling, portless, make_session, clock):
    server, port = portless
    with pytest.raises(Refused):
        harvest(adapter_at(adapter, f"http://{SPELLINGS[spelling]}:{port}/api"), make_session())
    assert server.requests == []
    assert clock.slept == [], "a refusal is not tried again"


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_name_that_stands_for_a_private_address_is_not_asked(adapter, portless, make_session):
    server, port = portless
    session = make_session(resolver=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(Blocked):
        harvest(adapter_at(adapter, f"http://agency.example:{port}/api"), session)
    assert server.requests == []


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_name_that_changes_between_check_and_use_gains_nothing(
    adapter, portless, make_session, monkeypatch
):
    server, port = portless
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    connected = []

    def refuse(address, *_):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("ckanext.learningcity.harvesters.guard.create_connection", refuse)
    resolver = lambda _host, _port: answers.pop(0) if len(answers) > 1 else answers[0]  # noqa: E731
    session = make_session(resolver=resolver, limits={"tries": 1})
    for kind in (Unavailable, Blocked):
        with pytest.raises(kind):
            harvest(adapter_at(adapter, f"http://rebind.example:{port}/api"), session)
    assert connected == ["8.8.8.8"]
    assert server.requests == []


@pytest.mark.parametrize(
    "target",
    ["http://{host}/x", "//localhost:{port}/x", "http://[::1]:{port}/", "file:///etc/passwd"],
)
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_no_redirect_leads_there(adapter, target, portless, make_session):
    server, port = portless
    with AgencyServer() as public:
        public.respond = lambda _request: redirect(target.format(host=server.host, port=port))
        with pytest.raises(Blocked):
            harvest(adapter_at(adapter, f"{public.url}/api"), make_session(public.host))
    assert server.requests == []


def test_no_file_of_a_catalogue_leads_there(server, make_session):
    with GDCatalogServer() as catalogue:
        catalogue.datasets[0]["resources"][0]["url"] = f"{server.url}/visits.csv"
        source = build(facts_from({**GDCATALOG, "url": catalogue.endpoint}))
        with pytest.raises(Blocked):
            harvest(source, make_session(catalogue.host))
    assert server.requests == []


def test_the_error_says_what_to_do_and_no_more(make_session):
    with pytest.raises(SourceError) as caught:
        harvest(
            adapter_at("table", "http://169.254.169.254/latest/meta-data/?key=s3cret"),
            make_session(),
        )
    assert "by its name" in caught.value.remedy
    assert "s3cret" not in json.dumps([str(caught.value), caught.value.url])


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_numbers_are_known_without_a_name_server(spelling):
    host = SPELLINGS[spelling].strip("[]").lower().rstrip(".")
    assert numeric(host, 80), "this spelling is judged already when a source is made"


def test_a_name_is_not_looked_up_when_a_source_is_made(monkeypatch):
    assert numeric("agency.example", 80) == []
