"""The index follows the catalogue."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.lib.search.common import make_connection
from ckan.tests import factories, helpers

from ckanext.learningcity.search.connection import PostgresConnection


def test_changes_are_found_at_once(names):
    dataset = factories.Dataset(name="one", title="Zebra")
    assert names("zebra") == ["one"]
    context = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", context, id=dataset["id"], notes="Okapi")
    assert names("okapi") == ["one"]
    helpers.call_action("package_delete", context, id=dataset["id"])
    assert names() == []


def test_two_languages_are_searched_under_one_name(names):
    factories.Dataset(
        name="both",
        title_translated={"en": "Reading habits", "th": "พฤติกรรมการอ่าน"},
        notes_translated={"en": "Of adults", "th": "ของผู้ใหญ่"},
        keywords={"en": ["books"], "th": ["หนังสือ"]},
    )
    for q in ("reading", "การอ่าน", "title:habits", "title:พฤติกรรม", "notes:adults", "หนังสือ"):
        assert names(q) == ["both"], q


def test_lists_that_a_schema_keeps_are_lists(names):
    factories.Dataset(name="two-places", areas=["TH-56", "TH-57"])
    assert names(fq="areas:TH-57") == ["two-places"]
    found = helpers.call_action("package_search", **{"facet.field": ["areas"]})
    assert found["facets"]["areas"] == {"TH-56": 1, "TH-57": 1}


@pytest.mark.usefixtures("portal")
def test_commands(cli):
    from ckan.cli.cli import ckan  # noqa: PLC0415 - needs the plugins

    factories.Dataset(name="one", title="Zebra")
    factories.Dataset(name="two")
    search.clear_all()
    assert helpers.call_action("package_search")["count"] == 0
    checked = cli.invoke(ckan, ["search-index", "check"])
    assert "Packages not indexed = 2 out of 2" in checked.output
    assert not cli.invoke(ckan, ["search-index", "rebuild"]).exit_code
    assert helpers.call_action("package_search")["count"] == 2
    assert "Zebra" in cli.invoke(ckan, ["search-index", "show", "one"]).output
    assert not cli.invoke(ckan, ["search-index", "clear", "one"]).exit_code
    assert helpers.call_action("package_search")["count"] == 1
    assert not cli.invoke(ckan, ["search-index", "rebuild", "-o"]).exit_code
    assert helpers.call_action("package_search")["count"] == 2


def test_a_failing_index_leaves_the_dataset_alone(names, monkeypatch):
    dataset = factories.Dataset(name="kept", title="Kept")
    statement = sa.text("ALTER TABLE learningcity_search_document RENAME TO away")
    back = sa.text("ALTER TABLE away RENAME TO learningcity_search_document")
    engine = model.ensure_engine()
    with engine.begin() as connection:
        connection.execute(statement)
    try:
        with pytest.raises(search.SearchError, match="ckan db upgrade"):
            names("kept")
        search.clear_all()  # nothing to clear is no error
        assert helpers.call_action("package_show", id=dataset["id"])["title"] == "Kept"
    finally:
        with engine.begin() as connection:
            connection.execute(back)
    assert names("kept") == ["kept"]


@pytest.mark.usefixtures("portal")
def test_very_long_text_is_indexed():
    words = " ".join(f"word{number}" for number in range(60_000)) + " ก" * 5_000
    factories.Dataset(name="long", title="Long", notes=words + "\ud7ff")
    assert helpers.call_action("package_search", q="long word5")["count"] == 1


@pytest.mark.usefixtures("portal")
def test_pages_and_feeds_that_search(app):
    user = factories.UserWithToken()
    org = factories.Organization(name="office", user=user)
    group = factories.Group(name="theme")
    factories.Dataset(name="one", owner_org=org["id"], groups=[{"name": group["name"]}])
    signed_in = {"Authorization": user["token"]}
    for address in (
        *("/en/", "/en/dataset/", "/en/organization/office", "/en/group/theme", "/en/harvest"),
        *("/feeds/dataset.atom", "/feeds/organization/office.atom", "/catalog.jsonld"),
        *("/en/dataset/?ext_bbox=98,5,106,21", "/th/dataset/?q=การเรียนรู้", "/en/dashboard/datasets"),
    ):
        assert app.get(address, headers=signed_in).status_code == 200, address


@pytest.mark.usefixtures("portal")
def test_solr_is_asked_again_once_the_plugin_is_gone():
    import ckan.plugins as p  # noqa: PLC0415

    assert isinstance(make_connection(), PostgresConnection)
    p.unload("learningcity_search")
    try:
        assert not isinstance(make_connection(), PostgresConnection)
    finally:
        p.load("learningcity_search")


@pytest.mark.usefixtures("portal")
class TestMap:
    def point(self, name: str, x: float, y: float) -> None:
        factories.Dataset(name=name, spatial=f'{{"type": "Point", "coordinates": [{x}, {y}]}}')

    def box(self, name: str, minx: float, miny: float, maxx: float, maxy: float) -> None:
        ring = [[minx, miny], [maxx, miny], [maxx, maxy], [minx, maxy], [minx, miny]]
        factories.Dataset(name=name, spatial=f'{{"type": "Polygon", "coordinates": [{ring}]}}')

    def test_datasets_inside_the_box(self, names):
        self.point("phayao", 99.9, 19.2)
        self.box("songkhla", 100.0, 6.3, 101.0, 7.9)
        factories.Dataset(name="nowhere")
        assert names(extras={"ext_bbox": "99,19,101,20"}) == ["phayao"]
        assert names(extras={"ext_bbox": "100.5,7,102,9"}) == ["songkhla"]
        assert names(extras={"ext_bbox": "-10,-10,10,10"}) == []
        assert set(names(extras={"ext_bbox": "97,5,106,21"})) == {"phayao", "songkhla"}

    def test_the_best_fit_comes_first(self, names):
        self.box("country", 97, 5, 106, 21)
        self.box("province", 100, 6, 101, 8)
        assert names(extras={"ext_bbox": "100,6,101,8"})[0] == "province"
        assert names(extras={"ext_bbox": "97,5,106,21"})[0] == "country"

    def test_a_wrong_box_is_no_crash(self, app):
        for bbox in ("1,2,3", "a,b,c,d", "", "nan,1,2,3", "inf,0,2,3", "1e400,0,2,3"):
            answer = app.get("/en/dataset/", query_string={"ext_bbox": bbox})
            assert answer.status_code in (200, 400), bbox
