"""A release is the same in the DataStore, in downloads and in its files."""

from __future__ import annotations

import csv
import io

import pytest
from ckan.tests import factories, helpers
from indicators.publishing import GOOD, HEAD, publish, search

pytestmark = pytest.mark.usefixtures("portal")


def test_observations_are_in_the_datastore(dataset):
    publish(dataset, GOOD)
    shown = helpers.call_action("package_show", id=dataset["id"])
    [resource] = shown["resources"]
    found = helpers.call_action(
        "datastore_search", resource_id=resource["id"], filters={"REF_AREA": "TH-57"}
    )
    assert [(r["TIME_PERIOD"], r["OBS_VALUE"]) for r in found["records"]] == [("2023", 90)]
    assert resource["release"] == 1
    whole = helpers.call_action("datastore_search", resource_id=resource["id"])
    assert whole["total"] == len(whole["records"])
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    found = helpers.call_action("datastore_search", resource_id=resource["id"])
    assert found["total"] == 1


def test_words_and_notes_are_found_in_the_datastore_in_every_release(dataset):
    noted = "indicator,area,year,value,note\nADULT_LITERACY,TH-56,2566,93,{}\n"
    publish(dataset, noted.format("household survey"))
    [resource] = helpers.call_action("package_show", id=dataset["id"])["resources"]

    def found(words: str) -> int:
        answer = helpers.call_action("datastore_search", resource_id=resource["id"], q=words)
        return answer["total"]

    assert (found("survey"), found("census"), found("2023")) == (1, 0, 1)
    publish(dataset, noted.format("census"))
    assert (found("survey"), found("census")) == (0, 1)


def test_the_downloaded_slice_equals_the_search(app, dataset):
    publish(dataset, GOOD.replace("93.5,\n", "93.5,\n"))
    answer = app.get("/observations.csv?indicator=ADULT_LITERACY&area=TH-56,TH-57&start=2566")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbfINDICATOR,REF_AREA")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    records = search(indicator="ADULT_LITERACY", area="TH-56,TH-57", start="2566")["records"]
    assert rows == [
        {name: "" if value is None else str(value) for name, value in record.items()}
        for record in [{**r, "OBS_VALUE": float(r["OBS_VALUE"])} for r in records]
    ]


def test_a_wrong_download_parameter_answers_400_with_its_name(app):
    answer = app.get("/observations.csv?area=TH-99&nonsense=1")
    assert answer.status_code == 400
    assert "area: " in answer.body
    assert "nonsense: " in answer.body


def test_release_files_never_change(app, dataset):
    release = publish(dataset, GOOD)["release"]
    address = f"/dataset/{dataset['name']}/release/1.csv"
    first = app.get(address)
    publish(dataset, f"{HEAD}\nADULT_LITERACY,TH-56,2560,1\n")
    assert app.get(address).data == first.data
    assert first.headers["ETag"] == f'"{release["sha256"]}"'
    assert app.get(address.replace("csv", "parquet")).data.startswith(b"PAR1")


def test_release_files_of_private_datasets_and_of_no_release_are_not_found(app, city, dataset):
    private = factories.Dataset(owner_org=city["id"], private=True)
    publish(private, GOOD)
    app.get(f"/dataset/{private['name']}/release/1.csv", status=404)
    app.get(f"/dataset/{dataset['name']}/release/1.csv", status=404)
    app.get("/dataset/nowhere/release/1.csv", status=404)


def test_a_note_that_looks_like_a_formula_survives_download_and_upload(app, dataset):
    publish(dataset, f"{HEAD},note\nADULT_LITERACY,TH-56,2023,93,=1+1\n")
    content = app.get(f"/dataset/{dataset['name']}/release/1.csv").body
    assert "'=1+1" in content
    assert publish(dataset, content)["release"] is None
    assert search()["records"][0]["COMMENT_OBS"] == "=1+1"
