"""Lists, pages and files of what cities share: what they show, and that nothing in them runs."""

from __future__ import annotations

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from content.people import EXAMPLES

from ckanext.learningcity.content.types import types

SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(2)">'
FORMULA = '=HYPERLINK("http://example.org","x")'
LISTS = {
    "learning-space": "/spaces",
    "learning-resource": "/academy",
    "learning-path": "/academy/paths",
    "research": "/research",
}
TEXTS = {
    "learning-space": ["address", "opening_hours", "operator"],
    "learning-resource": ["provider"],
    "learning-path": [],
    "research": ["publisher", "context", "steps", "evidence"],
}
PLAIN = {"research": {"authors": [SCRIPT, FORMULA]}, "learning-space": {"place_key": FORMULA}}


def as_editor() -> dict[str, str]:
    return {"Authorization": factories.APIToken(user="phayao_editor")["token"]}


def hostile(type_id: str, text: str) -> dict:
    both = {"en": text, "th": f"{text} ก"}
    names = ["title", "notes", *TEXTS[type_id]]
    return {**{f"{name}_translated": both for name in names}, "maintainer": text}


@pytest.fixture
def page(app):
    def get(address: str, status: int = 200) -> BeautifulSoup:
        return BeautifulSoup(app.get(address, status=status).body, "html.parser")

    return get


@pytest.fixture
def evil(people) -> dict[str, dict]:
    """One thing of each type with script, and one with formulas, in every text."""
    step = people.share("learning-resource", name="a-step")
    made = {}
    for type_id in LISTS:
        more = {"steps": [step["id"]]} if type_id == "learning-path" else {}
        more |= PLAIN.get(type_id, {})
        made[type_id] = people.share(
            type_id, name=f"script-{type_id}", **hostile(type_id, SCRIPT), **more
        )
        people.share(type_id, name=f"formula-{type_id}", **hostile(type_id, FORMULA), **more)
    return made


def test_no_script_and_no_formula_runs_anywhere(evil, page, app, people):
    for type_id, address in LISTS.items():
        for path in (address, f"/th{address}", f"/{type_id}/script-{type_id}", "/city/TH-56-M5601"):
            shown = page(path)
            assert not shown.select("img[onerror]"), path
            # Structured data is no program; that its text cannot end the element shows in the tree.
            scripts = [tag.get_text() for tag in shown.select("script:not([type*=json])")]
            assert not [text for text in scripts if "alert(1)" in text], path
        body = app.get(f"{address}.csv").body.removeprefix("\ufeff")
        cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+@")], type_id
        assert f"'{FORMULA}" in cells
        listed = json.loads(app.get(f"{address}.json").body)
        assert {"en": FORMULA, "th": f"{FORMULA} ก"} in [
            r["title_translated"] for r in listed["results"]
        ]
    edited = app.get("/learning-space/edit/script-learning-space", headers=as_editor())
    assert "onerror=" in edited.body  # what was typed is in the form, as text
    assert "<script>alert(1)" not in edited.body
    assert "<img src=x" not in edited.body


def test_a_list_is_filtered_counted_and_downloaded_alike(people, page, app):
    people.share("learning-space", name="one", kind="library", cost="free")
    people.share("learning-space", name="two", kind="museum", lat=None, lon=None)
    people.share("learning-space", "rayong_editor", name="three", kind="museum")
    people.share("learning-space", name="hidden", private=True)
    shown = page("/en/spaces?kind=museum")
    links = {link["href"] for link in shown.select(".lc-item h3 a")}
    assert links == {"/en/learning-space/three", "/en/learning-space/two"}
    assert "Museum (2)" in shown.select_one("#lc-kind").get_text()
    in_province = json.loads(app.get("/spaces.json?area=TH-56").body)
    assert {record["name"] for record in in_province["results"]} == {"one", "two"}
    collection = json.loads(app.get("/spaces.geojson?kind=museum").body)
    assert [feature["properties"]["name"] for feature in collection["features"]] == ["three"]
    assert collection["features"][0]["geometry"] == {
        "type": "Point",
        "coordinates": [99.9019, 19.1664],
    }
    assert page("/en/spaces?kind=park").find(string=lambda text: "Nothing matches" in text)
    assert page("/en/academy").find(string=lambda text: "Nothing has been shared" in text)
    own = app.get("/en/spaces", headers=as_editor())
    assert "/en/learning-space/hidden" in own.body


def test_the_least_of_each_type_is_shown_in_its_list_and_on_its_page(people, page):
    people.share("learning-resource", name="a-step")
    for type_id, kept in EXAMPLES.items():
        given = {**kept, "notes_translated": {}, "type": type_id, "owner_org": "phayao-office"}
        given |= {"name": f"least-{type_id}"}
        given |= {"steps": ["a-step"]} if type_id == "learning-path" else {}
        people.act("phayao_editor", "package_create", **given)
        for language in ("en", "th"):
            link = f"/{language}/{type_id}/least-{type_id}"
            assert page(f"/{language}/{type_id}/").select_one(f'.lc-item a[href="{link}"]'), link
            tab = page(link).select_one(".page-header .nav li.active, .nav-tabs li.active")
            name = types()[type_id].name[language]
            assert tab.get_text(strip=True) == name


@pytest.mark.parametrize(
    "address",
    ["/spaces?nonsense=1", "/spaces?area=ZZ", "/spaces?sort=colour", "/spaces.csv?area=ZZ"],
)
def test_a_filter_that_does_not_exist_is_refused(shared_people, app, address):
    assert app.get(address).status_code == 400


@pytest.mark.parametrize(
    "address", ["/academy.geojson", "/spaces.exe", "/research/none/citation.bib"]
)
def test_what_is_not_there_is_not_there(shared_people, app, address):
    assert app.get(address).status_code == 404


@pytest.mark.parametrize("type_id", EXAMPLES)
def test_ckans_own_list_leads_to_the_page(shared_people, app, type_id):
    address = app.get(f"/{type_id}/", follow_redirects=False).headers.get("Location", "")
    assert address.endswith(("/spaces/", "/academy/", "/academy/paths/", "/booster/", "/week/", ""))


def test_ties_show_from_both_ends_and_to_those_only_who_may_see(people, page):
    data = people.share("learning-space", name="data")
    people.share("research", name="study", related=["data"], indicators=["LIBRARY_VISITS"])
    people.share("research", name="draft", related=[data["id"]], private=True)
    there = page("/en/learning-space/data")
    assert there.select_one("[aria-labelledby=lc-related] a")["href"] == "/en/research/study"
    assert "/en/research/draft" not in str(there)
    back = page("/en/research/study")
    assert back.select_one("[aria-labelledby=lc-related] a")["href"] == "/en/learning-space/data"


def test_a_path_lists_its_steps_in_order_and_a_step_its_path(people, page):
    names = ["third", "first", "second"]
    for name in names:
        people.share("learning-resource", name=name, duration=10)
    people.share("learning-path", name="way", steps=["first", "second", "third"])
    shown = page("/en/learning-path/way")
    steps = [link["href"].rsplit("/", 1)[-1] for link in shown.select("[data-lc-step] a")]
    assert steps == ["first", "second", "third"]
    assert "30 minutes" in shown.select_one(".lc-path").get_text()
    assert "/en/learning-path/way" in str(page("/en/learning-resource/second"))


def test_research_is_cited_by_its_doi(people, page, app):
    people.share("research", name="study", publication_date="2567", doi="10.1234/a_b")
    shown = page("/en/research/study").select_one(".lc-cite").get_text()
    assert shown.startswith("Office of Studies, Second Unit (2024). Reading by the lake.")
    assert shown.endswith("https://doi.org/10.1234/a_b")
    assert "(2567)" in page("/th/research/study").select_one(".lc-cite").get_text()
    bib = app.get("/research/study/citation.bib").body
    assert "author = {{Office of Studies} and {Second Unit}}" in bib
    assert r"doi = {10.1234/a\_b}" in bib
    ris = app.get("/research/study/citation.ris").body
    assert "AU  - Office of Studies\r\nAU  - Second Unit\r\n" in ris
