"""Comparing places and exploring slices, as a browser gets them."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

import pytest
from ckan.tests.helpers import call_action

CHOICE = "indicator=ADULT_LITERACY&area=TH-56"


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_places_are_compared_by_the_indicators_of_the_address(page, cities):
    shown = page("/compare?area=TH-56,TH-57,TH&indicator=ADULT_LITERACY,POPULATION")
    assert [text(row) for row in shown.select("#lc-side ~ figure tbody tr")] == [
        "Adult literacy rate 92.0% (Fiscal year 2023) 88.8% (Fiscal year 2023) 94.3% (2023)",
        "Population – – –",
    ]
    assert "Population: no value of Phayao, Chiang Rai, Thailand" in text(shown)


def test_a_comparison_begins_with_what_the_first_place_has(page, cities):
    shown = page("/compare?area=TH-56")
    chips = [text(chip.span) for chip in shown.select(".lc-chips li")]
    assert chips == ["Phayao", "Adult literacy rate"]


def test_an_empty_comparison_says_how_to_begin(page, cities):
    shown = page("/compare")
    assert "Which places?" in text(shown)
    assert not shown.select(".lc-chart")


def test_an_indicator_is_added_by_its_name(app, cities):
    name = quote("อัตราการรู้หนังสือของผู้ใหญ่")
    response = app.get(f"/compare?area=TH-56&add_indicator={name}", follow_redirects=False)
    assert response.headers["Location"].endswith("/compare?area=TH-56&indicator=ADULT_LITERACY")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/compare?area=TH-999", "TH-999"),
        ("/compare?indicator=NO_SUCH&area=TH-56", "NO_SUCH"),
        ("/compare?area=" + ",".join(f"TH-{number}" for number in range(30, 40)), "area"),
        ("/compare?area=TH-56&level=planet", "level"),
        ("/explore?start=abc", "abc"),
        ("/explore?sex=Z", "sex"),
        ("/explore?as_of=yesterday", "yesterday"),
        ("/explore?level=planet", "level"),
        ("/explore?cursor=nonsense", "cursor"),
        ("/explore?chart=pie&indicator=NEET", "chart"),
    ],
)
def test_what_cannot_be_is_refused_by_name(app, cities, address, named):
    assert named in app.get(address, status=400).body


def test_page_api_file_and_picture_have_the_same_numbers(app, page, cities):
    table = page(f"/explore?{CHOICE}")
    found = call_action("learningcity_observation_search", indicator="ADULT_LITERACY", area="TH-56")
    link = next(a for a in table.select("#lc-found ~ ul a") if text(a) == "CSV")
    rows = list(csv.DictReader(io.StringIO(app.get(link["href"]).body.lstrip("\ufeff"))))
    spec = json.loads(app.get(f"/indicator/ADULT_LITERACY/chart.json?{CHOICE}&lang=en").body)
    drawn = json.dumps(spec)
    api = [(one["TIME_PERIOD"], one["OBS_VALUE"], one["RELEASE"]) for one in found["records"]]
    assert [(r["TIME_PERIOD"], float(r["OBS_VALUE"]), int(r["RELEASE"])) for r in rows] == api
    shown = [
        row.select("td")[3].get_text().strip()
        for row in table.select("#lc-found ~ * tbody tr, .lc-scroll tbody tr")
    ]
    assert shown == [f"{value:.1f}%" for _, value, _ in api]
    for period, value, release in api:
        assert f'"value": {value}' in drawn
        assert f'"time": {float(period)}' in drawn
        assert f"release {release}" in drawn


def test_a_slice_is_drawn_as_chosen(page, cities):
    shown = page(f"/explore?{CHOICE}&chart=ranking&level=province")
    image = shown.select_one(".lc-chart img")["src"]
    assert image.startswith("/indicator/ADULT_LITERACY/ranking.svg?")
    assert "level=province" in image
    assert (
        shown.select_one("main a[aria-current], .lc-page a[aria-current]").get_text(strip=True)
        == "Ranking"
    )


def test_what_a_stranger_may_not_see_is_neither_shown_nor_counted(page, cities):
    shown = page("/explore?indicator=NEET&area=TH-57")
    assert "77.7" not in text(shown)
    assert "0 values" in text(shown)
    assert "No value matches" in text(shown)
