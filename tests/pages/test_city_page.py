"""The list of places and the page of one, as a browser gets them."""

from __future__ import annotations

import json
from sys import modules

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.learningcity.pages import fragments

from .conftest import publish


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_a_city_shows_its_own_value_and_labels_the_national_one(page, cities):
    shown = page("/city/TH-56")
    headline = shown.select_one(".lc-headline")
    assert text(shown.h1) == "Phayao"
    assert "92.0 %" in text(headline)
    assert "Fiscal year 2023" in text(headline)
    assert "National value: 94.3% (2023)" in text(headline)


def test_the_national_value_never_stands_in_for_a_missing_one(page, cities):
    shown = page("/city/TH-40")
    assert "94.3" not in text(shown)
    assert "No values yet" in text(shown)


def test_thai_pages_count_years_in_the_buddhist_era(page, cities):
    whole = page("/th/city/TH-56")
    whole.select_one(".lc-era").decompose()  # the switch names both
    shown = text(whole)
    assert "ปีงบประมาณ 2566" in shown
    assert "2023" not in shown
    assert "ค.ศ." not in shown


def test_the_reader_may_choose_the_era_and_it_is_remembered(app, page, cities):
    switch = page("/th/city/TH-56").select_one(".lc-era a")
    assert switch["href"].startswith("/th/city/TH-56?era=ce")
    chosen = app.get(switch["href"])
    assert "ปีงบประมาณ 2023" in chosen.body
    cookie = chosen.headers["Set-Cookie"]
    assert "learningcity_era=ce" in cookie
    assert "HttpOnly" in cookie
    after = app.get("/th/city/TH-57", headers={"Cookie": "learningcity_era=ce"})
    assert "ปีงบประมาณ 2023" in after.body
    assert "era=ce" in after.body  # the charts of the page are of the same era


def test_a_place_is_compared_with_those_of_its_level_only(page, cities):
    standing = text(page("/city/TH-56").select_one(".lc-headline .lc-standing"))
    assert "Province: 1 of 2, the best first" in standing
    assert "Middle value: 90.4%" in standing
    assert "94.3" not in standing.replace("National value: 94.3% (2023)", "")
    assert "Province: 2 of 2" in text(page("/city/TH-57").select_one(".lc-standing"))
    assert "Country:" not in text(page("/city/TH"))


def test_a_stranger_s_page_is_kept_until_something_is_released(
    app, page, cities, monkeypatch, reset_db, reset_redis
):
    monkeypatch.setattr(fragments, "MARK_SECONDS", -1.0)
    reset_redis()
    before = page("/city/TH-40")
    assert "No values yet" in text(before)
    with monkeypatch.context() as patch:
        patch.setattr(
            modules["ckanext.learningcity.pages.city"],
            "_content",
            lambda _: pytest.fail("rendered again"),
        )
        assert "No values yet" in text(page("/city/TH-40"))
    publish(app, "pages-later", "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nNEET,TH-40,2023,5.5\n")
    assert "5.5" in text(page("/city/TH-40"))
    with app.flask_app.test_request_context():
        editor = {"user": factories.Sysadmin()["name"]}
        call_action("package_patch", editor, id="pages-later", private=True)
    assert "No values yet" in text(page("/city/TH-40"))
    reset_db()


def test_page_and_picture_choose_the_same_of_two_datasets(app, page, cities, reset_db):
    columns = "INDICATOR,REF_AREA,PERIOD_TYPE,TIME_PERIOD,OBS_VALUE"
    few = f"{columns}\nADULT_LITERACY,TH-56,fiscal,2023,55.5\n"
    publish(app, "pages-few", few, id="00000000-0000-4000-8000-000000000000")  # is found first
    headline = text(page("/city/TH-56").select_one(".lc-headline"))
    assert "92.0 %" in headline
    assert "Province: 1 of 2" in headline
    drawn = json.dumps(app.get("/indicator/ADULT_LITERACY/chart.json?area=TH-56").json)
    assert '"value": 92.0' in drawn
    assert "55.5" not in drawn
    reset_db()


def test_what_a_member_sees_is_never_kept_for_strangers(
    app, page, cities, monkeypatch, reset_redis
):
    monkeypatch.setattr(fragments, "MARK_SECONDS", -1.0)
    reset_redis()
    member = factories.SysadminWithToken()
    seen = app.get("/city/TH-57", headers={"Authorization": member["token"]})
    assert "77.7" in seen.body
    assert "77.7" not in text(page("/city/TH-57"))


def test_the_buddhist_era_can_be_switched_off(page, cities, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.buddhist_era", False)
    assert "ปีงบประมาณ 2023" in text(page("/th/city/TH-56"))


def test_the_way_a_value_moved_is_told_in_words(page, cities):
    trend = page("/city/TH-56").select_one(".lc-headline .lc-trend--better")
    assert text(trend) == "▲ up 0.5 from Fiscal year 2022 (better)"


def test_the_table_has_every_value_with_status_and_note(page, cities):
    rows = [text(row) for row in page("/city/TH-56").select(".lc-table tbody tr")]
    assert rows == [
        "Fiscal year 2023 92.0% Provisional value",
        "Fiscal year 2022 91.5% Estimated value <b>from a sample</b>",
        "Fiscal year 2021 90.2% Normal value",
    ]


def test_demonstration_data_is_marked_and_real_data_is_not(page, cities):
    assert page("/city/TH-56").select(".lc-headline .lc-badge--notice")
    assert not page("/city/TH").select(".lc-headline .lc-badge--notice")


def test_a_value_can_be_downloaded_and_cited(page, cities):
    shown = page("/city/TH-56").select_one("#ADULT_LITERACY")
    addresses = [link["href"] for link in shown.select("a")]
    assert "/observations.csv?indicator=ADULT_LITERACY&area=TH-56" in addresses
    assert "Title of pages-city, release 1" in text(shown.select_one(".lc-cite"))


def test_a_download_on_a_page_works(app, page, cities):
    link = page("/th/city/TH-56").find("a", string="ดาวน์โหลด CSV")
    assert "ADULT_LITERACY" in app.get(link["href"]).body


def test_a_chart_is_loaded_late_and_described(page, cities):
    image = page("/city/TH-56").select_one(".lc-chart img")
    assert image["loading"] == "lazy"
    assert image["src"] == "/indicator/ADULT_LITERACY/chart.svg?area=TH-56,TH&lang=en"
    assert "from 90.2% in Fiscal year 2021 to 92.0% in Fiscal year 2023" in image["alt"]


@pytest.mark.parametrize("spelling", ["th-56", "phayao", "พะเยา", "Payao"])
def test_other_spellings_of_a_place_lead_to_its_address(app, portal, spelling):
    response = app.get(f"/city/{spelling}", follow_redirects=False, status=302)
    assert response.headers["Location"].endswith("/city/TH-56")


def test_an_unknown_place_is_a_404_with_suggestions(page, cities):
    shown = page("/city/Chiang%20Ria", status=404)
    assert "/city/TH-57" in [link["href"] for link in shown.select("article a, section a")]


def test_an_unknown_place_with_nothing_near_is_a_404(page, cities):
    assert "qqqqqqqq" in text(page("/city/qqqqqqqq", status=404))


def test_what_was_asked_is_never_markup(app, cities):
    body = app.get("/city/<script>alert(1)<script>", status=404).body
    assert "<script>alert(1)" not in body


def test_places_are_found_by_name_in_either_language(page, cities):
    for word in ("Phayao", "พะเยา"):
        names = [text(name) for name in page(f"/city/?q={word}").select(".lc-place h3")]
        assert "Phayao" in names
        assert "Bangkok" not in names


def test_places_are_filtered_by_level_region_and_membership(page, cities):
    shown = page("/city/?level=province&parent=TH-R6&gnlc=true")
    assert [text(name) for name in shown.select(".lc-place h3")] == ["Satun"]


def test_a_search_without_result_says_what_to_try(page, cities):
    assert "No place matches" in text(page("/city/?q=zzzz"))


def test_the_list_is_paged(page, cities):
    first = [text(name) for name in page("/city/").select(".lc-place h3")]
    second = [text(name) for name in page("/city/?page=2").select(".lc-place h3")]
    assert first
    assert second
    assert not set(first) & set(second)


@pytest.mark.parametrize("query", ["level=planet", "parent=TH-R99", "gnlc=perhaps", "page=x"])
def test_a_wrong_filter_is_never_a_server_error(app, portal, query):
    assert app.get(f"/city/?{query}", status=None).status_code < 500


def test_a_filter_that_does_not_exist_is_refused(app, cities):
    assert "level" in app.get("/city/?level=planet", status=400).body


def test_thai_names_are_sorted_by_consonant(page, cities):
    names = [text(name) for name in page("/th/city/?level=province&q=เ").select(".lc-place h3")]
    assert names.index("เชียงราย") < names.index("เพชรบุรี")


def test_private_values_are_not_shown_to_strangers(page, cities):
    assert "77.7" not in text(page("/city/TH-57"))
