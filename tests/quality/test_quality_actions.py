"""Quality through the action API and on the pages."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

from ckanext.learningcity.quality.framework import items

TODAY = date.today()  # noqa: DTZ011 - only days matter, years apart

pytestmark = pytest.mark.usefixtures("portal")


def dataset(name: str, unit: str, days: int | None, **fields) -> dict:
    """A dataset whose only file is `days` old."""
    resources = []
    if days is not None:
        moment = (TODAY - timedelta(days=days)).isoformat() + "T00:00:00"
        resources = [{"url": f"https://example.org/{name}.csv", "last_modified": moment}]
    return factories.Dataset(
        **{"name": name, "title": name, "update_frequency_unit": unit, **fields},
        resources=resources,
    )


@pytest.fixture
def four(portal) -> None:
    dataset("q-current", "year", 10)
    dataset("q-long-overdue", "month", 900)
    dataset("q-overdue", "year", 600)
    dataset("q-due", "year", 370)
    dataset("q-unknown", "unknown", 370)
    dataset("q-final", "never", 3000)
    dataset("q-empty", "year", None)


def listed(**parameters) -> list[str]:
    result = helpers.call_action("learningcity_quality_list", **parameters)
    return [found["name"] for found in result["results"]]


def as_user(name: str | None, **parameters) -> dict:
    context = {"user": name or "", "ignore_auth": False}
    return helpers.call_action("learningcity_quality_list", context=context, **parameters)


def test_a_dataset_says_what_it_lacks():
    made = dataset("q-bare", "year", 10, title="ห้องสมุด")
    shown = helpers.call_action("learningcity_quality_show", id="q-bare")
    missing = {item["id"] for item in shown["items"] if not item["met"]}
    assert {"contact", "licence", "category"} <= missing
    assert shown["items_met"] == 14 - len(missing)
    assert shown["freshness"]["state"] == "current"
    assert shown["freshness"]["modified"] == made["resources"][0]["last_modified"][:10]
    assert shown["freshness"]["due"] > str(TODAY)
    assert [part["id"] for part in shown["parts"]] == [
        *("completeness", "timeliness", "accessibility", "machine_readable", "validity")
    ]


def test_who_may_not_read_the_dataset_may_not_see_its_quality():
    owner = factories.Organization()
    dataset("q-secret", "year", 10, private=True, owner_org=owner["id"])
    with pytest.raises(helpers.logic.NotAuthorized):
        helpers.call_action(
            "learningcity_quality_show",
            context={"user": "", "ignore_auth": False},
            id="q-secret",
        )


@pytest.mark.parametrize("parameters", [{}, {"id": ""}, {"id": "q", "ids": "x"}])
def test_a_wrong_question_about_a_dataset_is_refused(parameters):
    with pytest.raises(helpers.logic.ValidationError):
        helpers.call_action("learningcity_quality_show", **parameters)


def test_an_unknown_dataset_is_not_found():
    with pytest.raises(helpers.logic.NotFound):
        helpers.call_action("learningcity_quality_show", id="nowhere")


def test_the_longest_overdue_come_first_and_those_without_promise_last(four):
    assert listed() == [
        *("q-long-overdue", "q-overdue", "q-due", "q-current"),
        *("q-final", "q-empty", "q-unknown"),
    ]


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("overdue", {"q-long-overdue", "q-overdue"}),
        ("due", {"q-due"}),
        ("current", {"q-current", "q-final"}),
        ("unknown", {"q-unknown", "q-empty"}),
    ],
)
def test_a_state_finds_what_is_shown_to_be_in_it(four, state, names):
    found = helpers.call_action("learningcity_quality_list", state=state)
    assert {row["name"] for row in found["results"]} == names
    assert {row["freshness"]["state"] for row in found["results"]} == {state}
    assert found["states"] == {"overdue": 2, "due": 1, "current": 2, "unknown": 2}


def test_pages_hold_every_dataset_once(four):
    pages = [listed(limit=3, offset=offset) for offset in (0, 3, 6)]
    assert sum(pages, []) == listed()  # noqa: RUF017 - three short lists
    assert helpers.call_action("learningcity_quality_list", limit=1)["count"] == 7


def test_organization_and_place_narrow_the_list():
    owner = factories.Organization(name="q-office")
    dataset("q-ours", "year", 10, owner_org=owner["id"], areas=["TH-56"])
    dataset("q-theirs", "year", 10, areas=["TH-57"])
    assert listed(organization="q-office") == ["q-ours"]
    assert listed(organization=owner["id"]) == ["q-ours"]
    assert listed(area="th-57") == ["q-theirs"]
    assert listed(area="TH-56", organization="q-office", state="current") == ["q-ours"]


@pytest.mark.parametrize(
    "parameters",
    [{"state": "rotten"}, {"area": "TH-99"}, {"organization": "nobody"}, {"limit": -1}, {"q": "x"}],
)
def test_a_filter_that_does_not_exist_is_refused(parameters):
    with pytest.raises(helpers.logic.ValidationError) as refused:
        listed(**parameters)
    assert set(refused.value.error_dict) == set(parameters)


def test_private_datasets_are_listed_for_those_who_may_read_them():
    member = factories.User()
    owner = factories.Organization(users=[{"name": member["name"], "capacity": "member"}])
    dataset("q-public", "year", 10)
    dataset("q-private", "month", 500, private=True, owner_org=owner["id"])
    for stranger in (None, factories.User()["name"]):
        found = as_user(stranger)
        assert [row["name"] for row in found["results"]] == ["q-public"]
        assert found["states"]["overdue"] == 0
    assert [row["name"] for row in as_user(member["name"])["results"]] == ["q-private", "q-public"]


def test_a_new_file_makes_a_dataset_current_again(four):
    overdue = helpers.call_action("package_show", id="q-overdue")
    helpers.call_action(
        "resource_patch",
        context={"user": factories.Sysadmin()["name"]},
        id=overdue["resources"][0]["id"],
        last_modified=f"{TODAY}T00:00:00",
    )
    assert "q-overdue" in listed(state="current")


def page(app, address: str, user: dict | None = None) -> BeautifulSoup:
    headers = {"Authorization": user["token"]} if user else {}
    return BeautifulSoup(app.get(address, headers=headers).data, "html.parser")


def text(element) -> str:
    return " ".join(element.get_text(" ").split())


class TestPages:
    def test_the_dataset_page_tells_grade_and_what_is_missing_in_words(self, app, four):
        shown = page(app, "/en/dataset/q-overdue")
        box = text(shown.find(id="lc-quality-box").find_parent("section"))
        assert "Update overdue" in box
        assert "of 14 metadata items" in box
        report = text(shown.select_one(".lc-quality"))
        assert "Contact e-mail" in report
        assert "Upload the files here" in report
        assert not shown.select(".lc-quality a[href*='/edit/']")

    def test_in_thai_too(self, app, four):
        shown = page(app, "/th/dataset/q-overdue")
        assert "เลยกำหนดปรับปรุง" in text(shown.find(id="lc-quality-box").find_parent("section"))

    def test_an_editor_gets_to_the_very_field_of_the_form(self, app, four):
        admin = factories.SysadminWithToken()
        shown = page(app, "/en/dataset/q-overdue", admin)
        links = [link["href"] for link in shown.select(".lc-quality a[href*='/edit/']")]
        assert links
        form = page(app, links[0].split("#")[0], admin)
        for item in items().values():
            assert form.find(id=item["form"]), item["form"]

    def test_lists_of_datasets_mark_what_is_late(self, app, four):
        items = page(app, "/en/dataset/").select(".dataset-item")
        badges = {text(item.h2.a): text(item.h2) for item in items}
        assert "Update overdue" in badges["q-overdue"]
        assert "Up to date" in badges["q-current"]
        assert "Up" not in badges["q-unknown"]

    def test_the_overview_filters_pages_and_downloads(self, app, four):
        shown = page(app, "/en/quality?state=overdue")
        assert [text(row.th.a) for row in shown.select("tbody tr")] == [
            "q-long-overdue",
            "q-overdue",
        ]
        link = shown.find("a", string="Download this list (CSV)")["href"]
        answer = app.get(link)
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert [row["name"] for row in rows] == ["q-long-overdue", "q-overdue"]
        assert rows[0]["state"] == "overdue"

    def test_the_list_in_a_file_is_no_formula(self, app, portal):
        factories.Dataset(name="q-formula", title='=HYPERLINK("http://evil")')
        rows = list(csv.reader(io.StringIO(app.get("/quality.csv").data.decode("utf-8-sig"))))
        assert rows[1][1].startswith("'=")

    @pytest.mark.parametrize("query", ["state=rotten", "area=XX", "organization=nobody"])
    @pytest.mark.parametrize("address", ["/quality", "/quality.csv"])
    def test_a_filter_that_does_not_exist_is_told(self, app, portal, address, query):
        app.get(f"{address}?{query}", status=400)

    @pytest.mark.parametrize("query", ["page=x", "page=0", "page=-4", "page=999999"])
    def test_a_page_that_does_not_exist_is_no_failure(self, app, four, query):
        assert app.get(f"/quality?{query}").status_code < 500

    def test_an_empty_portal_says_so(self, app, portal):
        assert "There are no datasets yet" in text(page(app, "/en/quality"))
        assert "No dataset matches" in text(page(app, "/en/quality?state=due"))


class TestCity:
    DATA = "indicator,area,year,value\nADULT_LITERACY,TH-56,2566,93.5\n"

    @pytest.fixture
    def published(self, portal) -> None:
        owner = factories.Organization()
        made = factories.Dataset(owner_org=owner["id"])
        helpers.call_action("learningcity_observation_publish", id=made["id"], data=self.DATA)

    def test_a_city_page_lists_what_is_missing_and_leads_to_the_template(self, app, published):
        shown = page(app, "/en/city/TH-56")
        section = shown.find(id="lc-completeness").find_parent("section")
        assert "1 of 12 focal areas have a value" in text(section)
        missing = [link["href"] for link in section.select("details a")]
        assert any(href.endswith("/indicator/INTERNET_USERS") for href in missing)
        assert not any(href.endswith("/indicator/ADULT_LITERACY") for href in missing)
        assert section.select("a[href$='/city/TH-56/template.xlsx']")
