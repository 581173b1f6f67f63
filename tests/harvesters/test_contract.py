"""What every adapter keeps to, whatever its format.

A new adapter joins with one line in `PLAYED`: its source, and the server that plays its agency.
Each fault is tried at every request of a harvest: at the listing, at the data, at what describes
it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from agencies import sdmx
from agencies.gdcatalog import FACTS as GDCATALOG
from agencies.gdcatalog import GDCatalogServer
from agencies.ilo import IloServer
from agencies.oai import FACTS as OAI
from agencies.oai import RepositoryServer
from agencies.server import AgencyServer, Distortion, Reply, compressed, gzip_bomb, redirect
from agencies.stathub import StatHubServer
from agencies.table import FACTS as TABLE
from agencies.table import TableServer
from agencies.uis import UisServer
from agencies.worldbank import WorldBankServer

from ckanext.learningcity.harvesters.base import Harvested, Source
from ckanext.learningcity.harvesters.errors import Refused, SourceError, Unavailable
from ckanext.learningcity.harvesters.facts import facts_from
from ckanext.learningcity.harvesters.packing import (
    pack_document,
    pack_ref,
    unpack_document,
    unpack_ref,
)
from ckanext.learningcity.harvesters.registry import ADAPTERS, build, source
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import KEY, SCHEMA

#: Adapter: the source in `sources.yaml` that uses it, or facts where none does yet; its server.
PLAYED: dict[str, tuple[str | Mapping[str, Any], Callable[[], AgencyServer]]] = {
    "gdcatalog": (GDCATALOG, GDCatalogServer),
    "oai": (OAI, RepositoryServer),
    "table": (TABLE, TableServer),
    "worldbank": ("worldbank", WorldBankServer),
    "uis": ("uis", UisServer),
    "ilo": ("ilo", IloServer),
    "stathub": ("stathub", StatHubServer),
    "sdmx": (sdmx.FACTS, sdmx.SdmxServer),
}


def played_source(adapter: str, url: str) -> Source:
    """Return the source that plays for `adapter`, at `url`."""
    known = PLAYED[adapter][0]
    return (
        source(known, url=url)
        if isinstance(known, str)
        else build(facts_from({**known, "url": url}))
    )


@dataclass
class Played:
    source: Source
    server: AgencyServer

    def harvest(self, session) -> Harvested:
        """Harvest the first dataset."""
        ref = next(iter(self.source.refs(session)))
        return self.source.read(self.source.fetch(session, ref))

    def undisturbed(self, session) -> tuple[str, int]:
        """Return the fingerprint of a good harvest, and how many GETs it takes."""
        before = len(self.server.requests)
        fingerprint = self.harvest(session).fingerprint()
        asked = self.server.requests[before:]
        return fingerprint, sum(request.method == "GET" for request in asked)


@pytest.fixture(params=ADAPTERS)
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    with PLAYED[request.param][1]() as server:
        yield Played(played_source(request.param, server.endpoint), server)


@pytest.fixture
def session(played, make_session):
    return make_session(played.server.host)


def test_refs_are_stable_and_distinct(played, session):
    refs = list(played.source.refs(session))
    assert refs
    assert refs == list(played.source.refs(session))
    assert len({ref.id for ref in refs}) == len(refs)
    assert all(ref.title for ref in refs)


def test_every_dataset_is_told_in_its_languages_with_its_provenance(played, session):
    """What a source says in one language is not passed off as the other."""
    harvested = played.harvest(session)
    facts = played.source.facts
    for text in (harvested.title, harvested.notes):
        assert text
        assert set(text) <= {"en", "th"}
        assert all(text.values())
    assert set(harvested.keywords) <= {"en", "th"}
    assert set(harvested.focal_areas) <= set(codelists.focal_areas())
    assert harvested.source == facts.id
    assert all(harvested.provenance[key] for key in ("agency", "url", "retrieved", "licence"))
    assert harvested.provenance["citation"] == harvested.citation
    assert harvested.provenance["retrieved"].endswith("+00:00")
    assert harvested.name.startswith(facts.id)
    assert harvested.name.isascii()


def test_a_table_has_the_columns_and_keys_of_the_model(played, session):
    table = played.harvest(session).table
    if table is None:
        return
    assert dict(table.schema) == SCHEMA
    assert not table.is_empty()
    assert table.select(KEY).is_unique().all()
    assert (
        table.select(*KEY, "TIME_PERIOD_ORIGINAL", "REF_AREA_ORIGINAL")
        .null_count()
        .sum_horizontal()[0]
        == 0
    )
    levels = {area: entry["level"] for area, entry in codelists.areas().items()}
    assert table["AREA_LEVEL"].to_list() == [levels[area] for area in table["REF_AREA"]]


def test_a_job_can_stop_between_the_stages(played, session):
    ref = next(iter(played.source.refs(session)))
    assert unpack_ref(pack_ref(ref)) == ref
    document = played.source.fetch(session, ref)
    again = unpack_document(pack_document(document))
    assert again == document
    assert played.source.read(again).fingerprint() == played.source.read(document).fingerprint()


def test_read_needs_no_network(played, session):
    ref = next(iter(played.source.refs(session)))
    document = played.source.fetch(session, ref)
    asked = len(played.server.requests)
    played.source.read(document)
    assert len(played.server.requests) == asked


def test_an_unchanged_source_has_the_same_fingerprint(played, session):
    first, second = played.harvest(session), played.harvest(session)
    assert first.fingerprint() == second.fingerprint()
    later = {**first.provenance, "retrieved": "2030-01-01T00:00:00+00:00", "version": "next"}
    assert dataclasses.replace(first, provenance=later).fingerprint() == first.fingerprint()


def test_what_a_reader_would_notice_changes_the_fingerprint(played, session):
    first = played.harvest(session)
    changes = {
        "title": {**first.title, "th": "ชื่อใหม่"},
        "notes": {**first.notes, "en": "other"},
        "licence": "other-open",
        "citation": "other",
        "keywords": {"en": ("other",)},
        "focal_areas": ("3.3",),
        "fields": {"contact": "other"},
    }
    if first.table is not None:
        changes["table"] = first.table.with_columns(pl.col("OBS_VALUE") + 0.5)
    prints = {dataclasses.replace(first, **{k: v}).fingerprint() for k, v in changes.items()}
    assert len(prints | {first.fingerprint()}) == len(changes) + 1


def test_row_order_does_not_change_the_fingerprint(played, session):
    first = played.harvest(session)
    if first.table is not None:
        turned = dataclasses.replace(first, table=first.table.reverse())
        assert turned.fingerprint() == first.fingerprint()


#: Trouble that passes.
FAULTS = {
    "server error": Reply(b"oops", 500),
    "gateway page": Reply(b"<html>Bad Gateway</html>", 502, "text/html"),
    "busy": Reply(b"", 503),
    "too many": Reply(status=429, headers={"Retry-After": "2"}),
    "reset in mid-body": Reply(b"[" + b"1," * 500 + b"1]", fault="reset"),
    "short body": Reply(b"[" + b"1," * 500 + b"1]", fault="short"),
}
#: Answers that are none.
LASTING = {
    "error page with 200": Reply(b"<!DOCTYPE html><title>Maintenance</title>", 200, "text/html"),
    "error text with 200": Reply(b"ORA-12541: TNS:no listener", 200, "text/plain"),
    "error object with 200": Reply(b'{"error": {"code": 500, "message": "busy"}}'),
    "empty body": Reply(b""),
    "null": Reply(b"null"),
    "binary": Reply(bytes(range(256))),
    "not found": Reply(b"", 404),
    "forbidden": Reply(b"", 403),
    "gzip bomb": gzip_bomb(8),
    "damaged gzip": Reply(b"not gzip", headers={"Content-Encoding": "gzip"}),
    "redirect to loopback": redirect("http://127.0.0.1:1/"),
    "redirect to metadata": redirect("http://169.254.169.254/"),
    "redirect to itself": redirect("/"),
}


def _declared(content_type: str) -> Distortion:
    return lambda reply: dataclasses.replace(reply, content_type=content_type)


def _body(change: Callable[[bytes], bytes]) -> Distortion:
    return lambda reply: dataclasses.replace(reply, body=change(reply.body))


#: Good answers in a bad envelope: they are read all the same.
ENVELOPES = {
    "another charset declared": lambda reply: _declared(f"{reply.content_type}; charset=tis-620")(
        reply
    ),
    "unknown charset declared": lambda reply: _declared(f"{reply.content_type}; charset=x-none")(
        reply
    ),
    "gzip": compressed,
}
#: Good answers that were damaged on the way with nobody noticing.
DAMAGES = {
    "other content type": _declared("application/octet-stream"),
    "half, in good order": _body(lambda body: body[: len(body) // 2]),
    "all but the last byte": _body(lambda body: body[:-1]),
    "UTF-16": _body(lambda body: body.decode().encode("utf-16")),
    "twice": _body(lambda body: body * 2),
    "a warning in front": _body(lambda body: b"Warning: mysql_connect() failed\n" + body),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_passing_trouble_is_survived(played, session, fault):
    undisturbed, requests = played.undisturbed(session)
    for position in range(requests):
        played.server.first(FAULTS[fault], after=position)
        assert played.harvest(session).fingerprint() == undisturbed


def test_the_pause_that_a_server_asks_for_is_kept(played, session, clock):
    played.server.first(FAULTS["too many"])
    played.harvest(session)
    assert max(clock.slept) >= 2


@pytest.mark.parametrize("fault", FAULTS)
def test_lasting_trouble_is_called_unavailable(played, session, fault):
    for position in range(played.undisturbed(session)[1]):
        played.server.first(*[FAULTS[fault]] * 100, after=position)
        with pytest.raises(Unavailable):
            played.harvest(session)


def test_a_body_that_drips_for_ever_is_left(played, make_session):
    limits = {"body": 0.1, "tries": 1}
    session = make_session(played.server.host, limits=limits, clock=time.monotonic)
    for position in range(played.undisturbed(session)[1]):
        played.server.first(Reply(b" ", fault="drip"), after=position)
        with pytest.raises(Unavailable, match="took longer than"):
            played.harvest(session)


@pytest.mark.parametrize("fault", LASTING)
def test_every_other_fault_is_a_source_error_that_says_where(played, make_session, fault):
    session = make_session(played.server.host, limits={"max_bytes": 1_000_000})
    for position in range(played.undisturbed(session)[1]):
        played.server.first(*[LASTING[fault]] * 100, after=position)
        with pytest.raises(SourceError) as caught:
            played.harvest(session)
        assert not isinstance(caught.value, Unavailable)
        assert caught.value.detail
        assert caught.value.url.startswith("http")
        assert caught.value.meaning
        assert caught.value.remedy


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_an_envelope_that_lies_does_no_harm(played, session, envelope):
    undisturbed, requests = played.undisturbed(session)
    for position in range(requests):
        played.server.first(ENVELOPES[envelope], after=position)
        assert played.harvest(session).fingerprint() == undisturbed


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_answers_never_become_other_figures(played, session, damage):
    undisturbed, requests = played.undisturbed(session)
    for position in range(requests):
        played.server.first(*[DAMAGES[damage]] * 10, after=position)
        try:
            harvested = played.harvest(session)
        except SourceError:
            continue
        assert harvested.fingerprint() == undisturbed


def test_an_answer_that_comes_again_ends_and_changes_nothing(played, session):
    """A server that repeats a page, a token or any other answer is not followed for ever."""
    undisturbed, number = played.undisturbed(session)
    replies: list[Reply] = []

    def note(reply: Reply) -> Reply:
        replies.append(reply)
        return reply

    played.server.first(*[note] * number)
    played.harvest(session)
    for position in range(1, number):
        played.server.first(*[replies[position - 1]] * 100, after=position)
        before = len(played.server.requests)
        with contextlib.suppress(SourceError):
            assert played.harvest(session).fingerprint() == undisturbed
        assert len(played.server.requests) - before <= number + 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:10.0.0.1]"])
def test_no_adapter_asks_a_private_address(played, make_session, host):
    port = played.server.host.split(":")[1]
    private = played_source(played.source.facts.adapter, f"http://{host}:{port}/")
    with pytest.raises(Refused):
        Played(private, played.server).harvest(make_session())
    assert played.server.requests == []
