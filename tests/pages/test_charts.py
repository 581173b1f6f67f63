"""Charts by their address: what is in them, how they are kept, and what is refused."""

from __future__ import annotations

import json

import pytest
from ckan.tests.helpers import call_action
from redis import RedisError

from ckanext.learningcity.views import render
from ckanext.learningcity.views.fonts import WEIGHTS, font_faces

CHART = "/indicator/ADULT_LITERACY/chart"


def specification(app, query: str) -> dict:
    return json.loads(app.get(f"{CHART}.json?{query}").body)


def values(part) -> list[dict]:
    """Return the values that a specification draws, however deep they lie in it."""
    if isinstance(part, list):
        return [value for one in part for value in values(one)]
    if not isinstance(part, dict):
        return []
    own = [one for one in part.get("values", []) if isinstance(one, dict) and "period" in one]
    return own + [value for one in part.values() for value in values(one) if "values" not in part]


def test_a_chart_holds_the_values_of_the_api(app, cities):
    found = call_action("learningcity_observation_search", indicator="ADULT_LITERACY", area="TH-56")
    drawn = values(specification(app, "area=TH-56&lang=en"))
    assert [one["value"] for one in drawn] == [one["OBS_VALUE"] for one in found["records"]]
    assert [one["reserved"] for one in drawn] == [False, True, True]


def test_a_chart_names_its_source_release_and_licence(app, cities):
    footer = specification(app, "area=TH-56,TH&lang=en")["vconcat"][1]["mark"]["text"]
    said = " ".join(footer)
    assert "Title of pages-city, release 1" in said
    assert "Title of pages-national, release 1" in said
    assert "Creative Commons Attribution" in said


def test_only_charts_with_demonstration_data_say_so(app, cities):
    assert "Demonstration data" in str(specification(app, "area=TH-56&lang=en")["title"])
    assert "Demonstration data" not in str(specification(app, "area=TH&lang=en")["title"])


def test_the_country_is_national_beside_a_city_and_plain_alone(app, cities):
    beside = values(specification(app, "area=TH-56,TH&lang=en"))
    alone = values(specification(app, "area=TH&lang=en"))
    assert {one["place"] for one in beside} == {"Phayao", "Thailand (national value)"}
    assert {one["place"] for one in alone} == {"Thailand"}


def test_the_language_is_part_of_the_address(app, cities):
    thai = specification(app, "area=TH-56&lang=th")
    assert "พะเยา" in str(thai)
    assert "datum.value + 543" in str(thai)
    assert "datum.value + 0" in str(specification(app, "area=TH-56&lang=en"))


def test_a_place_without_values_gives_a_picture_that_says_so(app, cities):
    assert "No data" in str(specification(app, "area=TH-40&lang=en")["vconcat"][0])
    assert "No data" in app.get(f"{CHART}.svg?area=TH-40&lang=en").body


def test_pictures_are_svg_with_a_title_and_png(app, cities):
    svg = app.get(f"{CHART}.svg?area=TH-56&lang=en")
    assert svg.content_type.startswith("image/svg+xml")
    assert "<title>Adult literacy rate</title>" in svg.body
    png = app.get(f"{CHART}.png?area=TH-56&size=small")
    assert png.data.startswith(b"\x89PNG")


def test_a_picture_that_did_not_change_is_not_sent_again(app, cities):
    first = app.get(f"{CHART}.svg?area=TH-56")
    again = app.get(f"{CHART}.svg?area=TH-56", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    other = app.get(f"{CHART}.svg?area=TH-57", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_a_picture_is_drawn_once(app, cities, monkeypatch):
    first = app.get(f"{CHART}.svg?area=TH-57&lang=en").data
    monkeypatch.setattr(render, "_draw", lambda *_: pytest.fail("drawn again"))
    assert app.get(f"{CHART}.svg?area=TH-57&lang=en").data == first


def test_pictures_are_drawn_without_redis_too(app, cities, monkeypatch):
    def refuse():
        raise RedisError

    monkeypatch.setattr(render, "connect_to_redis", refuse)
    assert "<title>" in app.get(f"{CHART}.svg?area=TH-56").body


def test_a_stranger_does_not_see_private_values_in_a_chart(app, cities):
    assert "77.7" not in app.get("/indicator/NEET/chart.json?area=TH-57").body


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ("", 400, "area"),
        ("area=,", 400, "area"),
        ("area=TH-56&lang=xx", 400, "lang"),
        ("area=TH-56&size=huge", 400, "size"),
        ("area=TH-56&as_of=yesterday", 400, "as_of"),
        ("area=TH-999", 400, "TH-999"),
        ("area=TH-56&era=xx", 400, "era"),
        ("area=TH-56&sex=F,Z", 400, "sex"),
        ("area=" + ",".join(f"TH-{number}" for number in range(30, 40)), 400, "8"),
    ],
)
def test_a_wrong_parameter_is_named(app, cities, query, status, named):
    assert named.lower() in app.get(f"{CHART}.svg?{query}", status=status).body.lower()


@pytest.mark.parametrize("kind", ["ranking", "map", "distribution", "breakdown"])
def test_every_kind_has_an_address(app, cities, kind):
    address = f"/indicator/ADULT_LITERACY/{kind}"
    spec = app.get(f"{address}.json?area=TH-56&lang=en").body
    assert "Title of pages-city, release 1" in spec
    assert app.get(f"{address}.svg?area=TH-56&lang=th&size=small").body.startswith("<svg")


def test_a_ranking_marks_the_places_of_the_address_and_not_the_nation(app, cities):
    drawn = values(json.loads(app.get("/indicator/ADULT_LITERACY/ranking.json?area=TH-57").body))
    assert [(one["area"], one["chosen"]) for one in drawn] == [("TH-56", False), ("TH-57", True)]


@pytest.mark.parametrize("kind", ["multiples", "scatter"])
def test_indicators_are_compared_by_address(app, cities, kind):
    query = "indicator=ADULT_LITERACY,NEET&area=TH-56,TH-57&lang=en"
    assert app.get(f"/compare/{kind}.svg?{query}").body.startswith("<svg")
    assert "77.7" not in app.get(f"/compare/{kind}.json?{query}").body  # a stranger's eyes
    app.get(f"/compare/{kind}.svg?area=TH-56", status=400)
    app.get(f"/compare/{kind}.svg?indicator=NO_SUCH&area=TH-56", status=404)


def test_the_era_of_a_picture_stands_in_its_address_alone(app, cities):
    remembered = {"Cookie": "learningcity_era=be"}
    kept = app.get(f"{CHART}.json?area=TH-56&lang=en", headers=remembered)
    assert "datum.value + 0" in kept.body
    assert "datum.value + 543" in str(specification(app, "area=TH-56&lang=en&era=be"))
    assert "datum.value + 0" in str(specification(app, "area=TH-56&lang=th&era=ce"))


def test_only_known_kinds_of_picture_exist(app, cities):
    app.get(f"{CHART}.gif?area=TH-56", status=404)


def test_fonts_are_served_for_a_year_and_only_known_ones(app, cities):
    with app.flask_app.test_request_context():
        faces = font_faces()
    assert len(faces) == len(WEIGHTS)
    font = app.get(faces[0]["url"])
    assert font.data[:4] == b"\x00\x01\x00\x00"
    assert font.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    app.get("/learningcity/font/0/Sarabun-Regular.ttf", status=404)
    app.get(str(faces[0]["url"]).replace("Regular", "..%2F..%2FMETADATA"), status=404)
