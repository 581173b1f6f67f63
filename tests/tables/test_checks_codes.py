"""Codes and names that are not known: what the report proposes instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.rules import suggest

HEAD = "indicator|area|year|value|sex|status|unit"


@pytest.fixture
def expected(judged):
    """Return code, and what was expected in a language, for the only finding in a row."""

    def only(row, language="en"):
        _, report = judged(f"{HEAD}\n{row}")
        assert [issue.row for issue in report.issues] == [2]
        described = report.as_dict(language)["issues"][0]
        return described["code"], described["expected"]

    return only


@pytest.mark.parametrize(
    ("row", "code", "proposed"),
    [
        (
            "ADULT_LITERCY|TH-56|2567|93",
            "indicator_unknown",
            "ADULT_LITERACY (Adult literacy rate)",
        ),
        ("Adult litracy rate|TH-56|2567|93", "indicator_unknown", "ADULT_LITERACY"),
        ("อัตราการรู้หนังสือผู้ใหญ่|TH-56|2567|93", "indicator_unknown", "ADULT_LITERACY"),
        ("ADULT_LITERACY|จังหวัดพเยา|2567|93", "area_unknown", "TH-56 (Phayao, Province)"),
        ("ADULT_LITERACY|Chiangmay|2567|93", "area_unknown", "TH-50 (Chiang Mai, Province)"),
        ("ADULT_LITERACY|TH-56|2567|93|femal", "code_unknown", "F (Female)"),
        ("ADULT_LITERACY|TH-56|2567|93||Forecast", "code_unknown", "F (Forecast value)"),
        ("ADULT_LITERACY|TH-56|2567|93|||Percent", "unit_unknown", "PT (Per cent)"),
    ],
)
def test_the_nearest_code_is_proposed(expected, row, code, proposed):
    row += "|" * (6 - row.count("|"))
    assert expected(row)[0] == code
    assert "Did you mean" in expected(row)[1]
    assert proposed in expected(row)[1]


def test_a_proposal_is_in_thai_for_thai_readers(expected):
    code, thai = expected("ADULT_LITERACY|จังหวัดพเยา|2567|93|||", "th")
    assert code == "area_unknown"
    assert thai.startswith("หมายถึง TH-56 (พะเยา, จังหวัด)")


def test_a_short_list_is_shown_whole_even_where_nothing_is_near(expected):
    assert expected("ADULT_LITERACY|TH-56|2567|93|weiblich||") == (
        "code_unknown",
        "one of _T, F, M.",
    )


def test_what_is_near_to_nothing_says_where_to_look(expected):
    assert expected("ADULT_LITERACY|Xyzzy|2567|93|||") == (
        "area_unknown",
        "Use a code or a name of the list of places.",
    )


@pytest.mark.parametrize("name", ["เมือง", "อำเภอเมือง", "อ.เมือง", "Mueang District", "Amphoe Muang"])
def test_mueang_is_the_name_of_many_districts(expected, name):
    code, candidates = expected(f"ADULT_LITERACY|{name}|2567|93|||")
    assert code == "area_ambiguous"
    assert candidates.startswith("TH-24-2401 (Mueang Chachoengsao District, District in ")
    assert candidates.endswith(" and 4 more")


def test_a_municipality_named_with_the_wrong_word_is_proposed_at_its_level(expected):
    code, candidates = expected("ADULT_LITERACY|เทศบาลนครปัตตานี|2567|93|||")
    assert code == "area_unknown"
    assert candidates == (
        "Did you mean TH-94-M9401 (Pattani Town Municipality, Municipality in Pattani)?"
    )


def test_a_name_without_the_word_for_its_level_is_found(expected):
    code, candidates = expected("ADULT_LITERACY|นครขอนแก่น|2567|93|||")
    assert code == "area_unknown"
    assert "TH-40-M4001" in candidates


def test_a_name_that_two_places_share_is_not_guessed(expected, monkeypatch):
    names = {**codelists.area_names(), "ตาก": ("TH-63", "TH-63-M6301")}
    monkeypatch.setattr(codelists, "area_names", lambda: names)
    assert expected("ADULT_LITERACY|ตาก|2567|93|||") == (
        "area_ambiguous",
        "TH-63 (Tak, Province), TH-63-M6301 (Tak Town Municipality, Municipality in Tak)",
    )


def test_the_name_of_a_province_is_the_province(judged):
    table, report = judged("indicator|area|year|value\nADULT_LITERACY|เชียงราย|2567|93")
    assert not report.issues
    assert table["REF_AREA"].to_list() == ["TH-57"]


def test_many_different_unknown_names_are_counted(judged):
    rows = "\n".join(f"ADULT_LITERACY|place {number}|2567|93" for number in range(1500))
    _, report = judged(f"indicator|area|year|value\n{rows}")
    assert report.counts == {"area_unknown": 1500}
    assert len(report.issues) == 1000


@given(st.text(max_size=40))
def test_any_text_can_be_asked_for(text):
    assert set(suggest.places_meant(text)) == {"en", "th"}
