"""The network: what the code lists tell of it, as action, page and files."""

from __future__ import annotations

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.learningcity.tables import codelists

pytestmark = pytest.mark.usefixtures("portal")


def network():
    return call_action("learningcity_network_show", {"user": "", "ignore_auth": False})


def test_members_are_those_of_the_code_list_with_year_level_and_source():
    members = network()["members"]
    expected = {id_: area["gnlc"] for id_, area in codelists.areas().items() if area.get("gnlc")}
    assert {fact["area"]["id"]: fact["joined"] for fact in members} == {
        id_: gnlc["joined"] for id_, gnlc in expected.items()
    }
    assert [fact["joined"] for fact in members] == sorted(fact["joined"] for fact in members)
    phayao = next(fact for fact in members if fact["area"]["id"] == "TH-56-M5601")
    assert (phayao["area"]["level"], phayao["area"]["kind"]) == ("municipality", "town")
    assert phayao["date"] == "2022-09-02"
    assert phayao["source"]["url"] == "https://www.dasta.or.th/th/article/3809"


def test_every_fact_has_a_source_and_says_whether_it_is_confirmed():
    found = network()
    facts = [role for partner in found["partners"] for role in partner["roles"]]
    for kind in ("members", "preparing", "mentoring", "milestones"):
        assert found[kind], kind
        facts += found[kind]
    for fact in facts:
        assert fact["source"]["title"]
        assert isinstance(fact["verified"], bool)


def test_a_city_on_the_way_is_no_member():
    found = network()
    members = {fact["area"]["id"] for fact in found["members"]}
    assert not members & {fact["area"]["id"] for fact in found["preparing"]}


def test_organizations_are_named_where_the_portal_has_them():
    assert {partner["organization"] for partner in network()["partners"]} == {None}
    factories.Organization(name="eef", title="EEF", org_role="agency")
    factories.Organization(name="town", title="Town", org_role="city", area="TH-56-M5601")
    found = network()
    assert [p["id"] for p in found["partners"] if p["organization"]] == ["eef"]
    homes = {f["area"]["id"]: f["area"]["organizations"] for f in found["members"]}
    assert [home["name"] for home in homes["TH-56-M5601"]] == ["town"]


def test_the_action_refuses_parameters(app):
    answer = app.get("/api/3/action/learningcity_network_show?year=2022", status=409)
    assert "year" in answer.json["error"]


@pytest.mark.parametrize(("address", "year"), [("/network", "2019"), ("/th/network", "2562")])
def test_the_page_shows_map_timeline_levels_and_reservations(app, address, year):
    page = BeautifulSoup(app.get(address).body, "html.parser")
    assert len(page.select(".lc-dots a")) == len(network()["members"] + network()["preparing"])
    assert page.select_one(".lc-years h3").text == year
    rows = page.select("table tbody tr")
    assert len(rows) == len(network()["members"])
    unconfirmed = [fact for fact in network()["members"] if not fact["verified"]]
    assert len(page.select("table .lc-badge--notice")) == len(unconfirmed) > 0
    assert all(link["href"] for link in page.select(".lc-dots a"))


def test_the_files_hold_every_fact(app):
    found = network()
    assert json.loads(app.get("/network.json").body) == json.loads(json.dumps(found))
    text = app.get("/network.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    kinds = [row["kind"] for row in rows]
    assert kinds.count("member") == len(found["members"])
    assert kinds.count("partner") == sum(len(p["roles"]) for p in found["partners"])
    assert kinds.count("mentored") == len(found["mentoring"])
    assert {row["verified"] for row in rows} == {"true", "false"}
    assert all(row["source"] for row in rows)
