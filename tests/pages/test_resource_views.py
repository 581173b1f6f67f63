"""Views of a resource of observations: made by themselves, set by editors, embedded by anybody."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

MANY = "INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,COMMENT_OBS\n" + "".join(
    f"NEET,TH-{code},{sex},{year},{code / 10 + year - 2020},made up / สมมติ\n"
    for code in (50, 51, 52, 56)
    for sex in ("_T", "F", "M")
    for year in range(2015, 2025)
)


@pytest.fixture
def views(app, cities) -> dict[str, dict]:
    """The views that a new dataset begins with, by kind."""
    if model.Package.get("views-many") is None:
        office = factories.Organization(name="views-office")
        factories.Dataset(name="views-many", owner_org=office["id"], license_id="cc-by")
        with app.flask_app.test_request_context():
            call_action("learningcity_observation_publish", id="views-many", data=MANY)
    resource = call_action("package_show", id="views-many")["resources"][0]
    found = call_action("resource_view_list", id=resource["id"])
    return {view["kind"]: view for view in found}


def page_of(app, view: dict, query: str = "", lang: str = "en") -> BeautifulSoup:
    address = f"/{lang}/dataset/views-many/resource/{view['resource_id']}"
    body = app.get(f"{address}?view_id={view['id']}{query}").body
    return BeautifulSoup(body, "html.parser")


def test_a_first_release_brings_the_views_that_fit_it(views):
    assert list(views) == ["chart", "ranking", "map", "breakdown", "table"]
    assert views["ranking"]["level"] == "province"
    assert views["breakdown"]["by"] == "sex"


def test_a_single_place_is_not_ranked(app, cities):
    resource = call_action("package_show", id="pages-national")["resources"][0]
    kinds = [view["kind"] for view in call_action("resource_view_list", id=resource["id"])]
    assert kinds == ["chart", "table"]


def test_a_later_release_leaves_the_editors_views_alone(app, views):
    call_action("resource_view_delete", id=views["map"]["id"])
    with app.flask_app.test_request_context():
        changed = MANY.replace("2024,9.0", "2024,9.5")
        call_action("learningcity_observation_publish", id="views-many", data=changed)
    left = call_action("resource_view_list", id=views["map"]["resource_id"])
    assert [view["kind"] for view in left] == ["chart", "ranking", "breakdown", "table"]


def test_the_page_shows_picture_words_and_values_in_both_languages(app, views):
    english = page_of(app, views["ranking"])
    assert english.select_one(".lc-view img")["src"].startswith(f"/view/{views['ranking']['id']}")
    assert "Phayao" in english.select_one(".lc-values table").get_text()
    thai = page_of(app, views["ranking"], lang="th")
    assert "lang=th" in thai.select_one(".lc-view img")["src"]
    assert thai.select_one(".nav-tabs .active").get_text(strip=True) == "อันดับ"


def test_picture_page_and_api_have_the_same_numbers(app, views):
    spec = app.get(f"/view/{views['chart']['id']}.json?lang=en").json
    found = call_action(
        "learningcity_observation_search", dataset="views-many", indicator="NEET", sex="_T"
    )
    drawn = json.dumps(spec)
    rows = page_of(app, views["chart"]).select(".lc-values tbody tr")
    assert len(rows) == len(found["records"]) == 40
    assert all(f'"value": {one["OBS_VALUE"]}' in drawn for one in found["records"])


def test_of_a_note_in_both_languages_each_reader_gets_a_half(app, views):
    for lang, own, other in (("en", "made up", "สมมติ"), ("th", "สมมติ", "made up")):
        shown = [
            app.get(f"/view/{views[kind]['id']}{address}?lang={lang}").body
            for kind in ("chart", "ranking", "map", "breakdown")
            for address in ("", ".json")
        ]
        shown.append(str(page_of(app, views["table"], lang=lang)))
        shown.append(app.get(f"/{lang}/explore?indicator=NEET&area=TH-56").body)
        for body in shown:
            assert own in body
            assert other not in body


def test_the_picture_names_source_licence_and_release(app, views):
    spec = app.get(f"/view/{views['ranking']['id']}.json?lang=en").body
    assert "release" in spec
    assert "Creative Commons Attribution" in spec
    assert app.get(f"/view/{views['map']['id'] if 'map' in views else views['chart']['id']}.png")


def test_pictures_are_drawn_from_this_dataset_alone(app, views):
    spec = app.get(f"/view/{views['ranking']['id']}.json?lang=en").body
    assert "pages-city" not in spec


def test_any_site_may_frame_a_view_and_no_other_page(app, views):
    framed = app.get(f"/view/{views['chart']['id']}?lang=th")
    assert framed.headers["Content-Security-Policy"] == "frame-ancestors *"
    shown = BeautifulSoup(framed.body, "html.parser")
    assert shown.html["lang"] == "th"
    assert not shown.select("header, footer, .masthead")
    assert app.get("/city/").headers["Content-Security-Policy"] == "frame-ancestors 'self'"


def test_the_code_to_embed_leads_to_that_page(app, views):
    code = page_of(app, views["chart"]).select_one(".lc-embed-box code").get_text()
    assert f'src="http://test.ckan.net/view/{views["chart"]["id"]}?lang=en"' in code


def test_the_table_is_filtered_sorted_and_paged_by_its_address(app, views):
    table = views["table"]
    first = page_of(app, table, "&place=TH-56&sort=-OBS_VALUE")
    assert first.select_one("[role=status]").get_text() == "30 observations"
    values = [cell.get_text(strip=True) for cell in first.select("td.lc-number")]
    assert values == sorted(values, key=lambda text: -float(text.rstrip("%")))
    every = page_of(app, table)
    assert len(every.select(".lc-view tbody tr")) == 50
    following = every.select_one(".pagination a[href*='page=2']")["href"]
    assert "view_id=" in following
    assert len(page_of(app, table, "&page=3").select(".lc-view tbody tr")) == 20


@pytest.mark.parametrize("query", ["&sort=_full_text", "&place=nowhere", "&indicator='", "&page=x"])
def test_nonsense_in_the_address_of_a_table_is_no_error(app, views, query):
    assert page_of(app, views["table"], query).select(".lc-view tbody tr")


def test_an_empty_choice_says_so(app, views):
    shown = page_of(app, views["table"], "&place=TH-10")
    assert "No observation matches" in shown.select_one(".lc-view .lc-notice").get_text()


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"kind": "pie"}, "kind"),
        ({"indicator": "NOTHING"}, "indicator"),
        ({"area": "TH-999"}, "area"),
        ({"area": ",".join(f"TH-{code}" for code in range(30, 40))}, "area"),
        ({"start": "soon"}, "start"),
        ({"by": "shoe size"}, "by"),
    ],
)
def test_wrong_settings_are_named(app, views, settings, field):
    data = {"resource_id": views["chart"]["resource_id"], "view_type": "learningcity_views"}
    reply = app.post(
        "/api/action/resource_view_create",
        json={**data, "title": "Wrong", **settings},
        headers={"Authorization": factories.SysadminWithToken()["token"]},
    )
    assert reply.status_code == 409
    assert field in reply.json["error"]


def test_an_editor_sees_a_preview_before_saving(app, views):
    token = factories.SysadminWithToken()["token"]
    view = views["chart"]
    address = f"/dataset/views-many/resource/{view['resource_id']}/edit_view/{view['id']}"
    form = {"title": "T", "view_type": "learningcity_views", "kind": "ranking", "level": "province"}
    reply = app.post(
        f"/en{address}",
        data={**form, "indicator": "NEET", "preview": "True"},
        headers={"Authorization": token},
    )
    page = BeautifulSoup(reply.body, "html.parser")
    assert page.select_one("#field-level")
    assert not page.select(".resource-view-filters")  # core's, which ours do not take
    preview = page.select_one(".view-preview-container")
    assert preview.select_one("img")["src"].startswith("data:image/svg+xml")
    assert call_action("resource_view_show", id=view["id"])["kind"] == "chart"


@pytest.mark.parametrize("address", ["/view/none", "/view/none.svg"])
def test_a_view_that_is_not_there_is_not_found(app, cities, address):
    app.get(address, status=404)


def test_a_view_of_a_private_dataset_is_not_found(app, cities):
    resource = call_action("package_show", id="pages-secret")["resources"][0]
    view = call_action("resource_view_list", id=resource["id"])[0]
    app.get(f"/view/{view['id']}.json", status=404)


def test_a_table_has_no_picture(app, views):
    app.get(f"/view/{views['table']['id']}.svg", status=404)
