"""Code lists and frameworks: complete, in both languages, and fitting together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from ckanext.learningcity import harvesters
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.periods import parse_period

SCHEMAS = Path(__file__).parents[2] / "schemas"
LISTS = sorted(
    path.relative_to(SCHEMAS).as_posix()
    for path in [*SCHEMAS.glob("codelists/*.yaml"), *SCHEMAS.glob("frameworks/*.yaml")]
)
FOCAL_AREAS = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.1", "3.2", "3.3"]
IN_BOTH_LANGUAGES = ("name", "definition", "meaning", "limits", "symbol")


class _NoDuplicateKeys(yaml.SafeLoader):
    """YAML that refuses a repeated key instead of keeping the last."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _value in node.value]
        assert len(keys) == len(set(keys)), f"repeated key near line {node.start_mark.line + 1}"
        return super().construct_mapping(node, deep)


def entries(document):
    """Yield `(list name, entry)` of every list of a file but its sources."""
    for name, listed in document.items():
        if name in ("source", "derived"):
            continue
        yield from ((name, e) for e in (listed.values() if isinstance(listed, dict) else listed))


@pytest.mark.parametrize("path", LISTS)
def test_every_list_names_its_sources_and_every_entry_says_whether_it_is_confirmed(path, document):
    content = document(path)
    assert content["source"]
    for name, entry in entries(content):
        assert isinstance(entry.get("verified"), bool), f"{name}: {entry}"


@pytest.mark.parametrize("path", LISTS)
def test_no_key_or_id_twice(path):
    text = SCHEMAS.joinpath(path).read_text(encoding="utf-8")
    content = yaml.load(text, _NoDuplicateKeys)  # noqa: S506 - derived from the safe loader
    for listed in content.values():
        ids = [entry["id"] for entry in listed if isinstance(entry, dict) and "id" in entry]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", LISTS)
def test_texts_are_in_both_languages(path, document):
    for name, entry in entries(document(path)):
        if name == "features":  # a working list in English only
            continue
        for key in IN_BOTH_LANGUAGES:
            if key in entry:
                assert set(entry[key]) == {"en", "th"}, f"{name}: {entry}"
        for code in entry.get("codes", {}).values():
            assert code["en"]
            assert code["th"]


def test_the_twelve_focal_areas(document):
    framework = document("frameworks/key_features.yaml")
    assert list(codelists.focal_areas()) == FOCAL_AREAS
    assert [group["id"] for group in framework["groups"]] == ["1", "2", "3"]
    for area_id, area in codelists.focal_areas().items():
        assert area["group"] == area_id[0]
        assert area["verified"]
    classes = {entry["id"] for entry in framework["classes"]}
    for feature in framework["features"]:
        assert feature["focal_area"] == feature["id"][:3]
        assert feature["focal_area"] in FOCAL_AREAS
        assert set(feature["classes"]) <= classes
        assert feature["verified"] is False


def test_indicators_refer_to_what_exists(document):
    targets = {target["id"] for target in document("frameworks/sdg4.yaml")["targets"]}
    for indicator in codelists.indicators().values():
        assert indicator["unit"] in codelists.units()
        assert indicator["focal_area"] in codelists.focal_areas()
        assert set(indicator["expected_breakdowns"]) <= set(codelists.breakdowns())
        assert indicator["direction"] in ("up", "down", "none")
        assert indicator["measure"] in ("quantitative", "survey", "qualitative")
        assert set(indicator["sources"]) <= set(harvesters.sources())
        assert indicator["decimals"] >= 0
        if str(indicator.get("sdg", "")).startswith("4."):
            assert ".".join(indicator["sdg"].split(".")[:2]) in targets


def test_indicators_cover_the_framework():
    indicators = codelists.indicators().values()
    assert len(indicators) >= 40
    assert {indicator["focal_area"] for indicator in indicators} == set(FOCAL_AREAS)
    headlines = {indicator["focal_area"] for indicator in indicators if indicator["headline"]}
    assert len(headlines) >= 10


def test_a_series_of_an_agency_is_one_indicator():
    for agency in harvesters.sources():
        codes = [i["sources"].get(agency) for i in codelists.indicators().values()]
        codes = [code for code in codes if code]
        assert len(codes) == len(set(codes))


def test_limits_of_indicators_fit_their_unit(document):
    grades = [grade["value"] for grade in document("codelists/indicators.yaml")["grades"]]
    assert grades == [0, 1, 2, 3, 4]
    for indicator in codelists.indicators().values():
        if indicator["measure"] == "qualitative":
            assert indicator["unit"] == "GRADE"
            assert (indicator["minimum"], indicator["maximum"]) == (0, 4)
        elif indicator["unit"] == "GRADE":
            pytest.fail(f"{indicator['id']} has grades but is not qualitative")
        assert indicator["minimum"] < indicator.get("maximum", float("inf"))
        if indicator["unit"] == "PT" and "maximum" not in indicator:
            assert "100" in indicator["limits"]["en"]


def test_an_alias_of_a_breakdown_means_one_code():
    for dimension, entry in codelists.breakdowns().items():
        assert next(iter(entry["codes"])) == "_T"
        meanings = {}
        for code, names in entry["codes"].items():
            for spelling in (code, names["en"], names["th"], *names["aliases"]):
                meanings.setdefault(codelists.fold(str(spelling)), set()).add(code)
        assert {s: codes for s, codes in meanings.items() if len(codes) > 1} == {}, dimension


def test_statuses_say_whether_a_value_is_there():
    assert {status["value"] for status in codelists.statuses().values()} == {
        "required",
        "absent",
        "optional",
    }
    assert codelists.statuses()["A"]["value"] == "required"
    assert codelists.statuses()["Q"]["value"] == "absent"


@pytest.mark.parametrize("kind", ["calendar", "fiscal", "academic"])
def test_period_types_are_as_periods_are_read(kind):
    entry = codelists.period_types()[kind]
    period = parse_period("2567", kind)
    assert period.start == _day(2024 + entry["start_year"], entry["start"])
    assert period.end == _day(2024 + entry["end_year"], entry["end"])


def _day(year, month_and_day):
    month, day = map(int, month_and_day.split("-"))
    return date(year, month, day)
