"""`/city/<code>/template.xlsx`: whose data is in it, and that a filled one becomes a release."""

from __future__ import annotations

import io

import openpyxl
import pytest
from ckan import model
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

MAIN = """INDICATOR,REF_AREA,PERIOD_TYPE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,COMMENT_OBS
ADULT_LITERACY,พะเยา,fiscal,2565,90.25,A,
ADULT_LITERACY,พะเยา,fiscal,2566,91.5,E,from a sample
NEET,TH-56-M5601,,2566,7.1,A,
"""
SMALL = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nINTERNET_USERS,TH-56,2566,70\n"
OTHERS = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n" + "".join(
    f"UNEMPLOYMENT,TH-56,{year},1.{year % 10}\n" for year in range(2555, 2567)
)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


EDITOR = "template-editor"


def make() -> None:
    """Make Phayao's office with two public datasets and a private one, and an agency's dataset."""
    editor = factories.User(name=EDITOR)["name"]
    office = factories.Organization(
        name="phayao-office",
        org_role="city",
        area="TH-56",
        users=[{"name": editor, "capacity": "editor"}],
    )
    agency = factories.Organization(name="statistics", org_role="agency")
    for name, table, owner, fields in (
        ("main", MAIN, office, {}),
        ("small", SMALL, office, {"demonstration": True}),
        ("hidden", OTHERS, office, {"private": True}),
        ("national", OTHERS, agency, {}),
    ):
        factories.Dataset(name=name, title=f"Title of {name}", owner_org=owner["id"], **fields)
        helpers.call_action("learningcity_observation_publish", id=name, data=table)


@pytest.fixture
def city(reset_db, with_plugins, reset_index, reset_redis):
    """The office, for tests that only read: what one of them has made serves the next."""
    if model.User.get(EDITOR) is None:
        reset_db()
        reset_redis()
        reset_index()
        make()


@pytest.fixture
def own_city(portal, reset_db):
    """The office, for one test that writes."""
    make()
    yield
    reset_db()


def got(app, address: str, user: str | None = None):
    headers = {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
    response = app.get(address, headers=headers)
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.data))


def values(book) -> list[tuple]:
    """Return indicator, year and value of the rows that have one."""
    head, *rows = book["data"].iter_rows(values_only=True)
    at = [head.index(name) for name in ("INDICATOR", "TIME_PERIOD", "OBS_VALUE")]
    return [tuple(row[i] for i in at) for row in rows if row[at[2]] is not None]


def published(dataset: str, book, **parameters):
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return helpers.call_action(
        "learningcity_observation_publish",
        id=dataset,
        upload=FileStorage(content, "filled.xlsx"),
        **parameters,
    )


def test_it_is_a_workbook_to_save_that_need_not_be_sent_twice(app, city):
    first = app.get("/city/TH-56/template.xlsx")
    assert first.headers["Content-Type"] == WORKBOOK
    assert first.headers["Content-Disposition"] == "attachment; filename=template-TH-56.xlsx"
    again = app.get("/city/TH-56/template.xlsx", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_it_holds_the_largest_public_dataset_of_the_places_own_office(app, city):
    book = got(app, "/city/TH-56/template.xlsx")
    assert values(book) == [
        ("ADULT_LITERACY", 2565, 90.25),
        ("ADULT_LITERACY", 2566, 91.5),
        ("NEET", 2566, 7.1),
    ]
    texts = [row[0] or "" for row in book["instructions"].values]
    assert any("http://test.ckan.net/dataset/main/publish" in text for text in texts)
    assert "Dataset: Title of main" in texts


def test_a_filled_template_becomes_a_release_that_only_adds(app, own_city):
    book = got(app, "/city/TH-56/template.xlsx")
    sheet = book["data"]
    heads = [cell.value for cell in sheet[1]]
    value = heads.index("OBS_VALUE")
    row = next(row for row in sheet.iter_rows(min_row=2) if row[value].value is None)
    row[value].value = 92.5
    told = published("main", book)
    assert told["difference"] == {"added": 1, "changed": 0, "removed": 0}
    assert told["release"]["number"] == 2
    assert told["report"]["valid"]
    assert told["report"]["counts"] == {"row_unfilled": 1}
    found = helpers.call_action(
        "learningcity_observation_search", area=["TH-56"], dataset=["main"], start="2024"
    )
    assert [(record["INDICATOR"], record["OBS_VALUE"]) for record in found["records"]] == [
        ("ADULT_LITERACY", 92.5)
    ]
    assert ("ADULT_LITERACY", 2567, 92.5) in values(got(app, "/city/TH-56/template.xlsx"))


def test_a_template_that_nobody_filled_changes_nothing(app, city):
    told = published("main", got(app, "/city/TH-56/template.xlsx"))
    assert told["difference"] == {"added": 0, "changed": 0, "removed": 0}
    assert told["release"] is None


def test_another_dataset_can_be_chosen_and_says_that_it_is_a_demonstration(app, city):
    book = got(app, "/city/TH-56/template.xlsx?dataset=small")
    assert values(book) == [("INTERNET_USERS", 2566, 70)]
    assert "DEMONSTRATION" in [cell.value for cell in book["data"][1]]
    assert len(values(got(app, "/city/TH-56/template.xlsx?dataset=national"))) == 12


def test_a_private_dataset_is_for_its_own_people_only(app, city):
    app.get("/city/TH-56/template.xlsx?dataset=hidden", status=403)
    address = "/city/TH-56/template.xlsx?dataset=hidden"
    assert len(values(got(app, address, EDITOR))) == 12


def test_a_place_without_a_dataset_has_rows_to_fill_in(app, city):
    book = got(app, "/city/TH-57/template.xlsx")
    assert values(book) == []
    assert book["data"].max_row > 60
    assert any("/desk" in (row[0] or "") for row in book["instructions"].values)


def test_a_new_dataset_of_the_office_has_a_template_before_its_first_release(app, own_city):
    factories.Dataset(name="fresh", owner_org="phayao-office")
    book = got(app, "/city/TH-56/template.xlsx?dataset=fresh")
    assert values(book) == []
    assert any("/dataset/fresh/publish" in (row[0] or "") for row in book["instructions"].values)


@pytest.mark.parametrize(
    "address",
    [
        "/city/TH-99/template.xlsx",
        "/city/TH-56/template.xlsx?dataset=nothing",
        "/city/TH-57/template.xlsx?dataset=main",
    ],
)
def test_what_there_is_not_is_not_found(app, city, address):
    app.get(address, status=404)


def test_another_spelling_of_the_code_leads_to_the_address(app, city):
    found = app.get("/city/th-56/template.xlsx?dataset=small", follow_redirects=False)
    assert found.status_code == 302
    assert found.headers["Location"].endswith("/city/TH-56/template.xlsx?dataset=small")


def test_a_dataset_that_is_too_large_is_refused_with_what_to_do(
    app, city, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.template_rows_max", 2)
    told = app.get("/city/TH-56/template.xlsx", status=400)
    assert "has 3 values; a template holds 2" in told.body


def test_a_dataset_of_several_pages_is_whole(app, city, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.observations.page_max", 2)
    assert len(values(got(app, "/city/TH-56/template.xlsx"))) == 3


@pytest.mark.parametrize("place", ["TH-56", "TH-57"])
def test_the_page_of_a_place_leads_to_its_template(app, city, page, place):
    links = [link["href"] for link in page(f"/city/{place}").select("a")]
    assert f"/city/{place}/template.xlsx" in links
