"""The files of releases: the same bytes for good, found by checksum, gone when withdrawn."""

from __future__ import annotations

import io
import json
import zipfile

import polars as pl
import pytest


def test_a_zip_holds_the_stored_files_and_a_data_package_that_fits_them(app, published):
    stem = f"/dataset/{published}/release/1"
    archive = zipfile.ZipFile(io.BytesIO(app.get(f"{stem}.zip").data))
    assert archive.read("data.csv") == app.get(f"{stem}.csv").data
    assert archive.read("data.parquet") == app.get(f"{stem}.parquet").data
    package = json.loads(archive.read("datapackage.json"))
    assert package["version"] == "1"
    assert package["licenses"][0]["name"] == "cc-by"
    table = pl.read_csv(archive.read("data.csv"))
    described = {resource["path"]: resource for resource in package["resources"]}
    names = [field["name"] for field in described["data.csv"]["schema"]["fields"]]
    assert names == table.columns
    assert set(described) <= set(archive.namelist())
    metadata = json.loads(archive.read("metadata.json"))
    assert metadata["dataset"]["name"] == published
    assert "creator_user_id" not in metadata["dataset"]
    assert "http://www.opendefinition.org/licenses/cc-by" in archive.read("LICENCE.txt").decode()
    assert {info.date_time[:3] for info in archive.infolist()} == {
        tuple(int(part) for part in metadata["sources"][0]["released"][:10].split("-"))
    }


def test_a_checksum_in_the_address_is_checked(app, published, release):
    address = f"/dataset/{published}/release/1"
    right, wrong = release(1)["sha256"], release(2)["sha256"]
    for kind in ("csv", "parquet", "zip"):
        assert app.get(f"{address}.{kind}?sha256={right}").status_code == 200
        assert app.get(f"{address}.{kind}?sha256={right[:12].upper()}").status_code == 200
        refused = app.get(f"{address}.{kind}?sha256={wrong}", status=412)
        assert right in refused.body


def test_a_wrong_parameter_is_named(app, published):
    for query in ("sha256=xyz", "sha256=", "sha256=abc", "area=TH-56"):
        answer = app.get(f"/dataset/{published}/release/1.csv?{query}", status=400)
        assert answer.body.startswith(f"{query.partition('=')[0]}: ")


def test_what_there_is_not_or_may_not_be_seen_is_a_404(app, published):
    for address in (f"{published}/release/99", "downloads-secret/release/1", "nowhere/release/1"):
        for kind in ("csv", "parquet", "xlsx", "json", "zip", "bib", "ris", "cff"):
            assert app.get(f"/dataset/{address}.{kind}", status=404).body


def test_a_format_that_there_is_not_is_a_406(app, published):
    assert "csv" in app.get(f"/dataset/{published}/release/1.pdf", status=406).body


@pytest.mark.ckan_config("ckanext.learningcity.xlsx_rows_max", 1)
def test_too_many_rows_for_a_workbook_are_refused_with_the_address_of_the_csv(app, published):
    answer = app.get(f"/dataset/{published}/release/1.xlsx", status=400)
    assert f"http://test.ckan.net/dataset/{published}/release/1.csv" in answer.body
