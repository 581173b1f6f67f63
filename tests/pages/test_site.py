"""Every page: home, about, header, language switch, dates."""

from __future__ import annotations

import re
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.learningcity.views.sparkline import sparkline
from ckanext.learningcity.words import learningcity_period, learningcity_trend


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_home_counts_lists_the_cities_and_the_newest_releases(page, cities):
    shown = page("/")
    numbers = {text(pair.dt): text(pair.dd) for pair in shown.select(".lc-numbers div")}
    assert numbers["member cities of the UNESCO network"] == "13"
    assert numbers["releases"] == "2"
    assert numbers["datasets"] == "2"
    assert len(shown.select(".lc-place")) == 13
    newest = [text(link) for link in shown.select(".lc-release a")]
    assert newest == ["Title of pages-city", "Title of pages-national"]


def test_the_language_switch_keeps_page_and_query(page, cities):
    link = page("/city/?q=Phayao&level=province").select_one(".lc-languages a[hreflang=th]")
    assert link["href"] == "/th/city/?q=Phayao&level=province"


def test_one_entry_of_the_navigation_is_current(page, cities):
    assert [text(item) for item in page("/city/TH-56").select(".navbar-nav .active")] == ["Cities"]


#: What CKAN's own helper and ours write of a moment, by the language and era of the page.
DAYS = {
    ("en", ""): ("29 December 2026", "29 December 2026, 23:05 (+07)", "Tuesday 29 December 2026"),
    ("en", "be"): (
        "29 December B.E. 2569",
        "29 December B.E. 2569, 23:05 (+07)",
        "Tuesday 29 December B.E. 2569",
    ),
    ("th", ""): (
        "29 ธันวาคม พ.ศ. 2569",
        "29 ธันวาคม พ.ศ. 2569 เวลา 23:05 น. (+07)",
        "วันอังคาร 29 ธันวาคม พ.ศ. 2569",
    ),
    ("th", "ce"): (
        "29 ธันวาคม ค.ศ. 2026",
        "29 ธันวาคม ค.ศ. 2026 เวลา 23:05 น. (+07)",
        "วันอังคาร 29 ธันวาคม ค.ศ. 2026",
    ),
}


def test_days_are_written_one_way(app, cities):
    # It is in a week of the year after, whose number CKAN writes beside hours.
    moment, here = "2026-12-29T16:05:07", datetime(2026, 12, 29, 23, 5, 7)  # noqa: DTZ001 - a clock
    for (lang, era), (day, hours, weekday) in DAYS.items():
        asked = f"/?era={era}" if era else "/"
        with app.flask_app.test_request_context(asked, environ_overrides={"CKAN_LANG": lang}):
            assert tk.h.render_datetime(moment) == day
            assert tk.h.render_datetime(moment, with_hours=True) == hours
            seconds = tk.h.render_datetime(moment, with_hours=True, with_seconds=True)
            assert seconds == hours.replace("23:05", "23:05:07")
            assert tk.h.learningcity_day(here) == weekday
            assert tk.h.learningcity_moment(here) in hours
            assert tk.h.render_datetime(moment, "%Y") == "2026"
            assert tk.h.render_datetime("0999-01-02").startswith("2 ")
            for nothing in ("nonsense", "", None, 7, "9999-12-31T23:00:00"):
                assert tk.h.render_datetime(nothing) == ""


def test_ckans_pages_write_days_as_ours_do(app, cities):
    dataset = call_action("package_show", id="pages-city")
    resource = f"/en/dataset/pages-city/resource/{dataset['resources'][0]['id']}"
    user = factories.SysadminWithToken()
    for address in (resource, "/en/dataset/pages-city", f"/en/user/{user['name']}"):
        body = app.get(address, headers={"Authorization": user["token"]}).body
        assert re.search(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d", body), address
        assert not re.search(r"\b[A-Z][a-z]+ \d{1,2}, 20\d\d", body), address


@pytest.mark.parametrize(
    ("record", "english", "thai"),
    [
        ({"TIME_PERIOD": "2024"}, "2024", "2567"),
        ({"TIME_PERIOD": "2024", "PERIOD_TYPE": "academic"}, "Academic year 2024", "ปีการศึกษา 2567"),
        ({"TIME_PERIOD": "2024-Q3"}, "Q3 2024", "ไตรมาส 3/2567"),
        ({"TIME_PERIOD": "2024-S1"}, "Half 1 of 2024", "ครึ่งปีที่ 1/2567"),
        ({"TIME_PERIOD": "2024-03"}, "Mar 2024", "มี.ค. 2567"),
    ],
)
def test_periods_are_written_in_each_language(app, cities, record, english, thai):
    for lang, expected in (("en", english), ("th", thai)):
        with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": lang}):
            assert learningcity_period(record) == expected


@pytest.mark.parametrize(
    ("latest", "previous"),
    [
        ({"OBS_VALUE": 2.0, "OBS_STATUS": "A", "PERIOD_TYPE": "fiscal"}, None),
        (
            {"OBS_VALUE": 2.0, "OBS_STATUS": "B", "PERIOD_TYPE": "fiscal"},
            {"OBS_VALUE": 1.0, "PERIOD_TYPE": "fiscal"},
        ),
        (
            {"OBS_VALUE": 2.0, "OBS_STATUS": "A", "PERIOD_TYPE": "fiscal"},
            {"OBS_VALUE": 1.0, "PERIOD_TYPE": "calendar"},
        ),
        (
            {"OBS_VALUE": 2.0, "OBS_STATUS": "A", "PERIOD_TYPE": "fiscal"},
            {"OBS_VALUE": None, "PERIOD_TYPE": "fiscal"},
        ),
    ],
)
def test_values_that_must_not_be_compared_have_no_trend(latest, previous):
    assert learningcity_trend({"decimals": 1, "direction": "up"}, latest, previous) is None


@pytest.mark.parametrize("values", [[], [1.0], [None, None], [None, 3.0]])
def test_fewer_than_two_values_make_no_line(values):
    assert sparkline([{"OBS_VALUE": value} for value in values]) is None


def test_a_missing_value_breaks_the_line_and_equal_values_lie_flat():
    line = sparkline([{"OBS_VALUE": value} for value in (5.0, 5.0, None, 5.0)])
    assert line["path"] == "M4.0,16.0L41.3,16.0M116.0,16.0"


def test_home_leads_to_every_province_and_every_part(app, page, cities):
    shown = page("/")
    tiles = [link["href"] for link in shown.select(".lc-provinces a")]
    assert len(tiles) == len(set(tiles)) == 77
    names = [text(tile) for tile in shown.select(".lc-has-member")]
    assert any("Phayao" in name and "members of the UNESCO network" in name for name in names)
    parts = shown.select(".lc-parts > section")
    assert len(parts) == 6
    for link in {a["href"] for part in parts for a in part.select("a")}:
        app.get(link, status=200)


def test_the_menu_reaches_every_part_without_a_script(app, page, cities):
    shown = page("/th/week")
    links = shown.select(".navbar-nav details a")
    assert len(links) > 8
    assert [link["href"] for link in links if link.get("aria-current")] == ["/th/week"]
    assert shown.select_one(".navbar-nav details > summary")
    for link in shown.select(".navbar-nav a"):
        app.get(link["href"], status=200)


def test_a_part_that_is_not_there_is_left_out(app, page, cities, monkeypatch):
    views = {**app.flask_app.view_functions}
    del views["learningcity_week.index"]
    monkeypatch.setattr(app.flask_app, "view_functions", views)
    assert "/week" not in [link["href"] for link in page("/about").select(".navbar-nav a")]


def test_arrows_between_pages_of_a_list_have_names(portal, app):
    head = {"Authorization": factories.APIToken(user=factories.Sysadmin()["name"])["token"]}
    factories.User()
    page = BeautifulSoup(app.get("/th/user/?limit=1", headers=head).body, "html.parser")
    assert "หน้าถัดไป" in page.select_one(".pagination").text
    own = Path(str(files("ckanext.learningcity") / "templates"))
    plain = [file.name for file in own.rglob("*.html") if "page.pager(" in file.read_text("utf-8")]
    assert plain == []  # h.learningcity_pager names them
