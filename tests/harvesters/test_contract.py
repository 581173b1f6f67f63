"""What every adapter keeps to, whatever its format.

A new adapter joins with one line in `PLAYED`: its source, and the server that plays its agency.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
import pytest
from agencies.server import AgencyServer, Reply, gzip_bomb, redirect
from agencies.worldbank import WorldBankServer

from ckanext.learningcity.harvesters.base import Harvested, Source
from ckanext.learningcity.harvesters.errors import Refused, SourceError, Unavailable
from ckanext.learningcity.harvesters.packing import (
    pack_document,
    pack_ref,
    unpack_document,
    unpack_ref,
)
from ckanext.learningcity.harvesters.registry import ADAPTERS, source
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import KEY, SCHEMA

#: Adapter: the source in `sources.yaml` that uses it, its server.
PLAYED: dict[str, tuple[str, Callable[[], AgencyServer]]] = {
    "worldbank": ("worldbank", WorldBankServer),
}


@dataclass
class Played:
    source: Source
    server: AgencyServer


@pytest.fixture(params=ADAPTERS)
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    source_id, make_server = PLAYED[request.param]
    with make_server() as server:
        yield Played(source(source_id, url=server.endpoint), server)


@pytest.fixture
def session(played, make_session):
    return make_session(played.server.host)


def harvest(played: Played, session) -> Harvested:
    ref = next(iter(played.source.refs(session)))
    return played.source.read(played.source.fetch(session, ref))


def test_refs_are_stable_and_distinct(played, session):
    refs = list(played.source.refs(session))
    assert refs
    assert refs == list(played.source.refs(session))
    assert len({ref.id for ref in refs}) == len(refs)
    assert all(ref.title for ref in refs)


def test_every_dataset_is_told_in_both_languages_with_its_provenance(played, session):
    harvested = harvest(played, session)
    facts = played.source.facts
    for text in (harvested.title, harvested.notes):
        assert set(text) == {"en", "th"}
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
    table = harvest(played, session).table
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
    first, second = harvest(played, session), harvest(played, session)
    assert first.fingerprint() == second.fingerprint()
    later = {**first.provenance, "retrieved": "2030-01-01T00:00:00+00:00", "version": "next"}
    assert dataclasses.replace(first, provenance=later).fingerprint() == first.fingerprint()


def test_what_a_reader_would_notice_changes_the_fingerprint(played, session):
    first = harvest(played, session)
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
    first = harvest(played, session)
    if first.table is not None:
        turned = dataclasses.replace(first, table=first.table.reverse())
        assert turned.fingerprint() == first.fingerprint()


FAULTS = {
    "server error": Reply(b"oops", 500),
    "gateway page": Reply(b"<html>Bad Gateway</html>", 502, "text/html"),
    "too many": Reply(status=429, headers={"Retry-After": "2"}),
    "reset in mid-body": Reply(b"[" + b"1," * 500 + b"1]", fault="reset"),
    "short body": Reply(b"[" + b"1," * 500 + b"1]", fault="short"),
}
LASTING = {
    "error page with 200": Reply(b"<!DOCTYPE html><title>Maintenance</title>", 200, "text/html"),
    "empty body": Reply(b""),
    "binary": Reply(bytes(range(256))),
    "not found": Reply(b"", 404),
    "forbidden": Reply(b"", 403),
    "gzip bomb": gzip_bomb(8),
    "redirect to loopback": redirect("http://127.0.0.1:1/"),
    "redirect to metadata": redirect("http://169.254.169.254/"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_passing_trouble_is_survived(played, session, fault):
    undisturbed = harvest(played, session)
    played.server.first(FAULTS[fault])
    assert harvest(played, session).fingerprint() == undisturbed.fingerprint()


@pytest.mark.parametrize("fault", FAULTS)
def test_lasting_trouble_is_called_unavailable(played, session, fault):
    played.server.first(*[FAULTS[fault]] * 100)
    with pytest.raises(Unavailable):
        harvest(played, session)


@pytest.mark.parametrize("fault", LASTING)
def test_every_other_fault_is_a_source_error_that_says_where(played, make_session, fault):
    session = make_session(played.server.host, limits={"max_bytes": 1_000_000})
    played.server.first(*[LASTING[fault]] * 100)
    with pytest.raises(SourceError) as caught:
        harvest(played, session)
    assert not isinstance(caught.value, Unavailable)
    assert caught.value.detail
    assert caught.value.url.startswith("http")
    assert caught.value.meaning
    assert caught.value.remedy


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:10.0.0.1]"])
def test_no_adapter_asks_a_private_address(played, make_session, host):
    port = played.server.host.split(":")[1]
    private = source(played.source.facts.id, url=f"http://{host}:{port}/")
    with pytest.raises(Refused):
        harvest(Played(private, played.server), make_session())
    assert played.server.requests == []
