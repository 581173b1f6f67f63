"""The list of indicators and the page of one, as a browser gets them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from ckan.tests import factories, helpers


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_an_indicator_tells_what_it_means(page, cities):
    shown = page("/indicator/ADULT_LITERACY")
    facts = text(shown.select_one(".lc-facts"))
    assert text(shown.h1) == "Adult literacy rate"
    for fact in ("Per cent", "Higher is better", "2021 to 2023"):
        assert fact in facts


def test_the_chosen_places_stand_in_the_address(page, cities):
    shown = page("/indicator/ADULT_LITERACY?area=TH-57,th")
    assert [text(chip.span) for chip in shown.select(".lc-chips li")] == ["Chiang Rai", "Thailand"]
    rows = [text(row) for row in shown.select("#lc-trend ~ figure tbody tr")]
    assert rows == [
        "Fiscal year 2023 Chiang Rai 88.8% Normal value",
        "2023 Thailand (national value) 94.3% Normal value",
        "2022 Thailand (national value) 94.1% Normal value",
    ]
    without = shown.select_one(".lc-chips a")["href"]
    assert without == "/indicator/ADULT_LITERACY?area=TH"


def test_a_place_is_added_by_its_name_in_either_language(app, cities):
    for name in ("เชียงราย", "chiang rai", "Chiang Rai · Province", "TH-57"):
        address = f"/indicator/ADULT_LITERACY?area=TH-56&start=2020&add_area={quote(name)}"
        response = app.get(address, follow_redirects=False, status=302)
        wanted = "/indicator/ADULT_LITERACY?start=2020&area=TH-56,TH-57"
        assert response.headers["Location"].endswith(wanted)


def test_a_name_that_is_not_in_the_list_stays_with_a_suggestion(page, cities):
    shown = page("/indicator/ADULT_LITERACY?area=TH-56&add_area=Chiang%20Ria")
    field = shown.select_one("[name=add_area]")
    assert field["value"] == "Chiang Ria"
    assert "Did you mean Chiang Rai" in text(shown.select_one(f"#{field['aria-describedby']}"))


def test_levels_are_not_ranked_together(page, cities):
    shown = page("/indicator/ADULT_LITERACY")
    assert text(shown.select_one("#lc-places")) == "Province in Fiscal year 2023"
    ranking = shown.select("#lc-places ~ .lc-spread figure")[1]
    assert [text(row) for row in ranking.select("tbody tr")] == [
        "Phayao 1 Fiscal year 2023 92.0% Provisional value",
        "Chiang Rai 2 Fiscal year 2023 88.8% Normal value",
    ]


def test_years_and_groups_are_chosen_in_the_address(page, cities):
    shown = page("/indicator/ADULT_LITERACY?area=TH-56&end=2565")
    assert "Fiscal year 2022" in text(shown.select_one("#lc-places"))
    assert "start=2" not in shown.select_one("#lc-trend ~ figure img")["src"]
    assert "end=2565" in shown.select_one("#lc-trend ~ figure img")["src"]
    assert shown.select_one("[name=end]")["value"] == "2565"


def test_a_wrong_year_is_told_beside_its_field(page, cities):
    shown = page("/indicator/ADULT_LITERACY?area=TH-56&start=abc", status=400)
    field = shown.select_one("[name=start]")
    assert field["value"] == "abc"
    assert "abc" in text(shown.select_one(f"#{field['aria-describedby']}"))


def test_an_indicator_without_values_says_so(page, cities):
    shown = page("/indicator/POPULATION")
    assert "Nobody has published values" in text(shown)
    assert not shown.select(".lc-chart")


def test_a_newest_period_without_any_value_hides_no_earlier_one(page, cities):
    name = factories.Dataset(owner_org=factories.Organization()["id"])["name"]
    head = "indicator,area,year,value,status\n"
    data = f"{head}NEET,TH-56,2565,14.5,A\nNEET,TH-56,2566,,O\n"
    helpers.call_action("learningcity_observation_publish", id=name, data=data)
    shown = page("/indicator/NEET")
    assert "Nobody has published values" not in text(shown)
    assert "14.5" in text(shown.select_one("#lc-places ~ .lc-spread tbody"))


def test_places_without_a_value_are_said_to_have_none(page, cities):
    shown = page("/indicator/ADULT_LITERACY?area=TH-40")
    assert "The chosen places have no value" in text(shown)
    assert not shown.select("#lc-trend ~ .lc-chart")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("area=TH-999", "TH-999"),
        ("area=" + ",".join(f"TH-{number}" for number in range(30, 40)), "area"),
    ],
)
def test_wrong_places_are_refused_by_name(app, cities, query, named):
    assert named in app.get(f"/indicator/ADULT_LITERACY?{query}", status=400).body


def test_an_id_in_small_letters_leads_to_its_address(app, cities):
    response = app.get("/indicator/adult_literacy", follow_redirects=False, status=302)
    assert response.headers["Location"].endswith("/indicator/ADULT_LITERACY")


def test_an_unknown_indicator_is_a_404_with_suggestions(page, cities):
    shown = page("/indicator/ADULT_LITERAC", status=404)
    assert "/indicator/ADULT_LITERACY" in [link["href"] for link in shown.select("section a")]


def test_the_list_is_grouped_by_focal_area_and_searched(page, cities):
    assert len(page("/indicator/").select("section.lc-card")) == 12
    found = page("/indicator/?q=การรู้หนังสือ")
    assert "Adult literacy rate" in text(found)
    assert "Population" not in [text(term) for term in found.select("dt")]


def test_a_search_without_result_says_what_to_try(page, cities):
    assert "No indicator matches" in text(page("/indicator/?q=zzzz"))


def test_an_unknown_focal_area_is_refused(app, cities):
    assert "focal_area" in app.get("/indicator/?focal_area=9.9", status=400).body
