"""What downloads do when datasets change: releases, withdrawals, licences, private and public."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

TABLE = "indicator,area,year,value\nADULT_LITERACY,TH-56,2565,93\n"
LATER = TABLE.replace("93", "94")
SLICES = ("csv", "json", "parquet", "xlsx", "zip")
FILES = (*SLICES, "bib", "ris", "cff")

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def dataset() -> str:
    """Return the name of a dataset with one release."""
    name = factories.Dataset(owner_org=factories.Organization()["id"], license_id="cc-by")["name"]
    publish(name, TABLE)
    return name


@pytest.fixture
def get(app):
    """Return the bytes and the tag at an address; they are read before anything else happens."""

    def download(address: str) -> tuple[bytes, str]:
        answer = app.get(address, status=200)
        return answer.data, answer.headers["ETag"]

    return download


def publish(name: str, table: str) -> None:
    call_action("learningcity_observation_publish", id=name, data=table)


def as_sysadmin(action: str, **parameters) -> None:
    call_action(action, {"user": factories.Sysadmin()["name"]}, **parameters)


def test_what_is_as_of_a_release_stays_the_same_bytes_after_later_ones(get, dataset):
    addresses = [f"/dataset/{dataset}/release/1.{kind}" for kind in FILES]
    addresses += [f"/dataset/{dataset}/observations.{kind}?as_of=1" for kind in SLICES]
    newest = {kind: get(f"/dataset/{dataset}/observations.{kind}") for kind in SLICES}
    before = {address: get(address) for address in addresses}
    publish(dataset, LATER)
    assert {address: get(address) for address in addresses} == before
    for kind, (content, tag) in newest.items():
        after = get(f"/dataset/{dataset}/observations.{kind}")
        assert after[0] != content, kind
        assert after[1] != tag, kind


def test_the_order_of_filters_is_no_other_slice(get, dataset):
    assert get("/observations.csv?area=TH-56,TH-57") == get(
        "/observations.csv?area=TH-57&area=TH-56"
    )
    assert get("/observations.csv?area=TH-56")[1] != get("/observations.csv?area=TH-57")[1]


def test_a_slice_has_another_tag_when_a_dataset_is_hidden(get, dataset):
    content, tag = get("/observations.csv")
    as_sysadmin("package_patch", id=dataset, private=True)
    hidden, other = get("/observations.csv")
    assert hidden != content
    assert other != tag


def test_the_tag_follows_the_description_that_is_in_the_file(get, dataset):
    address = f"/dataset/{dataset}/release/1"
    data, archive = get(f"{address}.csv"), get(f"{address}.zip")
    as_sysadmin("package_patch", id=dataset, license_id="cc-zero")
    assert get(f"{address}.csv") == data
    described = get(f"{address}.zip")
    assert described[0] != archive[0]
    assert described[1] != archive[1]


def test_a_dataset_without_a_licence_says_so(app, dataset):
    as_sysadmin("package_patch", id=dataset, license_id="notspecified")
    answer = app.get(f"/dataset/{dataset}/release/1.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert "has not named a licence" in archive.read("LICENCE.txt").decode()
    assert "licenses" not in json.loads(archive.read("datapackage.json"))
    assert not [link for link in answer.headers.getlist("Link") if "license" in link]


def test_the_files_of_a_withdrawn_release_are_gone_and_say_why(app, dataset):
    as_sysadmin("learningcity_release_withdraw", id=dataset, number=1, reason="ผิดปี")
    for kind in SLICES:
        answer = app.get(f"/dataset/{dataset}/release/1.{kind}", status=410)
        told = json.loads(answer.body)["error"]["message"] if kind == "json" else answer.body
        assert "ผิดปี" in told
    assert app.get(f"/dataset/{dataset}/release/1.bib").status_code == 200
    page = app.get(f"/dataset/{dataset}/release/1").body
    assert "ผิดปี" in page
    assert "release/1.csv" not in page


def test_a_file_that_the_storage_lost_is_a_503(app, dataset, monkeypatch):
    monkeypatch.setattr("ckanext.learningcity.indicators.files.location", lambda *_: "gone")
    for kind in SLICES:
        assert app.get(f"/dataset/{dataset}/release/1.{kind}", status=503).body
    assert app.get(f"/dataset/{dataset}/release/1").status_code == 200
