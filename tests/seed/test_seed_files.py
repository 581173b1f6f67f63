"""The content can be trusted: codes exist, made-up values are marked, quoted ones have a page."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from ckanext.learningcity.harvesters.registry import sources
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.reading import read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

SEED = Path(__file__).parents[2] / "seed-data"


def entries(name: str) -> list[dict]:
    return yaml.safe_load((SEED / f"{name}.yaml").read_text(encoding="utf-8"))[name]


DATASETS = {entry["name"]: entry for entry in entries("datasets")}
DEMONSTRATION = [name for name, entry in DATASETS.items() if entry.get("demonstration")]


def rows(dataset: dict) -> list[dict[str, str]]:
    with (SEED / dataset["observations"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_member_and_preparing_place_has_its_organization():
    listed = {entry["area"]: entry for entry in entries("organizations") if "area" in entry}
    cities = {code for code, entry in listed.items() if entry["org_role"] == "city"}
    network = {code for code, area in codelists.areas().items() if "network" in area}
    assert cities == network
    members = {code: area["gnlc"] for code, area in codelists.areas().items() if "gnlc" in area}
    assert len(members) == 13
    assert {code: listed[code].get("gnlc_year") for code in members} == {
        code: gnlc["joined"] for code, gnlc in members.items()
    }
    assert not any("gnlc_year" in listed[code] for code in network - set(members))


def test_organizations_are_no_persons_and_have_both_languages():
    for entry in entries("organizations"):
        assert "contact_email" not in entry
        for field in ("title_translated", "description_translated"):
            assert set(entry[field]) == {"en", "th"}, entry["name"]
        if entry.get("area"):
            assert entry["area"] in codelists.areas()


def test_names_are_used_once_and_owners_exist():
    organizations = [entry["name"] for entry in entries("organizations")]
    packages = [entry["name"] for entry in (*entries("sources"), *DATASETS.values())]
    assert len(set(organizations)) == len(organizations)
    assert len(set(packages)) == len(packages)
    for entry in (*entries("sources"), *DATASETS.values()):
        assert entry["owner_org"] in organizations


def test_harvest_sources_are_known_and_owned_by_the_organization_that_the_facts_name():
    for entry in entries("sources"):
        facts = sources()[yaml.safe_load(entry["config"])["source"]]
        assert (entry["url"], entry["owner_org"]) == (facts.url, facts.organization)


@pytest.mark.parametrize("name", DATASETS)
def test_observations_are_valid_and_are_what_the_dataset_says(name: str):
    dataset, report = DATASETS[name], Report()
    content = (SEED / dataset["observations"]).read_bytes()
    assert len(content) < 300_000
    reading = read(content, report)
    table = check(reading.rows, reading.layout, report)
    assert report.as_dict("en")["issues"] == []
    assert sorted(table["INDICATOR"].unique()) == sorted(dataset["indicators"])
    assert sorted(table["REF_AREA"].unique()) == sorted(dataset["areas"])
    assert str(table["PERIOD_START"].min()) == dataset["period_start"]
    assert str(table["PERIOD_END"].max()) == dataset["period_end"]
    focal_areas = {codelists.indicators()[code]["focal_area"] for code in dataset["indicators"]}
    assert sorted(focal_areas) == dataset["theme"]


@pytest.mark.parametrize("name", DEMONSTRATION)
def test_demonstration_data_are_marked_in_the_file_the_record_and_the_title(name: str):
    dataset = DATASETS[name]
    assert dataset["title_translated"]["en"].endswith("(demonstration data)")
    assert dataset["title_translated"]["th"].endswith("(ข้อมูลสาธิต)")
    assert {row["COMMENT_OBS"] for row in rows(dataset)} == {"demonstration value / ค่าสาธิต"}
    assert Path(dataset["observations"]).name.startswith("demonstration-")


def test_demonstration_data_never_speak_of_the_country_nor_offer_themselves_to_a_catalogue():
    assert len(DEMONSTRATION) >= 7
    for name in DEMONSTRATION:
        assert "TH" not in DATASETS[name]["areas"]
        assert DATASETS[name]["allow_harvest"] is False
        assert DATASETS[name]["official_statistics"] is False


def test_values_that_are_not_marked_as_demonstration_are_quoted_with_their_page():
    quoted = [dataset for name, dataset in DATASETS.items() if name not in DEMONSTRATION]
    assert [dataset["name"] for dataset in quoted] == ["thailand-published-figures"]
    for dataset in quoted:
        for row in rows(dataset):
            assert row["EVIDENCE"].startswith(("https://", "http://")), row
            assert row["COMMENT_OBS"], row
            assert row["OBS_VALUE"], row
        assert dataset["areas"] == ["TH"]


def test_no_two_datasets_give_the_same_series():
    seen: dict[tuple[str, str], str] = {}
    for name, dataset in DATASETS.items():
        for key in {(row["INDICATOR"], row["REF_AREA"]) for row in rows(dataset)}:
            assert seen.setdefault(key, name) == name, key


def test_what_cities_exchange_is_marked():
    exchange = {entry["name"]: entry for entry in entries("exchange")}
    for name, entry in exchange.items():
        assert entry["demonstration"] is True
        assert name.startswith("demonstration-")
        assert entry["title_translated"]["en"].endswith("(demonstration)")
        assert entry["title_translated"]["th"].endswith("(สาธิต)")
    organizations = {entry["name"]: entry for entry in entries("organizations")}
    for entry in entries("adoptions"):
        assert entry["demonstration"] is True
        assert exchange[entry["innovation"]]["type"] == "innovation"
        assert organizations[entry["organization"]]["org_role"] == "city"


def test_content_is_marked_and_ties_what_stands_above_it():
    above = set(DATASETS)
    for entry in entries("content"):
        assert entry["demonstration"] is True
        assert entry["name"].startswith("demonstration-")
        assert entry["title_translated"]["en"].endswith("(demonstration)")
        assert entry["title_translated"]["th"].endswith("(สาธิต)")
        assert set(entry["notes_translated"]) == {"en", "th"}
        assert {*entry.get("related", ()), *entry.get("steps", ())} <= above
        above.add(entry["name"])
    types = {entry["type"] for entry in entries("content")}
    assert {"learning-space", "learning-resource", "learning-path", "research"} <= types


def test_topics_of_the_forum_are_marked_and_in_one_language_each():
    topics = [entry["topic"] for entry in entries("spaces")]
    assert all(topic["demonstration"] for topic in topics)
    spoken = [{language_of(topic["title"]), language_of(topic["body"])} for topic in topics]
    assert all(len(each) == 1 for each in spoken)
    assert {"th", "en"} == set().union(*spoken)


def language_of(text: str) -> str:
    """`th` or `en`; of a text in both, both."""
    thai, latin = re.search("[\u0e01-\u0e5b]", text), re.search("[a-z]{4}", text)
    return "".join(name for name, found in (("th", thai), ("en", latin)) if found)
