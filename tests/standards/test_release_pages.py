"""The page of a release, which a citation leads to, and the list of them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup


@pytest.fixture
def page(app):
    """Get an address and return its page as parsed HTML."""

    def get(address: str, status: int = 200) -> BeautifulSoup:
        return BeautifulSoup(app.get(address, status=status).body, "html.parser")

    return get


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_a_release_says_what_it_is_and_offers_its_files(page, published, release):
    shown = page(f"/dataset/{published}/release/2")
    told = text(shown)
    for fact in ("City {of} 100%", "1 added, 1 changed, 0 removed", "Creative Commons Attribution"):
        assert fact in told
    links = {link["href"] for link in shown.select("#lc-files ~ .lc-scroll a")}
    stem = f"/dataset/{published}/release/2."
    assert links == {stem + kind for kind in ("csv", "parquet", "xlsx", "json", "zip")}
    for name in ("sha256", "parquet_sha256"):
        assert release(2)[name] in told


def test_the_line_to_cite_is_there_in_both_languages_and_as_files(page, published):
    shown = page(f"/th/dataset/{published}/release/1")
    thai, english = shown.select(".lc-cite")
    assert (thai["lang"], english["lang"]) == ("th", "en")
    assert "(2569)" in text(thai) or "ฉบับที่ 1" in text(thai)
    assert "Literacy: 50% & more_, release 1 [Data set]" in text(english)
    for kind in ("bib", "ris", "cff"):
        assert shown.select_one(f'a[href="/dataset/{published}/release/1.{kind}"]')


def test_the_permalink_leads_to_the_page_and_says_that_the_checksum_is_right(page, published):
    shown = page(f"/dataset/{published}/release/1")
    permalink = shown.select_one('link[rel="cite-as"]')["href"].removeprefix("http://test.ckan.net")
    assert "is that of this release" in text(page(permalink))
    wrong = permalink.replace("/release/1", "/release/2")
    assert "is not that of this release" in text(page(wrong))
    assert "is not that of this release" in text(page(f"/dataset/{published}/release/1?sha256=x"))


def test_a_release_shows_what_changed_against_the_one_before_and_any_other(page, published):
    rows = page(f"/dataset/{published}/release/2").select("#lc-changes tbody tr")
    assert [text(row) for row in rows] == [
        "→ Changed Adult literacy rate Chiang Rai 2023 88.25% ที่มา: สำมะโน 89% ที่มา: สำมะโน",
        "+ Added Adult literacy rate Chiang Rai 2024 – Missing value",
    ]
    back = page(f"/dataset/{published}/release/1?against=2")
    assert "0 added, 1 changed, 1 removed" in text(back)
    everything = page(f"/dataset/{published}/release/2?against=0").select("#lc-changes tbody tr")
    assert len(everything) == 5
    assert "the same observations" in text(page(f"/dataset/{published}/release/2?against=2"))


def test_the_older_release_leads_to_the_newest(page, published):
    assert page(f"/dataset/{published}/release/1").select_one(f'a[href$="{published}/release/2"]')


def test_releases_are_listed_the_newest_first(page, published):
    found = [text(link) for link in page(f"/dataset/{published}/releases").select(".lc-release a")]
    assert [name.partition(",")[0] for name in found] == ["Release 2", "Release 1"]


def test_what_there_is_not_is_said(page, published):
    for address, status in {
        "downloads-city/release/99": 404,
        "downloads-city/release/0": 404,
        "downloads-secret/release/1": 404,
        "downloads-secret/releases": 404,
        "nowhere/releases": 404,
        "downloads-city/release/2?against=7": 404,
        "downloads-city/release/2?against=x": 400,
        "downloads-city/release/2?page=0": 400,
        "downloads-city/releases?page=x": 400,
    }.items():
        page(f"/dataset/{address}", status=status)


def test_a_dataset_offers_its_observations_and_says_how_to_cite_them(page, published):
    shown = page(f"/dataset/{published}")
    links = {link.get("href") for link in shown.select("a")}
    stem = f"/dataset/{published}/observations"
    assert {f"{stem}.{kind}" for kind in ("csv", "xlsx", "json", "parquet", "zip")} <= links
    assert {f"/dataset/{published}/release/2", f"/dataset/{published}/releases"} <= links
    assert "release 2 [Data set]" in text(shown.select_one(".lc-cite"))


def test_code_to_copy_is_for_the_slice_on_the_page(page, published):
    shown = page("/indicator/ADULT_LITERACY?area=TH-57")
    codes = [code.get_text() for code in shown.select(".lc-code pre code")]
    assert len(codes) == 3
    for code in codes:
        assert "http://test.ckan.net/observations.csv?indicator=ADULT_LITERACY&area=TH-57" in code
    buttons = shown.select(".lc-code [data-copy]")
    assert [button["data-copy"] for button in buttons] == codes
