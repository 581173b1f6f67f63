"""Maps in shapes: boundaries as a dataset of the portal, good and bad files."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
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
