"""Places: the publisher's own, and figures of the level that they are said to be."""

from __future__ import annotations

import pytest

HEAD = "indicator|area|year|value"
CHIANG_RAI = frozenset({"TH-57-M5701"})


@pytest.mark.parametrize(
    ("area", "code", "expected"),
    [
        ("เชียงราย", "area_level", "TH-57-M5701 (Chiang Rai City Municipality,"),
        ("TH-57", "area_level", "TH-57-M5701"),
        ("ประเทศไทย", "area_level", "TH-57-M5701"),
        ("ภาคเหนือ", "area_level", "TH-57-M5701"),
        ("อำเภอเมืองเชียงราย", "area_level", "TH-57-M5701"),
        ("พะเยา", "area_foreign", "TH-57-M5701"),
        ("เทศบาลเมืองพะเยา", "area_foreign", "TH-57-M5701"),
    ],
)
def test_a_municipality_reports_on_itself(judged, found, area, code, expected):
    table, report = judged(f"{HEAD}\nADULT_LITERACY|{area}|2567|93", areas=CHIANG_RAI)
    assert found(report) == [(code, "B2", area)]
    assert expected in report.as_dict("en")["issues"][0]["expected"]
    assert "TH-57-M5701 (เทศบาลนครเชียงราย" in report.as_dict("th")["issues"][0]["expected"]
    assert report.has_errors
    assert table.is_empty()


def test_the_publishers_own_places_are_accepted(judged):
    own = frozenset({"TH-57", "TH-57-5701", "TH-57-M5701"})
    table, report = judged(
        f"{HEAD}\nADULT_LITERACY|เชียงราย|2567|93\nADULT_LITERACY|เทศบาลนครเชียงราย|2567|94",
        areas=own,
    )
    assert not report.issues
    assert table.height == 2


def test_a_province_is_told_its_own_code_and_not_all_that_lies_in_it(judged):
    own = frozenset({"TH-57", "TH-57-5701", "TH-57-M5701"})
    for place, code in (("TH-56", "area_foreign"), ("TH", "area_level")):
        _, report = judged(f"{HEAD}\nADULT_LITERACY|{place}|2567|93", areas=own)
        assert report.counts == {code: 1}
        assert report.as_dict("en")["issues"][0]["expected"] == "TH-57 (Chiang Rai, Province)"


def test_who_may_report_on_all_places_is_not_asked(judged):
    assert not judged(f"{HEAD}\nADULT_LITERACY|TH|2567|93")[1].issues


def test_who_may_report_on_no_place_is_refused(judged):
    for areas in (frozenset(), frozenset({"TH-00"})):
        _, report = judged(f"{HEAD}\nADULT_LITERACY|TH|2567|93", areas=areas)
        assert report.counts == {"area_foreign": 1}


def series(area, values):
    return [f"ADULT_LITERACY|{area}|{2560 + at}|{value}" for at, value in enumerate(values)]


def test_a_municipality_with_the_values_of_its_province_is_to_be_confirmed(judged, found):
    rows = [*series("TH-57", (90, 91, 92)), *series("เทศบาลนครเชียงราย", (90, 91, 92))]
    table, report = judged("\n".join([HEAD, *rows]))
    assert found(report) == [("area_level_mixed", "B5", "เทศบาลนครเชียงราย")]
    assert "TH-57 (Chiang Rai, Province)" in report.issues[0].message("en")
    assert report.to_confirm == ["area_level_mixed"]
    assert table.height == 6


def test_the_province_may_stand_in_the_last_release(judged):
    previous, _ = judged("\n".join([HEAD, *series("TH-57", (90, 91, 92, 93))]))
    _, report = judged("\n".join([HEAD, *series("TH-57-M5701", (90, 91, 92))]), previous=previous)
    assert "area_level_mixed" in report.to_confirm


def test_the_country_counts_too(judged):
    rows = [*series("TH", (90, 91, 92)), *series("TH-57", (90, 91, 92))]
    assert judged("\n".join([HEAD, *rows]))[1].to_confirm == ["area_level_mixed"]


@pytest.mark.parametrize(
    ("province", "city"),
    [
        ((90, 91), (90, 91)),  # two periods agree by chance
        ((90, 91, 92), (90, 91, 92.5)),
        ((90, 90, 90), (90, 90, 90)),  # nothing changes: says little
    ],
)
def test_little_agreement_is_no_copy(judged, province, city):
    rows = [*series("TH-57", province), *series("TH-57-M5701", city)]
    assert not judged("\n".join([HEAD, *rows]))[1].issues


def test_another_municipality_is_no_copy_of_a_province_that_does_not_contain_it(judged):
    rows = [*series("TH-56", (90, 91, 92)), *series("TH-57-M5701", (90, 91, 92))]
    assert not judged("\n".join([HEAD, *rows]))[1].issues
