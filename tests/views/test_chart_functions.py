"""The charts as functions of observations, also of awkward ones: each becomes a picture."""

from __future__ import annotations

import json
from itertools import count, pairwise

import pytest

from ckanext.learningcity.tables.codelists import areas, breakdowns, indicators
from ckanext.learningcity.views.breakdown import breakdown_chart, pyramid_chart
from ckanext.learningcity.views.charts import multiples_chart, trend_chart
from ckanext.learningcity.views.distribution import distribution_chart
from ckanext.learningcity.views.figures import Figures, Source
from ckanext.learningcity.views.maps import map_chart
from ckanext.learningcity.views.ranking import MOST_BARS, ranking_chart
from ckanext.learningcity.views.render import picture
from ckanext.learningcity.views.scales import class_text, classes
from ckanext.learningcity.views.scatter import scatter_chart
from ckanext.learningcity.views.trend import Series, Trend

LITERACY, GRADED = "ADULT_LITERACY", "LEARNING_STRATEGY"
PROVINCES = [area["id"] for area in areas().values() if area["level"] == "province"]
LONG_NAME = (
    "เทศบาลนครแห่งการเรียนรู้ตลอดชีวิตที่มีชื่อยาวที่สุดในประเทศไทยและยังยาวต่อไปอีกจนกว่าจะครบหนึ่งร้อยยี่สิบตัวอักษรพอดีๆๆ"
)
SOURCES = [Source({"name": "one", "title": "One", "license_title": "CC BY"}, 3)]

#: Values of places, by the reason why they are awkward.
AWKWARD = {
    "one point": [50.0],
    "all equal": [7.0] * 10,
    "all zero": [0.0] * 3,
    "negative": [-5.0, -2.5, 3.0],
    "only negative": [-5.0, -2.5],
    "very large": [1.5e12, 2.0e15, 3.0],
    "very small": [1e-9, 2e-9],
    "with a missing one": [None, 1.0, 2.0],
    "all provinces": [float(number) for number in range(77)],
}


@pytest.fixture(autouse=True, params=["en", "th"])
def lang(request, with_plugins, app):
    with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": request.param}):
        yield request.param


def record(place: str, value: float | None, period: str = "2023", **more) -> dict:
    return {
        "INDICATOR": LITERACY,
        "REF_AREA": place,
        "AREA_LEVEL": "province",
        **dict.fromkeys(breakdowns(), "_T"),
        "TIME_PERIOD": period,
        "PERIOD_TYPE": "calendar",
        "OBS_VALUE": value,
        "OBS_STATUS": "A" if value is not None else "M",
        "COMMENT_OBS": None,
        **more,
    }


def figures(values, indicator: str = LITERACY) -> Figures:
    records = [record(place, value) for place, value in zip(PROVINCES, values, strict=False)]
    return Figures(indicators()[indicator], records, SOURCES)


def trend(values, indicator: str = LITERACY, start: int = 2015) -> Trend:
    years = (str(year) for year in count(start))
    records = [record("TH-56", value, year) for value, year in zip(values, years, strict=False)]
    series = [Series(areas()["TH-56"], records)] if records else []
    return Trend(indicators()[indicator], series, SOURCES)


def drawn(chart) -> list[dict]:
    """Every datum of a specification that is about a place."""
    found, open_ = [], [chart.spec]
    while open_:
        part = open_.pop()
        if isinstance(part, dict):
            found += [v for v in part.get("values", []) if isinstance(v, dict) and "place" in v]
            open_ += part.values()
        elif isinstance(part, list):
            open_ += part
    return found


def is_picture(chart) -> bool:
    json.dumps(chart.spec, allow_nan=False)
    svg = picture(chart.spec, "svg").decode()
    return "NaN" not in svg and "undefined" not in svg


@pytest.mark.parametrize("size", ["large", "small"])
@pytest.mark.parametrize("values", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_values_become_pictures(values, size):
    places = figures(values)
    known = [value for value in values if value is not None]
    for chart in (
        ranking_chart(places, size, ["TH-10"], record("TH", 5.0)),
        distribution_chart(places, size, ["TH-10"]),
        map_chart(places, size, ["TH-10"]),
        scatter_chart(places, places, size, ["TH-10"]),
        trend_chart(trend(values), size),
    ):
        assert is_picture(chart)
        assert chart.words
    assert len(drawn(ranking_chart(places))) == len(known)
    assert len(ranking_chart(places).table.rows) == len(values)


@pytest.mark.parametrize(
    "make", [ranking_chart, distribution_chart, map_chart, lambda f: scatter_chart(f, f)]
)
@pytest.mark.parametrize("values", [[], [None, None]])
def test_no_value_is_said_and_drawn(make, values):
    chart = make(figures(values))
    assert is_picture(chart)
    assert chart.words
    assert not drawn(chart)


def test_a_trend_without_values_says_so():
    assert trend_chart(trend([])).empty
    assert is_picture(trend_chart(trend([])))
    assert is_picture(multiples_chart([trend([]), trend([None])]))


def test_two_hundred_places_are_all_in_the_table_and_the_ends_in_the_picture():
    records = [record(f"TH-56-{number}", float(number)) for number in range(200)]
    chart = ranking_chart(Figures(indicators()[LITERACY], records, SOURCES))
    assert len(chart.table.rows) == 200
    assert len(drawn(chart)) == MOST_BARS
    assert {datum["value"] for datum in drawn(chart)} >= {0.0, 199.0}
    assert "120" in str(chart.spec)
    assert is_picture(chart)


def test_grades_are_named_and_never_numbers_alone(lang):
    place = figures([0.0, 2.0, 4.0], GRADED)
    name = {"en": "Sustained", "th": "ยั่งยืน"}[lang]
    for chart in (ranking_chart(place), map_chart(place), distribution_chart(place)):
        assert name in str(chart.spec)
        assert is_picture(chart)
    assert any(name in " ".join(row.cells) for row in ranking_chart(place).table.rows)
    assert name in str(trend_chart(trend([0.0, 1.0, 4.0], GRADED)).spec)


def test_years_to_come_are_drawn():
    chart = trend_chart(trend([1.0, 2.0, 3.0], start=2050))
    assert [datum["time"] for datum in drawn(chart)] == [2050.0, 2051.0, 2052.0]
    assert is_picture(chart)


def test_a_long_name_is_whole_in_the_table_and_fits_the_picture(monkeypatch):
    long = {**areas()["TH-56"], "name": {"en": LONG_NAME, "th": LONG_NAME}}
    monkeypatch.setattr("ckanext.learningcity.views.scales.areas", lambda: {"TH-56": long})
    place = Figures(indicators()[LITERACY], [record("TH-56", 5.0)], SOURCES)
    ranked = ranking_chart(place)
    assert ranked.table.rows[0].head == LONG_NAME
    line = trend_chart(Trend(place.indicator, [Series(long, place.records)], SOURCES), "small")
    for chart in (ranked, line):
        svg = picture(chart.spec, "svg").decode()
        assert float(svg.split('width="')[1].split('"')[0]) < 760


def test_a_missing_value_is_a_gap_and_a_break_begins_a_new_line():
    records = [
        record("TH-56", 1.0, "2020"),
        record("TH-56", None, "2021"),
        record("TH-56", 2.0, "2022"),
        record("TH-56", 9.0, "2023", OBS_STATUS="B", COMMENT_OBS="new survey"),
    ]
    chart = trend_chart(Trend(indicators()[LITERACY], [Series(areas()["TH-56"], records)], SOURCES))
    data = drawn(chart)
    assert [datum["value"] for datum in data] == [1.0, None, 2.0, 9.0]
    assert data[2]["stretch"] != data[3]["stretch"]
    assert data[3]["note"] == "new survey"
    assert [row.cells[3] for row in chart.table.rows] == ["new survey", "", "", ""]


def test_bars_begin_at_zero_and_lines_need_not():
    bars = json.dumps(ranking_chart(figures([90.0, 95.0])).spec)
    lines = json.dumps(trend_chart(trend([90.0, 95.0])).spec)
    assert '"domain": [0, 95.0]' in bars
    assert '"domain": [89.6, 95.4]' in lines


def test_equal_values_share_a_rank_and_a_colour():
    chart = ranking_chart(figures([3.0, 3.0, 1.0]))
    assert [row.cells[0] for row in chart.table.rows] == ["1", "1", "3"]
    mapped = drawn(map_chart(figures([3.0, 3.0, 1.0])))
    assert len({datum["class"] for datum in mapped if datum.get("value") == 3.0}) == 1


@pytest.mark.parametrize("values", [*AWKWARD.values(), [1.0, 1.0, 1.0, 2.0, 9.0, 9.0]])
def test_classes_hold_every_value_once(values):
    known = [value for value in values if value is not None]
    ranges = classes(known, indicators()[LITERACY])
    assert len(ranges) <= 5
    assert all(low <= high for low, high in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))
    for value in known:
        assert sum(low <= round(value, 1) <= high for low, high in ranges) == 1
    texts = [class_text(limits, indicators()[LITERACY]) for limits in ranges]
    assert len(set(texts)) == len(texts)


def test_places_without_a_square_are_points_where_their_place_is_known():
    records = [
        record("TH-50-M5001", 3.0, AREA_LEVEL="municipality"),
        record("TH-40-M4001", 4.0, AREA_LEVEL="municipality"),
    ]
    chart = map_chart(Figures(indicators()[LITERACY], records, SOURCES))
    assert {datum["lat"] for datum in drawn(chart)} == {18.79, 16.43}
    assert is_picture(chart)


def test_groups_are_bars_in_the_order_of_the_code_list():
    records = [record("TH-56", 4.0, SEX=code) for code in ("M", "_T", "F")]
    chart = breakdown_chart(Figures(indicators()[LITERACY], records, SOURCES), "SEX")
    assert [row.head for row in chart.table.rows] in (
        ["All", "Female", "Male"],
        ["รวม", "หญิง", "ชาย"],
    )
    assert is_picture(chart)


def test_a_pyramid_has_women_on_the_left():
    records = [
        record("TH-56", 10.0 + number, AGE=age, SEX=sex)
        for number, age in enumerate(("Y0T5", "Y6T14"))
        for sex in ("F", "M")
    ]
    chart = pyramid_chart(Figures(indicators()[LITERACY], records, SOURCES))
    assert sorted(datum["side"] for datum in drawn(chart)) == [-11.0, -10.0, 10.0, 11.0]
    assert is_picture(chart)


def test_png_takes_the_vowel_apart_that_its_renderer_misplaces():
    chart = trend_chart(trend([0.0, 3.0], GRADED))
    assert picture(chart.spec, "png").startswith(b"\x89PNG")
