"""Repositories: tokens that expire or come again, errors inside XML, Thai marked as English."""

from __future__ import annotations

from typing import Any

import pytest
from agencies.oai import ARTICLE, FACTS, RepositoryServer, envelope, error, identifier, record
from agencies.server import Reply

from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused, Truncated, Unavailable
from ckanext.learningcity.harvesters.facts import FactsError, facts_from
from ckanext.learningcity.harvesters.registry import build


@pytest.fixture
def repository():
    with RepositoryServer() as running:
        yield running


def built(server: RepositoryServer, **options: Any):
    return build(facts_from({**FACTS, "url": server.endpoint, "options": options}))


@pytest.fixture
def refs(repository, make_session):
    def run(**options):
        return list(built(repository, **options).refs(make_session(repository.host)))

    return run


@pytest.fixture
def harvest(repository, make_session):
    """Harvest one record that says `said`."""

    def run(said: str = ARTICLE, **options):
        repository.records[0] = record(1, said)
        source, session = built(repository, **options), make_session(repository.host)
        return source.read(source.fetch(session, next(source.refs(session))))

    return run


def asked(server) -> list[str]:
    return [request.query.get("resumptionToken", "-") for request in server.requests]


def test_every_page_is_listed_with_its_deletions(refs, repository):
    listed = refs()
    assert [(ref.id, ref.deleted) for ref in listed] == [
        (identifier(1), False),
        (identifier(2), False),
        (identifier(3), True),
        (identifier(4), False),
        (identifier(5), False),
    ]
    assert listed[0].version == "2026-01-01T00:00:00Z"
    assert listed[0].title == "การเรียนรู้ตลอดชีวิตในเมืองพะเยา"
    assert asked(repository) == ["-", "2", "4"]
    assert repository.requests[0].query == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def test_a_record_needs_no_second_request(harvest, repository):
    harvest()
    assert len(repository.requests) == 1


def test_an_expired_token_begins_the_listing_again(refs, repository):
    repository.expires = True
    listed = [ref.id for ref in refs()]
    assert listed == [identifier(number) for number in range(1, 6)]
    assert asked(repository) == ["-", "2", "-", "2", "4"]


def test_a_token_that_always_expires_is_truncated(refs, repository):
    repository.first(*[lambda reply: error("badResumptionToken")] * 20, after=1)
    with pytest.raises(Truncated, match="expired"):
        refs()
    assert len(repository.requests) < 20


def test_a_token_that_comes_again_is_truncated(refs, repository):
    page = envelope(f"<ListRecords>{record(1)}<resumptionToken>x</resumptionToken></ListRecords>")
    other = envelope(f"<ListRecords>{record(2)}<resumptionToken>x</resumptionToken></ListRecords>")
    repository.first(page, other)
    with pytest.raises(Truncated, match="token came again"):
        refs()


def test_a_new_token_that_leads_back_is_truncated(refs, repository):
    first = envelope(f"<ListRecords>{record(1)}<resumptionToken>x</resumptionToken></ListRecords>")
    again = envelope(f"<ListRecords>{record(1)}<resumptionToken>y</resumptionToken></ListRecords>")
    repository.first(first, again)
    with pytest.raises(Truncated, match="page came again"):
        refs()


def test_nothing_is_empty_and_deletes_nothing(refs, repository):
    repository.records = []
    with pytest.raises(Empty):
        refs()


def test_nothing_new_is_no_error(refs, repository):
    repository.records = []
    assert refs(days=30) == []


def test_what_changed_of_late_is_asked_by_the_repositorys_own_clock(refs, repository):
    source = built(repository, days=30)
    assert not source.lists_all
    assert built(repository).lists_all
    refs(days=30)
    assert repository.requests[0].query == {"verb": "Identify"}
    assert repository.requests[1].query["from"] == "2026-01-02T00:00:00Z"
    repository.granularity = "YYYY-MM-DD"
    repository.requests.clear()
    refs(days=1)
    assert repository.requests[1].query["from"] == "2026-01-31"


def test_sets_and_days_are_asked_once_and_not_beside_a_token(refs, repository):
    refs(set="com_1", until="2026-06-30", **{"from": "2020-01-01"})
    first, second = repository.requests[0].query, repository.requests[1].query
    assert (first["set"], first["from"], first["until"]) == ("com_1", "2020-01-01", "2026-06-30")
    assert set(second) == {"verb", "resumptionToken"}


def test_a_set_that_the_token_forgot_is_remembered(refs, repository):
    repository.records = [
        record(1, sets="com_1"),
        record(2, sets="com_1:col_2 other"),
        record(3, sets="com_11"),
        record(4, sets=""),
    ]
    listed = [ref.id for ref in refs(set="com_1")]
    assert listed == [identifier(1), identifier(2), identifier(4)]


@pytest.mark.parametrize(
    "code", ["badArgument", "badVerb", "cannotDisseminateFormat", "noSetHierarchy"]
)
def test_an_error_inside_the_answer_is_a_refusal(refs, repository, code):
    repository.first(error(code, "the repository's own words"))
    with pytest.raises(Refused, match=f"{code}: the repository's own words"):
        refs()


def test_a_format_that_the_repository_lacks_is_refused(refs):
    with pytest.raises(Refused, match="cannotDisseminateFormat"):
        refs(prefix="mods")


def test_trouble_on_the_second_page_passes(refs, repository):
    repository.first(Reply(b"oops", 500), after=1)
    assert len(refs()) == 5
    repository.first(*[Reply(b"oops", 500)] * 50, after=1)
    with pytest.raises(Unavailable):
        refs()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html><body>Maintenance</body></html>", content_type="text/html"),
        Reply(b"<OAI-PMH/>"),
        Reply(b"{}"),
        envelope(""),
        envelope("<ListRecords/>"),
        envelope("<ListRecords><record><header/></record></ListRecords>"),
        envelope(f"<ListRecords>{record(1)}</ListRecords>".replace("metadata>", "about>")),
        Reply(envelope(f"<ListRecords>{record(1)}").body),
    ],
)
def test_another_envelope_is_a_changed_format(refs, repository, reply):
    repository.first(reply)
    with pytest.raises(Changed):
        refs()


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    ],
)
def test_document_types_and_entities_are_refused(refs, repository, document_type):
    whole = envelope(f"<ListRecords>{record(1)}</ListRecords>").body.decode()
    repository.first(Reply(whole.replace("<OAI-PMH", f"{document_type}<OAI-PMH", 1).encode()))
    with pytest.raises(Changed):
        refs()


def test_characters_that_xml_forbids_do_not_spoil_a_page(harvest):
    assert harvest("<dc:title>Learning\x0bcity\x00</dc:title>").title == {"en": "Learning city"}


def test_a_publication_is_read_in_both_languages(harvest):
    harvested = harvest()
    assert harvested.type == "research"
    assert harvested.table is None
    assert harvested.title == {
        "th": "การเรียนรู้ตลอดชีวิตในเมืองพะเยา",
        "en": "Lifelong learning in the city of Phayao",
    }
    assert harvested.notes == {"th": "บทคัดย่อภาษาไทย", "en": "An abstract in English."}
    assert harvested.licence == "cc-by"
    assert harvested.keywords == {
        "en": ("lifelong learning", "learning city"),
        "th": ("เมืองแห่งการเรียนรู้",),
    }
    assert dict(harvested.fields) == {
        "kind": "study",
        "authors": ["Author, First", "Author, Second"],
        "doi": "10.14456/example.2024.7",
        "publication_date": "2024",
        "publisher_translated": {"th": "มหาวิทยาลัยตัวอย่าง"},
        "language": ["th"],
        "url": "http://repository.example.ac.th/handle/123456789/1",
    }
    assert [(link.url.rpartition("/")[2], link.format) for link in harvested.links] == [
        ("article.pdf", "PDF")
    ]
    assert harvested.provenance["version"] == "2026-01-01T00:00:00Z"
    assert harvested.problems.counts == {}


def test_dim_is_read_without_names_of_those_who_worked_on_it(repository, make_session):
    said = """
    <dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">
    <dim:field mdschema="dc" element="title" lang="en_US">ชื่อเรื่อง</dim:field>
    <dim:field mdschema="dc" element="contributor" qualifier="author">Author</dim:field>
    <dim:field mdschema="dc" element="contributor" qualifier="advisor">Advisor</dim:field>
    <dim:field mdschema="dc" element="description" qualifier="abstract">Abstract</dim:field>
    <dim:field mdschema="dc" element="description" qualifier="provenance">by a@b.org</dim:field>
    <dim:field mdschema="dc" element="date" qualifier="accessioned">2026-01-01T00:00:00Z</dim:field>
    <dim:field mdschema="dc" element="date" qualifier="issued">2563-05-02</dim:field>
    <dim:field mdschema="local" element="title">no</dim:field>
    </dim:dim>"""
    head, _, _ = record(1).partition("<metadata>")
    repository.records = [f"{head}<metadata>{said}</metadata></record>"]
    source, session = built(repository, prefix="dim"), make_session(repository.host)
    harvested = source.read(source.fetch(session, next(source.refs(session))))
    assert harvested.title == {"th": "ชื่อเรื่อง"}
    assert harvested.notes == {"en": "Abstract"}
    assert harvested.fields["authors"] == ["Author"]
    assert harvested.fields["publication_date"] == "2020-05-02"


@pytest.mark.parametrize(
    ("dates", "expected", "problem"),
    [
        (["2564"], "2021", None),
        (["2021"], "2021", None),
        (["2564-07-15"], "2021-07-15", None),
        (["2021-07"], "2021", None),
        (["2024-03-01T02:00:00Z"], "2024-03-01", None),
        (["2024-03-01T02:00:00Z", "2562"], "2019", None),
        ([], None, None),
        (["64"], None, "period_format"),
        (["1850"], None, "period_range"),
        (["15/07/2564"], None, "period_format"),
        (["15/07/2564", "2564"], "2021", "period_format"),
    ],
)
def test_the_year_of_publication_is_gregorian(harvest, dates, expected, problem):
    said = "<dc:title>T</dc:title>" + "".join(f"<dc:date>{date}</dc:date>" for date in dates)
    harvested = harvest(said)
    assert harvested.fields.get("publication_date") == expected
    assert set(harvested.problems.counts) == ({problem} if problem else set())


@pytest.mark.parametrize(
    ("rights", "licence"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "cc-by"),
        ("https://creativecommons.org/licenses/by-sa/3.0/th/", "cc-by-sa"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "cc-nc"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "other-closed"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc-zero"),
        ("All rights reserved", "notspecified"),
        ("", "notspecified"),
    ],
)
def test_the_licence_is_that_of_the_record(harvest, rights, licence):
    harvested = harvest(f"<dc:title>T</dc:title><dc:rights>{rights}</dc:rights>")
    assert harvested.licence == licence
    assert harvested.provenance["licence"] == licence


def test_a_record_without_a_title_is_told(harvest):
    harvested = harvest("<dc:creator>Author</dc:creator>")
    assert harvested.title == {"en": identifier(1)}
    assert [(each.code, each.column) for each in harvested.problems.issues] == [
        ("value_missing", "title")
    ]


def test_a_link_that_is_no_address_of_the_web_is_none(harvest):
    harvested = harvest("<dc:title>T</dc:title><dc:identifier>javascript:alert(1)</dc:identifier>")
    assert harvested.links == ()
    assert "url" not in harvested.fields


@pytest.mark.parametrize("options", [{"set": 1}, {"days": "30"}, {"limit": 5}])
def test_a_wrong_option_is_named(repository, options):
    with pytest.raises(FactsError, match=next(iter(options))):
        built(repository, **options)
