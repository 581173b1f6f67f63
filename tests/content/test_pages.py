"""Lists, pages and files of what cities share: what they show, and that nothing in them runs."""

from __future__ import annotations

import csv
import io
import json

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from content.people import EXAMPLES
from icalendar import Calendar

from ckanext.learningcity.content.types import types

SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(2)">'
FORMULA = '=HYPERLINK("http://example.org","x")'
#: Fields that the form does not ask for as text.
NOT_TYPED = {"owner_org", "name", "spatial", "areas", "steps", "starts", "opens", "closes"}


def as_editor() -> dict[str, str]:
    return {"Authorization": factories.APIToken(user="phayao_editor")["token"]}


def hostile(people, type_id: str, name: str, text: str, steps: list[str]) -> set[str]:
    """Share something with `text` in every field that takes it; return those that refuse it."""
    given: dict = {"name": name}
    for field in types()[type_id].fields:
        if field["field_name"] not in NOT_TYPED:
            both = {"en": text, "th": f"{text} ก"}
            given[field["field_name"]] = both if "widget" in field else text
    given |= {"steps": steps} if type_id == "learning-path" else {}
    if type_id == "event":
        given["sessions"] = [{"starts": "2030-01-10T09:00", "title": text, "venue": text}]
    return shared(people, type_id, given)


def shared(people, type_id: str, given: dict) -> set[str]:
    """Share without the fields that are refused, and return them."""
    try:
        people.share(type_id, **given)
    except tk.ValidationError as error:
        refused = {*error.error_dict} & {*given}
        assert refused, error.error_dict
        rest = {key: value for key, value in given.items() if key not in refused}
        return refused | shared(people, type_id, rest)
    return set()


def runs(shown: BeautifulSoup) -> bool:
    # Structured data is no program; that its text cannot end the element shows in the tree.
    scripts = [tag.get_text() for tag in shown.select("script:not([type*=json])")]
    return bool(shown.select("img[onerror]")) or any("alert(1)" in text for text in scripts)


@pytest.fixture
def page(app):
    def get(address: str, status: int = 200) -> BeautifulSoup:
        return BeautifulSoup(app.get(address, status=status).body, "html.parser")

    return get


def test_no_script_and_no_formula_runs_anywhere(people, page, app):
    people.share("learning-resource", name="a-step")
    by_hand = {id_: type_ for id_, type_ in types().items() if id_ != "award-entry"}
    for type_id, type_ in by_hand.items():
        for kind, text in (("script", SCRIPT), ("formula", FORMULA)):
            refused = hostile(people, type_id, f"{kind}-{type_id}", text, ["a-step"])
            texts = {field["field_name"] for field in type_.fields if "widget" in field}
            assert refused & texts <= {"keywords"}, type_id
        name = f"script-{type_id}"
        for path in (type_.page, f"/th{type_.page}", f"/{type_id}/{name}", f"/th/{type_id}/{name}"):
            assert not runs(page(path)), path
        edited = app.get(f"/{type_id}/edit/{name}", headers=as_editor()).body
        assert "onerror=" in edited  # what was typed is in the form, as text
        assert not runs(BeautifulSoup(edited, "html.parser")), type_id
        body = app.get(f"{type_.page}.csv").body.removeprefix("\ufeff")
        cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+@")], type_id
        assert f"'{FORMULA}" in cells
        listed = json.loads(app.get(f"{type_.page}.json").body)
        titles = [record["title_translated"] for record in listed["results"]]
        assert {"en": FORMULA, "th": f"{FORMULA} ก"} in titles
    for path in ("/en", "/city/TH-56-M5601", "/dataset/?q=alert", "/week?month=2030-01"):
        assert not runs(page(path)), path
    feed = Calendar.from_ical(app.get("/week.ics").get_data())
    assert SCRIPT in " ".join(str(event["SUMMARY"]) for event in feed.walk("VEVENT"))


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


def test_a_place_and_an_event_stand_on_a_map_among_the_places_around(people, page):
    people.share("learning-space", name="space")
    people.share("event", name="fair", lat=19.16, lon=99.9)
    people.share("event", name="online", starts="2030-01-10T09:00")
    for address in ("/en/learning-space/space", "/en/event/fair"):
        plot = page(address).select_one(".lc-plot")
        assert plot.select("circle"), address
        assert "Chiang Rai" in plot.get_text(), address
    assert not page("/en/event/online").select(".lc-plot")
    listed = [link["href"] for link in page("/en/events").select(".lc-item h3 a")]
    assert listed == ["/en/event/online", "/en/event/fair"]  # what is over is last


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
