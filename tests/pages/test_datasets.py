"""Core's lists and pages of datasets, with what this portal adds to them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

TITLE = {"th": "ประชากรพะเยา", "en": "Population of Phayao"}
NOTES = {"th": "จำนวนคน", "en": "People *counted*"}


@pytest.fixture
def dataset(portal) -> dict:
    return factories.Dataset(title_translated=TITLE, notes_translated=NOTES, demonstration=True)


@pytest.mark.parametrize(
    ("language", "title", "notes", "mark"),
    [
        ("en", "Population of Phayao", "People counted", "Demonstration data"),
        ("th", "ประชากรพะเยา", "จำนวนคน", "ข้อมูลสาธิต"),
    ],
)
def test_a_list_speaks_the_readers_language(app, dataset, language, title, notes, mark):
    page = BeautifulSoup(app.get(f"/{language}/dataset/").data, "html.parser")
    item = page.select_one(".dataset-item")
    assert item.h2.a.get_text(strip=True) == title
    assert notes in item.get_text(" ", strip=True)
    assert mark in item.get_text()


def test_a_dataset_without_a_translation_is_shown_in_its_own_language(app, portal):
    factories.Dataset(title="ประชากรพะเยา")
    page = BeautifulSoup(app.get("/en/dataset/").data, "html.parser")
    assert page.select_one(".dataset-item h2 a").get_text(strip=True) == "ประชากรพะเยา"


def test_the_page_hides_what_nobody_filled_in_and_marks_demonstration_data(app, dataset):
    page = BeautifulSoup(app.get(f"/en/dataset/{dataset['name']}").data, "html.parser")
    labels = [heading.get_text(strip=True) for heading in page.select("th.dataset-label")]
    assert "Demonstration data" in labels
    assert "Contact unit" not in labels
    assert page.select_one(".lc-badge--notice").get_text(strip=True) == "Demonstration data"


def test_markup_in_a_title_is_not_run(app, portal):
    factories.Dataset(title_translated={"en": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in app.get("/en/dataset/").body


class TestMaps:
    @pytest.fixture
    def address(self, portal) -> str:
        point = '{"type": "Point", "coordinates": [99.9, 19.17]}'
        return f"/en/dataset/{factories.Dataset(spatial=point)['name']}"

    def test_no_tile_server_is_asked_until_one_is_named(self, app, address):
        assert 'data-module="dataset-map"' not in app.get(address).body
        assert "spatial-query" not in app.get("/en/dataset/").body

    @pytest.mark.ckan_config("ckanext.spatial.common_map.type", "custom")
    def test_extent_and_search_by_box_appear_with_a_tile_server(self, app, address):
        assert 'data-module="dataset-map"' in app.get(address).body
        assert 'data-module="spatial-query"' in app.get("/en/dataset/").body
