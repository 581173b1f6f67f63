"""Thai government CKANs: pages that shift, Thai values, consent, errors that look like answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from agencies.gdcatalog import FACTS, SUMMARY, GDCatalogServer, dataset, error
from agencies.server import Reply

from ckanext.learningcity.harvesters.errors import Changed, Empty, Refused, Truncated, Unavailable
from ckanext.learningcity.harvesters.facts import FactsError, facts_from
from ckanext.learningcity.harvesters.registry import build

KEY = "s3cret-key"


@pytest.fixture
def catalogue():
    with GDCatalogServer() as running:
        yield running


@pytest.fixture
def gateway():
    with GDCatalogServer(key=KEY) as running:
        yield running


def built(server: GDCatalogServer, **options: Any):
    given = {**FACTS["options"], **options}
    return build(facts_from({**FACTS, "url": server.endpoint, "options": given}))


@pytest.fixture
def refs(make_session):
    def run(server, **options):
        return list(built(server, **options).refs(make_session(server.host)))

    return run


@pytest.fixture
def harvest(make_session, catalogue):
    """Harvest the first dataset of the catalogue, with its record changed."""

    def run(options=None, **changes):
        catalogue.datasets[0].update(changes)
        source, session = built(catalogue, **(options or {})), make_session(catalogue.host)
        return source.read(source.fetch(session, next(source.refs(session))))

    return run


def problems(harvested) -> list[tuple]:
    return [(each.code, each.column, each.found) for each in harvested.problems.issues]


def test_every_page_is_listed_once_in_the_order_of_making(refs, catalogue):
    listed = refs(catalogue)
    assert [ref.id for ref in listed] == [each["id"] for each in catalogue.datasets]
    assert [request.query["start"] for request in catalogue.requests] == ["0", "2"]
    assert {request.query["sort"] for request in catalogue.requests} == {
        "metadata_created asc, name asc"
    }
    assert listed[1].version == "2025-06-01T08:00:00"
    assert listed[0].version is None, "its table may change without its record"
    assert listed[1].url.endswith("/package_show?id=dataset-2")


def test_names_of_the_page_parameters_are_facts(refs, catalogue):
    catalogue.page_size = 10
    assert len(refs(catalogue, page_parameters=["limit", "offset"])) == 5
    assert catalogue.requests[0].query["limit"] == "100"
    assert catalogue.requests[0].query["offset"] == "0"


def test_the_mark_of_the_whole_is_asked_by_the_same_names(make_session, catalogue):
    source = built(catalogue, tables={}, page_parameters=["limit", "offset"])
    assert source.state(make_session(catalogue.host))
    assert catalogue.requests[0].query["limit"] == "1"
    assert "rows" not in catalogue.requests[0].query


def test_a_dataset_that_moves_to_another_page_is_listed_once(refs, catalogue, monkeypatch):
    respond = catalogue.respond

    def renewing(request):
        reply = respond(request)
        if len(catalogue.requests) == 1:
            catalogue.datasets.insert(0, dataset(9))
        return reply

    monkeypatch.setattr(catalogue, "respond", renewing)
    listed = [ref.id for ref in refs(catalogue)]
    assert len(listed) == len(set(listed))
    assert set(listed) == {each["id"] for each in catalogue.datasets}
    assert len(catalogue.requests) == 5, "the listing was begun again"


@pytest.mark.parametrize("replaced", [False, True])
def test_a_dataset_that_slips_past_between_two_pages_is_found(
    refs, catalogue, monkeypatch, replaced
):
    respond = catalogue.respond
    gone = catalogue.datasets[0]["id"]

    def shrinking(request):
        reply = respond(request)
        if len(catalogue.requests) == 1:
            del catalogue.datasets[0]
            catalogue.datasets.extend([dataset(8)] * replaced)
        return reply

    monkeypatch.setattr(catalogue, "respond", shrinking)
    listed = {ref.id for ref in refs(catalogue)}
    assert listed - {gone} == {each["id"] for each in catalogue.datasets}


def test_a_listing_that_never_adds_up_is_truncated(refs, catalogue):
    catalogue.count = 9
    with pytest.raises(Truncated, match="did not add up"):
        refs(catalogue)
    assert len(catalogue.requests) <= 12


def test_a_server_that_repeats_page_one_ends(refs, catalogue):
    result = {"count": 50, "results": catalogue.datasets[:2]}
    repeated = Reply(json.dumps({"success": True, "result": result}).encode())
    catalogue.first(*[repeated] * 500)
    with pytest.raises(Truncated):
        refs(catalogue)
    assert len(catalogue.requests) < 100


def test_an_empty_catalogue_is_empty_and_deletes_nothing(refs, catalogue):
    catalogue.datasets = []
    with pytest.raises(Empty):
        refs(catalogue)


@pytest.mark.parametrize(
    "reply",
    [
        error("Search Error", "SOLR returned an error"),
        error("Search Error", "SOLR returned an error", 409),
        error("Authorization Error", "Access denied", 403),
        error("Not Found Error", "Action name not known", 404),
        Reply(b'{"message": "No API key found in request"}', 401),
        Reply(b'{"message": "No API key found in request"}', 200),
        Reply(b'{"success": false, "error": "text"}'),
    ],
)
def test_an_error_is_a_refusal_whatever_its_status(refs, catalogue, reply):
    catalogue.first(*[reply] * 9)
    with pytest.raises(Refused):
        refs(catalogue)


def test_the_catalogues_own_words_are_passed_on(refs, catalogue):
    catalogue.first(error("Search Error", "SOLR returned an error"))
    with pytest.raises(Refused, match="Search Error: SOLR returned an error"):
        refs(catalogue)


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"success": True},
        {"success": True, "result": []},
        {"success": True, "result": {"count": "5", "results": []}},
        {"success": True, "result": {"count": 5, "results": {}}},
        {"success": True, "result": {"count": 1, "results": [1]}},
        {"success": True, "result": {"count": 1, "results": [{"id": "", "name": "x"}]}},
        {"success": True, "result": {"count": 1, "results": [{"id": 7, "name": "x"}]}},
    ],
)
def test_another_envelope_is_a_changed_format(refs, catalogue, content):
    catalogue.first(Reply(json.dumps(content).encode()))
    with pytest.raises(Changed):
        refs(catalogue)


def test_the_gateway_gets_its_key_and_says_nothing_of_it(make_session, gateway, caplog):
    caplog.set_level("DEBUG")
    source = built(gateway)
    keys = {gateway.host: {"api-key": KEY}}
    assert list(source.refs(make_session(gateway.host, keys=keys)))
    assert gateway.requests[0].headers["api-key"] == KEY
    gateway.key = "another"
    with pytest.raises(Refused, match=r"Invalid key \*\*\*") as caught:
        list(source.refs(make_session(gateway.host, keys=keys)))
    with pytest.raises(Refused, match="Invalid key None"):
        list(source.refs(make_session(gateway.host)))
    assert KEY not in f"{caught.value}{caplog.text}"


def test_a_filter_is_ours_because_the_gateway_fails_on_filtered_searches(refs, catalogue):
    catalogue.datasets[1]["tags"] = [{"name": "เมืองแห่งการเรียนรู้"}]
    catalogue.datasets[2]["organization"] = None
    names = {"names": ["library-visits", "dataset-3", "no-such"]}
    assert [ref.title for ref in refs(catalogue, only=names)] == [
        SUMMARY["title"],
        "ชุดข้อมูลที่ 3",
    ]
    tags = {"tags": ["เมืองแห่งการเรียนรู้"]}
    assert [ref.title for ref in refs(catalogue, only=tags)] == ["ชุดข้อมูลที่ 2"]
    both = {"organizations": ["library-office"], "names": ["dataset-3", "dataset-4"]}
    assert [ref.title for ref in refs(catalogue, only=both)] == ["ชุดข้อมูลที่ 4"]
    assert not any({"q", "fq"} & set(request.query) for request in catalogue.requests)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"allow_harvest": "False"}, "source_no_consent"),
        ({"allow_harvest": False}, "source_no_consent"),
        ({"extras": [{"key": "allow_harvest", "value": "False"}]}, "source_no_consent"),
        ({"data_category": "ข้อมูลส่วนบุคคล"}, "source_not_public"),
        ({"data_category": "ข้อมูลความมั่นคง"}, "source_not_public"),
        ({"data_category": ["ข้อมูลสาธารณะ", "ข้อมูลส่วนบุคคล"]}, "source_not_public"),
        ({"data_category": "ข้อมูลใช้ภายใน"}, "source_not_public"),
        ({"private": True}, "source_private"),
        ({"state": "draft"}, "source_private"),
        ({"allow_harvest": "True"}, ""),
        ({"data_category": "ข้อมูลสาธารณะ"}, ""),
        ({}, ""),
    ],
)
def test_what_must_not_be_passed_on_is_listed_as_withheld(refs, catalogue, changes, code):
    catalogue.datasets[1].update(changes)
    assert refs(catalogue)[1].withheld == code


def test_metadata_come_in_our_codes(harvest):
    harvested = harvest()
    assert harvested.title == {"th": SUMMARY["title"]}
    assert harvested.licence == "cc-by"
    assert harvested.provenance["licence"] == "cc-by"
    assert harvested.provenance["version"] == "2025-06-01T08:00:00"
    assert harvested.keywords == {"th": ("ห้องสมุด",), "en": ("library",)}
    assert dict(harvested.fields) == {
        "data_type": "statistics",
        "objective": ["mission", "national_strategy"],
        "update_frequency_unit": "year",
        "update_frequency_interval": 1,
        "geo_coverage": "province",
        "data_source": "ทะเบียนผู้เข้าใช้",
        "data_format": ["csv", "xls"],
        "data_category": "public",
        "maintainer": "กลุ่มงานห้องสมุด",
        "maintainer_email": "library@example.go.th",
        "period_start": "2023-01-01",
        "period_end": "2024-12-31",
        "allow_harvest": True,
        "official_statistics": False,
        "url": "https://catalog.example.go.th/dataset/visits",
        "areas": ["TH-56"],
    }
    assert problems(harvested) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (["พันธกิจหน่วยงาน"], ["mission"]),
        ("พันธกิจหน่วยงาน", ["mission"]),
        (json.dumps(["พันธกิจหน่วยงาน", "ไม่ทราบ"]), ["mission", "unknown"]),
        (
            "\\u0e01\\u0e0e\\u0e2b\\u0e21\\u0e32\\u0e22\\u0e17\\u0e35\\u0e48\\u0e40\\u0e01\\u0e35\\u0e48"
            "\\u0e22\\u0e27\\u0e02\\u0e49\\u0e2d\\u0e07",
            ["law"],
        ),
        ("มติคณะรัฐมนตรี".encode().decode("latin-1"), ["cabinet_resolution"]),
        ("ดัชนี / ตัวชี้วัดระดับนานาชาติ", ["international_index"]),
        ("mission", ["mission"]),
    ],
)
def test_lists_are_read_however_they_were_stored(harvest, text, codes):
    assert harvest(objective=text).fields["objective"] == codes


def test_older_portals_keep_the_fields_in_extras(harvest, catalogue):
    record = catalogue.datasets[0]
    record["extras"] = [{"key": "geo_coverage", "value": record.pop("geo_coverage")}]
    assert harvest().fields["geo_coverage"] == "province"


def test_what_has_no_code_is_told_and_left_out(harvest):
    harvested = harvest(
        data_type="ข้อมูลลับเฉพาะ",
        data_format=["CSV", "แผ่นพับ"],
        license_id="สัญญาอนุญาตของเรา",
        maintainer_email="ไม่มี",
        first_year_of_data="66",
        update_frequency_interval="บ่อย",
        url="-",
    )
    assert set(problems(harvested)) == {
        ("metadata_unknown", "data_type", "ข้อมูลลับเฉพาะ"),
        ("metadata_unknown", "data_format", "แผ่นพับ"),
        ("metadata_unknown", "license_id", "สัญญาอนุญาตของเรา"),
        ("contact_invalid", "maintainer_email", "ไม่มี"),
        ("period_two_digits", "first_year_of_data", "66"),
    }
    assert harvested.licence == "notspecified"
    assert harvested.fields["data_format"] == ["csv"]
    left_out = {"data_type", "maintainer_email", "period_start", "url", "update_frequency_interval"}
    assert not left_out & set(harvested.fields)


def test_a_span_that_ends_before_it_begins_is_told(harvest):
    harvested = harvest(first_year_of_data="2567", last_year_of_data="2560")
    assert [code for code, _, _ in problems(harvested)] == ["period_range"]
    assert "period_start" not in harvested.fields


def test_a_licence_that_is_not_given_is_that_of_the_facts(harvest):
    assert harvest(license_id="").licence == FACTS["licence"]
    assert harvest(license_id="odc-by").licence == "odc-by"


def test_files_stay_at_the_source_as_links(harvest, catalogue):
    links = harvest().links
    assert [(link.url.removeprefix(catalogue.url), link.format) for link in links] == [
        ("/dataset/visits/resource/1/download/visits.csv", "CSV"),
        ("/manual.pdf", "PDF"),
    ]
    assert links[1].title == {"th": "คู่มือ"}


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "/files/x.csv", "ftp://x/y", "http://[::1"]
)
def test_a_link_that_leads_nowhere_is_told_and_left_out(harvest, catalogue, url):
    file = {"id": "r3", "name": "x", "format": "CSV", "url": url}
    resources = [*catalogue.datasets[0]["resources"], file]
    harvested = harvest(resources=resources)
    assert len(harvested.links) == 2
    assert problems(harvested) == [("link_refused", "resources", url)]


def test_a_resource_that_is_private_is_not_linked(harvest, catalogue):
    manual = catalogue.datasets[0]["resources"][1]
    manual["resource_private"] = "True"
    assert len(harvest().links) == 1


def test_a_table_is_read_by_the_mapping_of_the_facts(harvest):
    harvested = harvest()
    rows = harvested.table.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE").sort("OBS_VALUE").rows()
    assert rows == [
        ("TH-56", "2023", 1200.0),
        ("TH-56", "2024", 1350.0),
        ("TH-57", "2024", 2400.0),
    ]
    assert set(harvested.table["TIME_PERIOD_ORIGINAL"]) == {"2566", "2567"}
    assert harvested.focal_areas


def test_what_the_table_says_and_nobody_knows_is_told_by_row(harvest, catalogue):
    catalogue.csv += "ไกลบ้าน,2567,5\nพะเยา,67,5\nพะเยา,2565,มาก\n".encode()
    found = {(each.code, each.row) for each in harvest().problems.issues}
    assert found == {("area_unknown", 5), ("period_two_digits", 6), ("value_not_number", 7)}


def test_a_table_in_the_old_thai_encoding_is_read(harvest, catalogue):
    catalogue.csv = catalogue.csv.decode().encode("cp874")
    assert harvest().table.height == 3


def test_a_table_with_other_columns_is_a_changed_format(harvest, catalogue):
    lines = [line.split(",", 2) for line in catalogue.csv.decode().splitlines()]
    catalogue.csv = "\n".join(f"{b},{a},{c}" for a, b, c in lines).encode() + b"\n"
    with pytest.raises(Changed, match="column A: expected 'จังหวัด', found 'ปี'"):
        harvest()


def test_a_table_that_is_gone_is_named(harvest, catalogue):
    catalogue.datasets[0]["resources"].pop(0)
    with pytest.raises(Changed, match="no resource 'ตารางรายจังหวัด'"):
        harvest()


def test_a_dataset_without_a_table_is_kept_as_links(harvest):
    harvested = harvest({"tables": {}})
    assert harvested.table is None
    assert len(harvested.links) == 2


def test_a_busy_gateway_passes(refs, catalogue):
    catalogue.first(*[Reply(b"<html>502</html>", 502, "text/html")] * 9)
    with pytest.raises(Unavailable):
        refs(catalogue)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"only": {"colour": ["red"]}}, "only"),
        ({"only": {"tags": "red"}}, "only"),
        ({"area": "TH-99"}, "TH-99"),
        ({"tables": {"x": {}}}, r"tables\.x"),
        ({"tables": {"x": {"resource": "r", "sheet": "1"}}}, r"tables\.x\.sheet"),
        ({"tables": {"x": {"resource": "r", "mapping": {"columns": {"A": "COLOUR"}}}}}, "COLOUR"),
        ({"tables": {"x": {"resource": "r", "headings": {"A": "a"}}}}, "headings"),
        ({"tables": {"x": {"resource": "r", "open_end": "yes"}}}, "open_end"),
        ({"rows": 5}, "rows"),
    ],
)
def test_a_wrong_option_is_named(catalogue, options, named):
    with pytest.raises(FactsError, match=named):
        built(catalogue, **options)
