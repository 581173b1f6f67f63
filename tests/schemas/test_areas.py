"""Places: complete, coded as ISO and the Ministry of Interior do, and told apart by name."""

from __future__ import annotations

import re
from collections import Counter

import pycountry
import pytest

from ckanext.learningcity.tables import codelists

AREAS = codelists.areas()
PROVINCES = {area_id: area for area_id, area in AREAS.items() if area["level"] == "province"}
BELOW_PROVINCE = [area for area in AREAS.values() if area["level"] in ("district", "municipality")]


def test_the_77_provinces_are_those_of_iso():
    iso = {subdivision.code for subdivision in pycountry.subdivisions.get(country_code="TH")}
    assert set(PROVINCES) == iso - {"TH-S"}
    assert len(PROVINCES) == 77
    assert AREAS["TH-S"]["level"] == "municipality"
    assert AREAS["TH-S"]["parent"] == "TH-20"


def test_provinces_carry_both_codes():
    for area_id, area in PROVINCES.items():
        assert area["iso"] == area_id == f"TH-{area['moi']}"


def test_provinces_and_districts_are_those_of_the_ministry():
    geothai = pytest.importorskip("geothai", reason="needs Python 3.11")
    ministry = {province.code: province.name_th for province in geothai.provinces()}
    assert {area["moi"]: area["name"]["th"] for area in PROVINCES.values()} == ministry
    for area in BELOW_PROVINCE:
        code = area.get("moi") or area["nearest_district"]
        district = geothai.district(code)
        assert district is not None
        assert f"TH-{district.province_code}" == area["parent"]
        if area["level"] == "district":
            assert area["name"]["th"] == f"อำเภอ{district.name_th}"


def test_every_spelling_of_iso_and_the_ministry_is_known():
    names = codelists.area_names()
    for subdivision in pycountry.subdivisions.get(country_code="TH"):
        assert names[codelists.fold(subdivision.name)] == (subdivision.code,)


@pytest.mark.parametrize(
    ("spelling", "area_id"),
    [
        ("กทม.", "TH-10"),
        ("กรุงเทพฯ", "TH-10"),
        ("Krung Thep", "TH-10"),
        ("Buriram", "TH-31"),
        ("Buri Ram", "TH-31"),
        ("Korat", "TH-30"),
        ("โคราช", "TH-30"),
        ("อยุธยา", "TH-14"),
        ("Sisaket", "TH-33"),
        ("บึงกาฬ", "TH-38"),
        ("หาดใหญ่", "TH-90-M9011"),
        ("Thailand", "TH"),
    ],
)
def test_spellings_that_sources_use(spelling, area_id):
    assert codelists.area_names()[codelists.fold(spelling)] == (area_id,)


def test_no_spelling_means_two_places():
    assert {name: ids for name, ids in codelists.area_names().items() if len(ids) > 1} == {}


def test_ids_follow_the_scheme():
    for area_id, area in AREAS.items():
        shape = {
            "country": r"TH",
            "region": r"TH-R[1-6]",
            "province": r"TH-\d\d",
            "district": rf"{area.get('parent')}-\d{{4}}",
            "municipality": rf"{area.get('parent')}-M\d{{4}}|TH-S",
        }[area["level"]]
        assert re.fullmatch(shape, area_id)
    for area in BELOW_PROVINCE:
        code = area.get("moi") or area["nearest_district"]
        assert area["id"] == "TH-S" or area["id"].endswith(code)
        assert ("moi" in area) == (area["level"] == "district")


def test_every_place_hangs_on_a_larger_one():
    rank = {level: position for position, level in enumerate(codelists.area_levels())}
    for area_id, area in AREAS.items():
        if area_id == "TH":
            assert "parent" not in area
        else:
            assert rank[AREAS[area["parent"]]["level"]] < rank[area["level"]]
    members = Counter(area["parent"] for area in PROVINCES.values())
    assert members == {"TH-R1": 9, "TH-R2": 22, "TH-R3": 20, "TH-R4": 5, "TH-R5": 7, "TH-R6": 14}


def test_points_lie_in_thailand_and_near_the_province():
    for area in AREAS.values():
        assert 5.6 < area["lat"] < 20.5
        assert 97.3 < area["lon"] < 105.7
    for area in BELOW_PROVINCE:
        province = AREAS[area["parent"]]
        assert abs(area["lat"] - province["lat"]) < 1
        assert abs(area["lon"] - province["lon"]) < 1


def test_the_thirteen_members_of_gnlc():
    joined = {area_id: area["gnlc"]["joined"] for area_id, area in AREAS.items() if "gnlc" in area}
    assert joined == {
        "TH-57-M5701": 2019,
        "TH-50-M5001": 2020,
        "TH-83-M8301": 2020,
        "TH-24-M2401": 2020,
        "TH-64": 2022,
        "TH-56-M5601": 2022,
        "TH-90-M9011": 2022,
        "TH-10": 2024,
        "TH-40-M4001": 2024,
        "TH-95-M9501": 2024,
        "TH-63-M6301": 2025,
        "TH-21": 2025,
        "TH-91": 2025,
    }
    for area_id in joined:
        assert AREAS[area_id]["network"]["status"] == "member"


def test_memberships_name_their_source(document):
    areas = document("codelists/areas.yaml")
    sources = {source["id"] for source in areas["source"]}
    kinds = {kind["id"] for kind in areas["kinds"]}
    for area in AREAS.values():
        for claim in filter(None, (area.get("gnlc"), area.get("network"))):
            assert claim["source"] in sources
            assert isinstance(claim["verified"], bool)
        if "gnlc" in area and "date" in area["gnlc"]:
            assert area["gnlc"]["date"].year == area["gnlc"]["joined"]
        assert area.get("kind") in {*kinds, None}
        assert (area["level"] == "municipality") <= ("kind" in area)
