"""A file at an address: its columns may move, its encoding lie, its end be missing."""

from __future__ import annotations

import io
from copy import deepcopy

import pytest
from agencies.server import Reply
from agencies.table import CSV, FACTS, PATH, TableServer
from openpyxl import Workbook

from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused, Truncated
from ckanext.learningcity.harvesters.facts import FactsError, facts_from
from ckanext.learningcity.harvesters.registry import build


@pytest.fixture
def office():
    with TableServer() as running:
        yield running


@pytest.fixture
def source(office):
    def make(**options):
        given = {**FACTS["options"], **options}
        options = {name: value for name, value in given.items() if value is not None}
        return build(facts_from({**FACTS, "url": office.endpoint, "options": options}))

    return make


@pytest.fixture
def harvest(source, office, make_session):
    def run(**options):
        table, session = source(**options), make_session(office.host)
        return table.read(table.fetch(session, next(table.refs(session))))

    return run


def values(harvested) -> list[tuple]:
    return harvested.table.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE").sort("OBS_VALUE").rows()


ROWS = [("TH-56", "2023", 1200.0), ("TH-56", "2024", 1350.0), ("TH-57", "2024", 2400.0)]


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "ตาราง"
    for line in (
        ["สถิติการเข้าใช้ห้องสมุด"],
        ["จังหวัด", "ปี พ.ศ.", "จำนวนครั้ง"],
        ["พะเยา", 2566, 1200],
        ["พะเยา", 2567, 1350],
        ["เชียงราย", 2567, 2400],
    ):
        sheet.append(line)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_file_becomes_observations_with_their_provenance(harvest, office):
    harvested = harvest()
    assert values(harvested) == ROWS
    assert harvested.provenance["version"] == '"1"'
    assert harvested.provenance["url"] == office.endpoint
    assert [(link.url, link.format) for link in harvested.links] == [(office.endpoint, "CSV")]
    assert harvested.citation == "Office of libraries: Library visits."
    assert {issue.code for issue in harvested.problems.issues} == {"sheet_title"}


def test_an_unchanged_file_is_known_by_one_question_without_a_body(source, office, make_session):
    table, session = source(), make_session(office.host)
    [ref] = table.refs(session)
    assert (ref.version, [request.method for request in office.requests]) == ('"1"', ["HEAD"])
    office.headers = {"Last-Modified": "Tue, 06 Jan 2026 02:00:00 GMT"}
    assert next(table.refs(session)).version == "Tue, 06 Jan 2026 02:00:00 GMT"
    office.headers = {}
    assert next(table.refs(session)).version is None


def test_a_server_that_knows_no_head_is_read_all_the_same(harvest, office, monkeypatch):
    respond = office.respond
    monkeypatch.setattr(
        office,
        "respond",
        lambda asked: Reply(status=405) if asked.method == "HEAD" else respond(asked),
    )
    assert values(harvest()) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-874", "no-such"])
def test_the_charset_is_judged_by_the_bytes(harvest, office, encoding, declared):
    office.content = CSV.encode(encoding)
    office.content_type = f"text/csv; charset={declared}"
    assert values(harvest()) == ROWS


def test_a_workbook_is_read_by_its_sheet(harvest, office):
    office.content = workbook()
    mapping = {**FACTS["options"]["mapping"], "sheet": "ตาราง"}
    assert values(harvest(mapping=mapping)) == ROWS
    with pytest.raises(Changed, match="no sheet 'Sheet1'; there are ตาราง"):
        harvest(mapping={**mapping, "sheet": "Sheet1"})
    office.content = office.content[: len(office.content) // 2]
    with pytest.raises(Changed, match="file_damaged"):
        harvest(mapping=mapping)


def test_without_a_mapping_the_reader_proposes_one(harvest, office):
    office.content = CSV.replace("จำนวนครั้ง", "LIBRARY_VISITS").encode()
    assert values(harvest(mapping=None, headings=None)) == ROWS
    office.content = CSV.replace("สถิติการเข้าใช้ห้องสมุด", "รายงาน").encode()
    with pytest.raises(Changed, match="column_missing"):
        harvest(mapping=None, headings=None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("จังหวัด,ปี พ.ศ.,จำนวนครั้ง", "ปี พ.ศ.,จังหวัด,จำนวนครั้ง"),
        ("จำนวนครั้ง", "จำนวนเล่ม"),
        ("สถิติการเข้าใช้ห้องสมุด\n", ""),
        ("สถิติการเข้าใช้ห้องสมุด\n", "สถิติการเข้าใช้ห้องสมุด\nปรับปรุง 2568\n"),
        ("จังหวัด,", "ลำดับ,จังหวัด,"),
    ],
)
def test_other_headings_are_a_changed_format(harvest, office, old, new):
    office.content = CSV.replace(old, new).encode()
    with pytest.raises(Changed, match="column"):
        harvest()


def test_a_new_column_is_told(harvest, office):
    lines = CSV.replace("จำนวนครั้ง", "จำนวนครั้ง,หมายเหตุ").splitlines()
    office.content = "".join(
        f"{line}\n" if at < 2 else f"{line},x\n" for at, line in enumerate(lines)
    ).encode()
    harvested = harvest()
    assert values(harvested) == ROWS
    told = [(issue.code, issue.found) for issue in harvested.problems.issues]
    assert ("column_unknown", "หมายเหตุ") in told


def test_what_cannot_be_mapped_is_told_by_row(harvest, office):
    office.content = f"{CSV}ไกลบ้าน,2567,5\nพะเยา,67,5\nพะเยา,2565,มาก\n".encode()
    harvested = harvest()
    assert values(harvested) == ROWS
    found = {(each.code, each.row, each.found) for each in harvested.problems.issues}
    assert found >= {
        ("area_unknown", 6, "ไกลบ้าน"),
        ("period_two_digits", 7, "67"),
        ("value_not_number", 8, "มาก"),
    }


def test_nothing_that_can_be_mapped_is_a_changed_format(harvest, office):
    office.content = CSV.replace("พะเยา", "ไกลบ้าน").replace("เชียงราย", "ไกลกว่า").encode()
    with pytest.raises(Changed, match="area_unknown"):
        harvest()


def test_a_file_that_ends_inside_a_line_is_truncated(harvest, office):
    office.content = CSV.encode()[:-3]
    with pytest.raises(Truncated, match="ends inside a line"):
        harvest()
    office.content = CSV.rstrip("\n").encode()
    assert values(harvest(open_end=True)) == ROWS


@pytest.mark.parametrize("content", [b"", b"\n\n", "\ufeff".encode()])
def test_an_empty_file_is_empty(harvest, office, content):
    office.content = content
    with pytest.raises(Empty):
        harvest()


def test_a_file_of_headings_alone_is_empty(harvest, office):
    office.content = "".join(CSV.splitlines(keepends=True)[:2]).encode()
    with pytest.raises(Empty):
        harvest()


@pytest.mark.parametrize(
    "content",
    [b"<!DOCTYPE html><title>404</title>", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"],
)
def test_another_kind_of_file_is_a_changed_format(harvest, office, content):
    office.content = content
    with pytest.raises(Changed, match="file_kind"):
        harvest()


def test_a_file_with_data_on_persons_is_not_taken(harvest, office):
    office.content = (
        CSV.replace("จำนวนครั้ง", "จำนวนครั้ง,เลขประจำตัวประชาชน")
        .replace('"1,200"', '"1,200",1-1000-00000-00-8')
        .encode()
    )
    with pytest.raises(Changed, match="data on persons") as caught:
        harvest()
    assert "1000" not in str(caught.value)


def test_a_file_that_is_gone_is_refused(harvest, office):
    office.first(Reply(b"", 404))
    with pytest.raises(Refused):
        harvest()
    assert office.requests[-1].path == PATH


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("dataset",), {}, "dataset"),
        (("dataset", "title"), "text", r"dataset\.title"),
        (("dataset", "notes"), {"en": "x"}, r"dataset\.notes"),
        (("mapping", "columns"), {"A": "COLOUR"}, "COLOUR"),
        (("mapping", "first"), 0, "mapping"),
        (("headings", "A"), 1, "headings"),
    ],
)
def test_a_wrong_option_is_named(office, path, value, named):
    facts = deepcopy(FACTS)
    place = facts["options"]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(FactsError, match=named):
        build(facts_from(facts))
