"""One search page for every type, and `package_search` as it always was."""

from __future__ import annotations

import json

from bs4 import BeautifulSoup
from ckan.tests import factories


def page(app, address: str) -> BeautifulSoup:
    return BeautifulSoup(app.get(address).body, "html.parser")


def test_every_type_is_found_counted_and_has_its_facets(people, app):
    people.share("learning-space", name="space", cost="free")
    people.share("research", name="study", title_translated={"en": "Lakeside study"})
    factories.Dataset(name="data", title="Lakeside data")
    shown = page(app, "/en/dataset/?q=lakeside")
    kinds = [link.get_text(" ", strip=True) for link in shown.select(".lc-kinds a")]
    assert sorted(kinds) == ["Datasets 1", "Learning spaces 1", "Research 1"]
    links = {link["href"] for link in shown.select(".dataset-heading a")}
    assert links == {"/en/learning-space/space", "/en/research/study", "/en/dataset/data"}
    chosen = page(app, "/en/dataset/?dataset_type=learning-space")
    assert [link["href"] for link in chosen.select(".dataset-heading a")] == [
        "/en/learning-space/space"
    ]
    facets = chosen.select_one("#search-facets").get_text(" ", strip=True)
    for word in ("Cost", "Free", "Kind", "Library", "Accessibility"):
        assert word in facets
    assert "ห้องสมุด" in page(app, "/th/dataset/?dataset_type=learning-space").get_text()


def test_programs_get_what_ckan_gives(people, app):
    people.share("learning-space", name="space")
    address = '/api/3/action/package_search?facet.field=["dataset_type"]'
    result = json.loads(app.get(address).body)["result"]
    items = result["search_facets"]["dataset_type"]["items"]
    assert items == [{"name": "learning-space", "display_name": "learning-space", "count": 1}]


def test_places_and_indicators_show_what_is_shared(people, app):
    given = {"indicators": ["LIBRARY_VISITS"], "repeated_in": ["TH-57-M5701"]}
    people.share("research", name="study", **given)
    people.share("research", name="draft", indicators=["LIBRARY_VISITS"], private=True)
    for address in (
        "/en/city/TH-56-M5601",
        "/en/city/TH-56",
        "/en/city/TH-57-M5701",  # where it was repeated
        "/en/indicator/LIBRARY_VISITS",
        "/en",
    ):
        shared = page(app, address).select_one(".lc-shared")
        assert [link["href"] for link in shared.select("li a")] == ["/en/research/study"], address
    assert page(app, "/en/city/TH-10").select_one(".lc-shared") is None
