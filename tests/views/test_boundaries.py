"""Maps in shapes: boundaries as a dataset of the portal, good and bad files."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

SEED = Path(__file__).parents[2] / "seed-data/boundaries/provinces-natural-earth.topojson"
VALUES = """INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE
ADULT_LITERACY,TH-56,2023,92.0
ADULT_LITERACY,TH-57,2023,88.0
ADULT_LITERACY,TH-10,2023,97.0
"""
MAP = "/indicator/ADULT_LITERACY/map"
SQUARE = [[100, 19], [101, 19], [101, 20], [100, 20], [100, 19]]


def feature(code: str, ring: list | None = None, kind: str = "Polygon", **fields) -> dict:
    geometry = {"type": kind, "coordinates": [ring or SQUARE]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry, **fields}


def collection(*features: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def portal_with_values(portal, app):
    owner = factories.Organization(name="office")
    factories.Dataset(name="values", owner_org=owner["id"], license_id="cc-by")
    with app.flask_app.test_request_context():
        call_action("learningcity_observation_publish", id="values", data=VALUES)
    return owner


@pytest.fixture
def upload(portal_with_values):
    """Make a file the boundaries of the portal."""

    def put(content: bytes, form: str = "GeoJSON", *, private: bool = False) -> None:
        call_action(
            "package_create",
            context(),
            name="province-boundaries",
            title="Shapes of provinces",
            owner_org=portal_with_values["id"],
            private=private,
            license_id="other-pd",
        )
        file = FileStorage(BytesIO(content), filename=f"shapes.{form.lower()}")
        fields = {"name": "shapes", "format": form, "upload": file}
        call_action("resource_create", context(), package_id="province-boundaries", **fields)

    yield put
    call_action("dataset_purge", context(), id="province-boundaries")


def context() -> dict:
    return {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}


def spec(app, **parameters: str) -> str:
    reply = app.get(f"{MAP}.json", query_string={"lang": "en", **parameters})
    return json.dumps(json.loads(reply.body), ensure_ascii=False)


def test_without_boundaries_there_are_squares_and_no_choice(portal_with_values, app):
    assert "Geographic shapes" not in app.get("/en/indicator/ADULT_LITERACY").body
    drawn = spec(app, map="shapes")
    assert "geoshape" not in drawn
    assert "no boundaries that can be drawn" in drawn
    assert app.get(f"{MAP}.svg?map=globe", status=400)
    with pytest.raises(tk.ObjectNotFound):
        call_action("learningcity_boundary_show")


def test_shapes_say_what_squares_say(upload, app):
    upload(SEED.read_bytes(), "TopoJSON")
    found = call_action("learningcity_boundary_show")
    assert len(found["boundaries"]["features"]) == 77
    assert found["dataset"]["name"] == "province-boundaries"
    page = app.get("/en/indicator/ADULT_LITERACY?map=shapes").body
    assert "map=squares" in page
    assert f"{MAP}.svg?" in page
    assert "map=shapes" in page.partition(f"{MAP}.svg?")[2][:200]
    shapes, squares = (json.loads(spec(app, map=one)) for one in ("shapes", "squares"))
    shaped, tiled = shapes["vconcat"][0], squares["vconcat"][0]
    legends = [one["encoding"]["fill"]["scale"] for one in (shaped, tiled["layer"][0])]
    assert legends[0] == legends[1]
    told = ("area", "class", "text", "period", "status", "note")
    values = [
        sorted([str(datum[name]) for name in told] for datum in plot["data"]["values"])
        for plot in (shaped, tiled)
    ]
    assert values[0] == values[1]
    assert "Boundaries: Shapes of provinces" in json.dumps(shapes)
    for extension, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        picture = app.get(f"{MAP}.{extension}?map=shapes&area=TH-56&lang=th").data
        assert picture.startswith(begins)
        assert len(picture) < 400_000


SWITCH = ".lc-era a[href*='map='][href*='#']"
EXPLORER = "/en/explore?indicator=ADULT_LITERACY&chart=map"


def map_view() -> dict:
    """The view that maps the values."""
    [resource] = call_action("package_show", id="values")["resources"]
    views = call_action("resource_view_list", id=resource["id"])
    return next(view for view in views if view["kind"] == "map")


def shown(app, address: str, **asked) -> BeautifulSoup:
    return BeautifulSoup(app.get(address, **asked).body, "html.parser")


def switch(page: BeautifulSoup) -> str:
    """The address that draws the map of a page in the other way, with the place in the page."""
    return page.select_one(SWITCH)["href"]


def test_explorer_and_views_offer_what_the_indicator_page_does(upload, app):
    upload(SEED.read_bytes(), "TopoJSON")
    view = map_view()
    own = f"/en/dataset/values/resource/{view['resource_id']}?view_id={view['id']}"
    for address in (EXPLORER, own, f"/view/{view['id']}?lang=en"):
        page = shown(app, address)
        assert "map=" not in page.select_one(".lc-chart img")["src"], address
        link, at = switch(page).split("#")
        assert page.find(id=at), address
        drawn = shown(app, link)
        sources = [
            *(one["src"] for one in drawn.select(".lc-chart img")),
            *(one["srcset"] for one in drawn.select(".lc-chart source")),
            *(one["href"] for one in drawn.select(".lc-chart figcaption a[href*='lang=']")),
        ]
        assert len(sources) >= 5
        assert all("map=shapes" in source for source in sources), address
        assert "geoshape" in app.get(next(s for s in sources if ".json?" in s)).body
        assert "map=squares" in switch(drawn), address
    kept = shown(app, f"{EXPLORER}&map=shapes")
    assert kept.select_one("form [name=map]")["value"] == "shapes"
    assert "map=shapes" in kept.select_one("a[href*='chart=ranking']")["href"]
    assert not shown(app, f"{EXPLORER}&level=district").select("a[href*='map=shapes']")


def test_editors_choose_shapes_and_see_them_before_saving(upload, app):
    upload(SEED.read_bytes(), "TopoJSON")
    view, token = map_view(), factories.SysadminWithToken()["token"]
    address = f"/en/dataset/values/resource/{view['resource_id']}/edit_view/{view['id']}"
    form = {"title": "Map", "view_type": view["view_type"], "kind": "map"}
    form |= {"indicator": "ADULT_LITERACY", "level": "province", "map": "shapes"}
    asked = {"headers": {"Authorization": token}}
    bodies = [
        app.post(address, data={**form, "map": way, "preview": "1"}, **asked).body
        for way in ("squares", "shapes")
    ]
    previews = [BeautifulSoup(body, "html.parser") for body in bodies]
    pictures = [one.select_one(".view-preview-container img")["src"] for one in previews]
    assert pictures[0] != pictures[1]
    [chosen] = previews[1].select("#field-map option[selected]")
    assert chosen["value"] == "shapes"
    assert "map" not in call_action("resource_view_show", id=view["id"])

    app.post(address, data={**form, "save": "1"}, follow_redirects=False, **asked)
    picture = f"/view/{view['id']}"
    assert "geoshape" in app.get(f"{picture}.json").body
    assert app.get(f"{picture}.png").data.startswith(b"\x89PNG")
    assert "map=squares" in switch(shown(app, f"{picture}?lang=en"))
    assert "geoshape" not in app.get(f"{picture}.json?map=squares").body


def test_chosen_shapes_fall_back_to_squares_where_there_are_none(portal_with_values, app):
    view = map_view()
    call_action("resource_view_update", context(), **{**view, "map": "shapes"})
    drawn = app.get(f"/view/{view['id']}.json?lang=en").body
    assert "geoshape" not in drawn
    assert "no boundaries that can be drawn" in drawn
    for address in (f"{EXPLORER}&map=shapes", f"/view/{view['id']}?lang=en"):
        assert not shown(app, address).select(SWITCH), address


def test_a_way_to_draw_that_is_none_is_refused_by_name(portal_with_values, app):
    view = map_view()
    for address in (
        "/en/explore?map=globe",
        f"{EXPLORER}&map=globe",
        f"/view/{view['id']}?map=globe&lang=en",
        f"/view/{view['id']}.svg?map=globe&lang=en",
        f"/en/dataset/values/resource/{view['resource_id']}?view_id={view['id']}&map=globe",
    ):
        assert "map: choose one of squares, shapes" in app.get(address, status=400).body, address
    with pytest.raises(tk.ValidationError) as refused:
        call_action("resource_view_update", context(), **{**view, "map": "globe"})
    assert list(refused.value.error_dict) == ["map"]


def test_a_province_without_a_shape_is_named_under_the_map(upload, app):
    upload(collection(feature("TH56"), feature("TH-57", SQUARE), feature("lake"), feature("")))
    drawn = spec(app, map="shapes")
    assert "geoshape" in drawn
    assert "Not on the map: Bangkok" in drawn
    assert "Bangkok" in app.get("/en/indicator/ADULT_LITERACY?map=shapes").body


def test_private_boundaries_are_not_drawn(upload, app):
    upload(collection(feature("TH-56")), private=True)
    assert "geoshape" not in spec(app, map="shapes")


BAD = {
    "not JSON": (b"\x89PNG", "not JSON"),
    "deep": (b"[" * 100_000, "not JSON"),
    "a list": (b"[]", "neither a GeoJSON"),
    "a single geometry": (b'{"type": "Polygon", "coordinates": []}', "neither a GeoJSON"),
    "no features": (b'{"type": "FeatureCollection"}', "not built as"),
    "features of text": (b'{"type": "FeatureCollection", "features": ["x"]}', "not built as"),
    "unknown places": (collection(feature("Narnia")), "No feature has the code"),
    "points": (collection(feature("TH-56", kind="Point")), "Feature 1 is a Point"),
    "two points": (collection(feature("TH-56", SQUARE[:2])), "fewer than four points"),
    "metres": (collection(feature("TH-56", [[596000, 2120000]] * 4)), "in degrees"),
    "no numbers": (collection(feature("TH-56", [["a", "b"]] * 4)), "in degrees"),
    "not finite": (collection(feature("TH-56", [[float("nan"), 1]] * 4)), "in degrees"),
    "one number": (collection(feature("TH-56", [[100]] * 4)), "not built as"),
    "three numbers of a grid": (
        b'{"type": "Topology", "arcs": [], "objects": {}, "transform": {"scale": [1]}}',
        "not built as",
    ),
    "an arc that is not there": (
        json.dumps(
            {
                "type": "Topology",
                "arcs": [],
                "objects": {"a": {"type": "Polygon", "id": "TH-56", "arcs": [[7]]}},
            }
        ).encode(),
        "not built as",
    ),
}


def test_a_bad_file_is_told_and_leaves_squares(upload, app):
    upload(collection(feature("TH-56")))
    [resource] = call_action("package_show", id="province-boundaries")["resources"]
    for name, (content, said) in BAD.items():
        file = FileStorage(BytesIO(content), filename=f"{name.replace(' ', '-')}.geojson")
        call_action("resource_patch", context(), id=resource["id"], upload=file)
        with pytest.raises(tk.ValidationError) as refused:
            call_action("learningcity_boundary_show")
        assert said in str(refused.value.error_dict["shapes"]), name
        assert "geoshape" not in spec(app, map="shapes"), name
        assert "Geographic shapes" not in app.get("/en/indicator/ADULT_LITERACY").body, name
