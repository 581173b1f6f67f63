"""Slices in every format: the same observations, explained, and refused where they must be."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import openpyxl
import polars as pl
import pytest
from ckan.tests.helpers import call_action

KINDS = ("csv", "json", "parquet", "xlsx", "zip")


def rows_of(kind: str, content: bytes) -> list[dict]:
    """Return the observations of a download, each value as text, an empty cell as None."""
    if kind == "json":
        rows = json.loads(content)["data"]
    elif kind == "parquet":
        rows = pl.read_parquet(io.BytesIO(content)).to_dicts()
    elif kind == "xlsx":
        head, *lines = openpyxl.load_workbook(io.BytesIO(content))["data"].values
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    else:
        if kind == "zip":
            content = zipfile.ZipFile(io.BytesIO(content)).read("data.csv")
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def plain(value) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, int | float):
        return f"{float(value):g}"
    text = str(value).removesuffix(" 00:00:00").removeprefix("'")
    return f"{float(text):g}" if text.replace(".", "", 1).isdigit() else text


def test_every_format_holds_the_observations_that_the_search_gives(app, published):
    for query in ("", "?area=TH-56&sex=_T", "?start=2567", "?area=TH-10"):
        url = f"/api/action/learningcity_observation_search{query}"
        records = json.loads(app.get(url).body)["result"]["records"]
        expected = [{name: plain(value) for name, value in record.items()} for record in records]
        for kind in KINDS:
            answer = app.get(f"/observations.{kind}{query}")
            assert rows_of(kind, answer.data) == expected, (kind, query)


def test_a_slice_is_the_same_bytes_each_time(app, published):
    for kind in KINDS:
        address = f"/observations.{kind}?area=TH-57"
        assert app.get(address).data == app.get(address).data, kind


def test_a_csv_opens_right_in_a_spreadsheet_and_runs_nothing(app, published):
    content = app.get("/observations.csv").data
    assert content.startswith(b"\xef\xbb\xbfINDICATOR,")
    notes = [row["COMMENT_OBS"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    assert "'=1+1, ก" in notes


def test_a_workbook_has_numbers_days_and_text_that_is_never_a_formula(app, published):
    book = openpyxl.load_workbook(io.BytesIO(app.get("/observations.xlsx").data))
    assert book.sheetnames == ["data", "dictionary", "about"]
    [note] = [
        cell for row in book["data"].rows for cell in row if str(cell.value).startswith("=1+1")
    ]
    assert note.data_type == "s"
    first = dict(zip(*list(book["data"].values)[:2], strict=True))
    assert isinstance(first["OBS_VALUE"], float)
    assert first["PERIOD_START"].isoformat() == "2023-01-01T00:00:00"
    assert first["TIME_PERIOD"] == "2023"
    about = [line[2] for line in book["about"].values]
    assert any("release 2" in str(text) for text in about)


def test_a_json_says_where_its_observations_come_from(app, published, release):
    meta = json.loads(app.get("/observations.json?area=TH-57").body)["meta"]
    [source] = meta["sources"]
    assert source["dataset"] == published
    assert source["sha256"] == release(2)["sha256"]
    assert source["licence"]["id"] == "cc-by"
    assert "ฉบับที่ 2" in source["citation"]["th"]
    assert meta["filters"] == {"area": "TH-57"}
    assert [field["name"] for field in meta["schema"]["fields"]][-2:] == ["DATASET", "RELEASE"]


def test_a_zip_holds_what_explains_the_data_and_right_checksums(app, published):
    archive = zipfile.ZipFile(io.BytesIO(app.get(f"/dataset/{published}/observations.zip").data))
    assert archive.testzip() is None
    assert set(archive.namelist()) == {
        "README.md",
        "LICENCE.txt",
        "CITATION.cff",
        "citation.bib",
        "citation.ris",
        "metadata.json",
        "datapackage.json",
        "data.csv",
        "dictionary.csv",
        "SHA256SUMS",
    }
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    readme = archive.read("README.md").decode()
    assert "อัตรารู้หนังสือ" in readme
    assert "Literacy: 50% & more_" in readme  # not &amp;
    dictionary = list(csv.DictReader(io.StringIO(archive.read("dictionary.csv").decode())))
    codes = {row["code"]: row["name_th"] for row in dictionary}
    assert codes["TH-57"] == "เชียงราย"
    assert "TH-10" not in codes


def test_a_slice_of_one_dataset_takes_its_name_or_id(app, published, release):
    dataset = call_action("package_show", id=published)
    by_name = app.get(f"/dataset/{published}/observations.csv?area=TH-57")
    by_id = app.get(f"/dataset/{dataset['id']}/observations.csv?area=TH-57")
    assert by_name.data == by_id.data
    assert by_name.headers["Content-Disposition"].endswith(f"{published}-observations.csv")
    links = by_name.headers.getlist("Link")
    assert any('rel="license"' in link for link in links)
    assert any(release(2)["sha256"] in link and 'rel="cite-as"' in link for link in links)


def test_what_a_reader_may_not_see_is_in_no_format(app, published):
    for kind in KINDS:
        answer = app.get(f"/observations.{kind}?indicator=NEET")
        assert rows_of(kind, answer.data) == []
        assert b"downloads-secret" not in answer.data
        app.get(f"/dataset/downloads-secret/observations.{kind}", status=404)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("area=TH-99&nonsense=1", ["area", "nonsense"]),
        ("start=67", ["start"]),
        ("as_of=yesterday", ["as_of"]),
        ("as_of=1", ["as_of"]),
        ("sex=X9", ["sex"]),
        ("limit=5", ["limit"]),
        ("indicator=%00%FF", ["indicator"]),
    ],
)
def test_a_wrong_parameter_is_a_400_that_names_it(app, published, query, named):
    for kind in KINDS:
        answer = app.get(f"/observations.{kind}?{query}", status=400)
        if kind == "json":
            assert answer.content_type == "application/json"
            assert set(json.loads(answer.body)["error"]) == set(named)
        else:
            assert answer.content_type == "text/plain; charset=utf-8"
            assert all(f"{name}: " in answer.body for name in named)


def test_a_dataset_is_not_named_twice(app, published):
    answer = app.get(f"/dataset/{published}/observations.csv?dataset=other", status=400)
    assert answer.body.startswith("dataset: ")


def test_a_format_that_there_is_not_is_a_406_that_lists_those_there_are(app, published):
    for address in ("/observations.xml", f"/dataset/{published}/observations.ods"):
        assert "csv, xlsx, json, parquet, zip" in app.get(address, status=406).body
    app.get("/dataset/nowhere/observations.csv", status=404)


@pytest.mark.ckan_config("ckanext.learningcity.xlsx_rows_max", 2)
def test_too_many_rows_for_a_workbook_are_refused_with_the_address_of_the_csv(app, published):
    answer = app.get(f"/th/dataset/{published}/observations.xlsx?sex=_T", status=400)
    assert f"http://test.ckan.net/dataset/{published}/observations.csv?sex=_T" in answer.body
    assert app.get(f"/dataset/{published}/observations.xlsx?start=2567").status_code == 200
