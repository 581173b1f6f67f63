"""Periods: not to come, one kind of year, one era."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = "indicator|area|year|value|status"


@pytest.mark.parametrize(
    ("year", "today", "future"),
    [
        ("2569", date(2026, 1, 1), False),
        ("2570", date(2026, 12, 31), True),
        ("2027", date(2026, 12, 31), True),
        ("๒๕๗๐", date(2026, 12, 31), True),
        ("2570", date(2027, 1, 1), False),
        ("ปีงบประมาณ 2570", date(2026, 9, 30), True),
        ("ปีงบประมาณ 2570", date(2026, 10, 1), False),
        ("ปีการศึกษา 2569", date(2026, 5, 15), True),
        ("ปีการศึกษา 2569", date(2026, 5, 16), False),
        ("2026-12", date(2026, 11, 30), True),
        ("2026-Q4", date(2026, 11, 30), False),
    ],
)
def test_a_period_must_have_begun(judged, found, year, today, future):
    table, report = judged(f"{HEAD}\nADULT_LITERACY|TH-56|{year}|93|", today=today)
    assert found(report) == ([("period_future", "C2", year)] if future else [])
    assert table.height == (not future)


def test_a_forecast_may_lie_ahead(judged):
    table, report = judged(f"{HEAD}\nADULT_LITERACY|TH-56|2590|93|F")
    assert not report.issues
    assert table["OBS_STATUS"].to_list() == ["F"]


def test_without_a_date_the_clock_is_asked(judged):
    _, report = judged(f"{HEAD}\nADULT_LITERACY|TH-56|2100|93|")
    assert report.has_errors


def test_two_kinds_of_year_for_one_indicator_and_place_are_to_be_confirmed(judged, found):
    table, report = judged(
        f"{HEAD}\n"
        "ADULT_LITERACY|TH-56|2565|93|\n"
        "ADULT_LITERACY|TH-56|ปีงบประมาณ 2566|93|\n"
        "ADULT_LITERACY|TH-56|2567|93|\n"
        "ADULT_LITERACY|TH-57|ปีงบประมาณ 2567|93|\n"
        "UNEMPLOYMENT|TH-56|ปีงบประมาณ 2567|3|"
    )
    assert found(report) == [("period_types_mixed", "C3", "ปีงบประมาณ 2566")]
    assert report.issues[0].message("en").startswith("“ปีงบประมาณ 2566” is another kind of year")
    assert "Calendar year" in report.issues[0].message("en")
    assert "ปีปฏิทิน" in report.issues[0].message("th")
    assert (report.has_errors, report.to_confirm) == (False, ["period_types_mixed"])
    assert table.height == 5


def test_two_eras_in_one_column_are_told_once(judged, found):
    table, report = judged(
        f"{HEAD}\n"
        "ADULT_LITERACY|TH-56|2565|93|\n"
        "ADULT_LITERACY|TH-56|2023|93|\n"
        "ADULT_LITERACY|TH-56|๒๕๖๗|93|\n"
        "ADULT_LITERACY|TH-57|2023|93|\n"
        "ADULT_LITERACY|TH-57|2567|93|"
    )
    assert found(report) == [("period_eras_mixed", "C3", "2023")]
    assert (report.has_errors, report.to_confirm) == (False, [])
    assert table["TIME_PERIOD"].to_list() == ["2022", "2023", "2024", "2023", "2024"]


@pytest.mark.parametrize("years", [("2565", "๒๕๖๖", "พ.ศ. 2567"), ("2022", "2023-Q1", "ค.ศ. 2024")])
def test_one_era_in_several_spellings_is_one_era(judged, years):
    rows = "\n".join(f"ADULT_LITERACY|TH-56|{year}|93|" for year in years)
    assert not judged(f"{HEAD}\n{rows}")[1].issues
