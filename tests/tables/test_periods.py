from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.tables.periods import PeriodError, parse_period


@pytest.mark.parametrize(
    ("text", "period", "period_type", "start", "end"),
    [
        ("2567", "2024", "calendar", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024", "2024", "calendar", date(2024, 1, 1), date(2024, 12, 31)),
        ("พ.ศ. 2567", "2024", "calendar", date(2024, 1, 1), date(2024, 12, 31)),
        ("พศ ๒๕๖๗", "2024", "calendar", date(2024, 1, 1), date(2024, 12, 31)),
        ("ค.ศ. 2024", "2024", "calendar", date(2024, 1, 1), date(2024, 12, 31)),
        ("2567.0", "2024", "calendar", date(2024, 1, 1), date(2024, 12, 31)),
        ("ปีงบประมาณ ๒๕๖๗", "2024", "fiscal", date(2023, 10, 1), date(2024, 9, 30)),
        ("FY2024", "2024", "fiscal", date(2023, 10, 1), date(2024, 9, 30)),
        ("ปีการศึกษา 2562", "2019", "academic", date(2019, 5, 16), date(2020, 3, 31)),
        ("2567-Q1", "2024-Q1", "calendar", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-S2", "2024-S2", "calendar", date(2024, 7, 1), date(2024, 12, 31)),
        ("ไตรมาส 1/2566", "2023-Q1", "calendar", date(2023, 1, 1), date(2023, 3, 31)),
        ("ไตรมาสที่ ๒ ปี ๒๕๖๖", "2023-Q2", "calendar", date(2023, 4, 1), date(2023, 6, 30)),
        ("ไตรมาส 1 ปีงบประมาณ 2566", "2023-Q1", "fiscal", date(2022, 10, 1), date(2022, 12, 31)),
        ("2566 Q4", "2023-Q4", "calendar", date(2023, 10, 1), date(2023, 12, 31)),
        ("ม.ค. 2566", "2023-01", "calendar", date(2023, 1, 1), date(2023, 1, 31)),
        ("มค 2566", "2023-01", "calendar", date(2023, 1, 1), date(2023, 1, 31)),
        ("เดือนมีนาคม พ.ศ. ๒๕๖๖", "2023-03", "calendar", date(2023, 3, 1), date(2023, 3, 31)),
        ("พ.ค. 2566", "2023-05", "calendar", date(2023, 5, 1), date(2023, 5, 31)),
        ("พฤศจิกายน 2566", "2023-11", "calendar", date(2023, 11, 1), date(2023, 11, 30)),
        ("Sept. 2023", "2023-09", "calendar", date(2023, 9, 1), date(2023, 9, 30)),
        ("2567-02", "2024-02", "calendar", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_the_forms_that_offices_write(text, period, period_type, start, end):
    found = parse_period(text)
    assert (found.time_period, found.period_type) == (period, period_type)
    assert (found.start, found.end) == (start, end)
    assert found.original == text


def test_a_quarter_of_a_fiscal_year_counts_from_october():
    found = parse_period("2567-Q1", "fiscal")
    assert (found.start, found.end) == (date(2023, 10, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("67", "period_two_digits"),
        ("24", "period_two_digits"),
        ("ม.ค. 66", "period_two_digits"),
        ("ไตรมาส 1/66", "period_two_digits"),
        ("ไตรมาส 5/2566", "period_format"),
        ("1/2566", "period_format"),
        ("เดือน 2566", "period_format"),
        ("ต.ค. ปีงบประมาณ 2566", "period_format"),
        ("1850", "period_range"),
        ("2200", "period_range"),
        ("2701", "period_range"),
        ("พ.ศ. 2024", "period_era"),
        ("ค.ศ. 2567", "period_era"),
        ("2567/68", "period_format"),
        ("2024-13", "period_format"),
        ("2024-Q5", "period_format"),
        ("", "period_format"),
        ("ไม่ทราบ", "period_format"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(text, code):
    with pytest.raises(PeriodError) as refused:
        parse_period(text)
    assert refused.value.code == code


@given(st.integers(2443, 2643))
def test_a_year_is_converted_once_and_never_again(year):
    once = parse_period(str(year)).time_period
    assert int(once) == year - 543
    assert parse_period(once).time_period == once


@given(st.text())
def test_any_text_is_a_period_or_an_error_of_ours(text):
    with suppress(PeriodError):
        parse_period(text)
