"""A table against the last release: values beyond belief, and observations that vanish."""

from __future__ import annotations

import polars as pl
import pytest

HEAD = "indicator|area|year|value|status"


def table_of(judged, *rows, **circumstances):
    return judged("\n".join([HEAD, *rows]), **circumstances)


@pytest.fixture
def against(judged):
    """Check rows against a release of other rows; returns the report."""

    def judge(old, new):
        return table_of(judged, *new, previous=table_of(judged, *old)[0])[1]

    return judge


@pytest.mark.parametrize(
    ("indicator", "old", "new", "jump"),
    [
        ("ADULT_LITERACY", "70", "90", False),
        ("ADULT_LITERACY", "70", "90.5", True),
        ("ADULT_LITERACY", "90.5", "70", True),
        ("POPULATION", "1000", "2999", False),
        ("POPULATION", "1000", "3000", True),
        ("POPULATION", "3000", "1000", True),
        ("POPULATION", "10", "60", False),
        ("POPULATION", "10", "61", True),
        ("POPULATION", "0", "51", True),
        ("POPULATION", "0", "0", False),
        ("MEAN_YEARS_SCHOOLING", "8", "12", True),
        ("COORDINATION", "1", "3", False),
        ("COORDINATION", "0", "4", True),
        ("LIBRARY_VISITS", "0.2", "0.5", False),
        ("LIBRARY_VISITS", "0.2", "0.7", True),
    ],
)
def test_a_value_far_from_the_published_one_is_to_be_confirmed(
    against, found, indicator, old, new, jump
):
    report = against([f"{indicator}|TH-56|2566|{old}|"], [f"{indicator}|TH-56|2566|{new}|"])
    assert found(report) == ([("value_jump", "D2", new)] if jump else [])
    assert report.to_confirm == (["value_jump"] if jump else [])
    if jump:
        assert (
            report.as_dict("en")["issues"][0]["expected"] == f"about {old}, as in the last release"
        )


def test_a_new_period_is_held_against_the_one_before(against, found):
    old = ["POPULATION|TH-56|2565|1000|", "POPULATION|TH-57|2565|9000|"]
    new = [*old, "POPULATION|TH-56|2566|1010|", "POPULATION|TH-56|2567|9000|"]
    report = against(old, new)
    assert found(report) == [("value_jump", "D5", "9000")]
    assert "about 1010, as in 2023" in report.issues[0].message("en")


def test_a_break_of_the_series_is_no_jump(against):
    old = ["POPULATION|TH-56|2565|1000|"]
    assert not against(old, [*old, "POPULATION|TH-56|2566|9000|B"]).issues


def test_months_are_not_held_against_years(against):
    old = ["POPULATION|TH-56|2565|1000|"]
    assert not against(old, [*old, "POPULATION|TH-56|2566-01|9000|"]).issues


def test_a_new_series_has_nothing_to_be_held_against(against):
    old = ["POPULATION|TH-56|2565|1000|"]
    new = [*old, "POPULATION|TH-56|2566|1000|", "POPULATION|TH-57|2566|9000|"]
    assert not against(old, new).issues


def test_a_value_that_was_withheld_is_no_jump(against):
    assert not against(["POPULATION|TH-56|2565||Q"], ["POPULATION|TH-56|2565|9000|"]).issues


@pytest.mark.parametrize(("kept", "told"), [(8, False), (4, False), (3, True), (0, True)])
def test_most_of_a_release_does_not_vanish_unseen(against, kept, told):
    years = [f"ADULT_LITERACY|TH-56|{2560 + at}|9{at}|" for at in range(8)]
    report = against(years, years[:kept] or ["UNEMPLOYMENT|TH-56|2560|1|"])
    assert report.to_confirm == (["many_removed"] if told else [])
    if told:
        assert report.issues[0].found == str(8 - kept)
        assert report.issues[0].row is None
        assert "most of its 8" in report.issues[0].message("en")


def test_a_first_release_has_no_jumps(judged):
    empty, _ = judged(f"{HEAD}\nNO_SUCH|TH-56|2566|1|")
    assert empty.is_empty()
    assert not table_of(judged, "POPULATION|TH-56|2566|9|", previous=empty)[1].issues
    assert not table_of(judged, "POPULATION|TH-56|2566|9|", previous=None)[1].issues


def test_a_release_with_a_code_that_is_no_more_can_be_replaced(judged):
    old, _ = table_of(judged, "POPULATION|TH-56|2566|9|")
    gone = old.with_columns(REF_AREA=pl.lit("TH-00"))
    assert not table_of(judged, "POPULATION|TH-56|2566|9|", previous=gone)[1].has_errors
