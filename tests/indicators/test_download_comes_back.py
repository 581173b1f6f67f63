"""A download that comes back unchanged changes nothing, whatever its source had written."""

from __future__ import annotations

import io

import pytest
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.learningcity.tables.codelists import messages

WRITTEN = (
    "ตัวชี้วัด,พื้นที่,ปี,ค่า,หมายเหตุ\n"
    "ADULT_LITERACY,จังหวัดพะเยา,ปีงบประมาณ ๒๕๖๕,93,\n"
    'ADULT_LITERACY,จังหวัดพะเยา,ปีงบประมาณ 2566,93.5,"=1+1, \'+2"\n'
    "ADULT_LITERACY,พะเยา,พ.ศ. 2566,92,-\n"
    "INTERNET_USERS,TH-56,2023,70,\n"
)
SURPRISES = [code for code, entry in messages().items() if entry["severity"] == "confirm"]

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def dataset() -> str:
    name = factories.Dataset(owner_org=factories.Organization()["id"])["name"]
    made = publish(name, data=WRITTEN)
    assert made["difference"]["added"] == 4
    return name


def publish(name: str, **parameters) -> dict:
    return helpers.call_action(
        "learningcity_observation_publish", id=name, confirm=SURPRISES, **parameters
    )


@pytest.mark.parametrize("place", ["release/1.csv", "release/1.xlsx", "observations.csv"])
def test_a_download_comes_back_without_a_change(app, dataset, place):
    content = app.get(f"/dataset/{dataset}/{place}", status=200).data
    upload = FileStorage(io.BytesIO(content), place.rpartition("/")[2])
    answer = publish(dataset, upload=upload, dry_run=True)
    assert answer["difference"] == {"added": 0, "changed": 0, "removed": 0}
    found = {issue["code"] for issue in answer["report"]["issues"]}
    assert "original_differs" not in found


def test_an_original_that_says_something_else_is_left_out(app, dataset):
    content = app.get(f"/dataset/{dataset}/release/1.csv").data.decode("utf-8-sig")
    assert "ปีงบประมาณ ๒๕๖๕" in content
    changed = content.replace("ปีงบประมาณ ๒๕๖๕", "ปีงบประมาณ ๒๕๕๐").replace("พะเยา\n", "เชียงราย\n")
    answer = publish(dataset, data=changed)
    told = [issue for issue in answer["report"]["issues"] if issue["code"] == "original_differs"]
    assert {issue["column"] for issue in told} == {"TIME_PERIOD_ORIGINAL", "REF_AREA_ORIGINAL"}
    shown = helpers.call_action("learningcity_observation_search", dataset=dataset)["records"]
    assert "ปีงบประมาณ ๒๕๕๐" not in {record["TIME_PERIOD_ORIGINAL"] for record in shown}


def test_an_original_of_an_unknown_spelling_is_believed(dataset):
    data = (
        "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,TIME_PERIOD_ORIGINAL,REF_AREA_ORIGINAL\n"
        "ADULT_LITERACY,TH-56,2022-Q3,93,2022Q3 (r),THA_PYO\n"
    )
    publish(dataset, data=data)
    [record] = helpers.call_action("learningcity_observation_search", dataset=dataset)["records"]
    assert record["TIME_PERIOD_ORIGINAL"] == "2022Q3 (r)"
    assert record["REF_AREA_ORIGINAL"] == "THA_PYO"
