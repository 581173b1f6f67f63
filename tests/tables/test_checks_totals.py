"""Totals against their parts, and counts so small that they are withheld."""

from __future__ import annotations

import pytest

from ckanext.learningcity.tables import codelists

HEAD = "indicator|area|year|sex|value|status"
PROVINCES = [code for code, area in codelists.areas().items() if area["level"] == "province"]


def by_sex(indicator, **values):
    """Return rows of one place and year: `T`, `F` and `M`; a text is a status without a value."""
    codes = {"T": "_T", "F": "F", "M": "M"}
    return "\n".join(
        [HEAD]
        + [
            f"{indicator}|TH-56|2567|{codes[code]}|"
            + (f"|{value}" if isinstance(value, str) else f"{value}|")
            for code, value in values.items()
        ]
    )


def test_a_count_that_is_not_the_sum_of_its_parts_is_to_be_confirmed(judged, found):
    table, report = judged(by_sex("POPULATION", T=1000, F=510, M=480))
    assert found(report) == [("totals_mismatch", "E2", "1000")]
    issue = report.as_dict("en")["issues"][0]
    assert issue["expected"] == "990, the sum of F, M"
    assert "990 ซึ่งเป็นผลรวมของ F, M" in report.issues[0].message("th")
    assert (report.has_errors, report.to_confirm) == (False, ["totals_mismatch"])
    assert table.height == 3


@pytest.mark.parametrize(
    "values",
    [
        {"T": 1000, "F": 510, "M": 490},
        {"T": 1000, "F": 510},
        {"F": 510, "M": 490},
        {"T": 1000, "F": 510, "M": "O"},
        {"T": "O", "F": 510, "M": 490},
        {"T": 0, "F": 0, "M": 0},
    ],
)
def test_totals_that_agree_or_cannot_be_told(judged, values):
    assert not judged(by_sex("POPULATION", **values))[1].issues


def test_some_of_the_parts_are_never_more_than_the_total(judged, found):
    _, report = judged(by_sex("POPULATION", T=1000, F=1200))
    assert found(report) == [("totals_mismatch", "E2", "1000")]


@pytest.mark.parametrize(
    ("total", "outside"), [(93, False), (90, False), (95.1, False), (96, True), (88, True)]
)
def test_a_rate_lies_between_its_parts(judged, found, total, outside):
    _, report = judged(by_sex("ADULT_LITERACY", T=total, F=90, M=95))
    assert found(report) == ([("total_outside_parts", "E2", str(total))] if outside else [])
    if outside:
        assert report.issues[0].message("en").endswith("of 90–95 (F, M). Confirm that it is right.")


def test_a_rate_may_lie_outside_some_of_its_parts(judged):
    assert not judged(by_sex("ADULT_LITERACY", T=93, F=90))[1].issues


def test_a_grade_has_no_mean(judged):
    assert not judged(by_sex("COORDINATION", T=4, F=1, M=2))[1].issues


def test_ages_are_added_only_where_they_do_not_overlap(judged, found):
    head = "indicator|area|year|age|value"
    ages = {"Y0T5": 100, "Y6T14": 200, "Y_GE15": 700, "Y15T24": 150, "Y_GE60": 120}
    rows = [f"POPULATION|TH-56|2567|{age}|{value}" for age, value in ages.items()]
    right = "\n".join([head, "POPULATION|TH-56|2567|_T|1000", *rows])
    assert not judged(right)[1].issues
    _, report = judged(right.replace("|1000", "|1100"))
    assert found(report) == [("totals_mismatch", "E2", "1100")]
    assert "Y0T5, Y6T14, Y_GE15" in report.issues[0].message("en")


def test_parts_of_one_breakdown_are_added_within_each_code_of_another(judged, found):
    head = "indicator|area|year|sex|residence|value"
    cells = {("_T", "_T"): 100, ("F", "_T"): 60, ("M", "_T"): 40}
    cells |= {("_T", "U"): 30, ("_T", "R"): 70, ("F", "U"): 20, ("F", "R"): 39}
    rows = [f"POPULATION|TH-56|2567|{sex}|{where}|{value}" for (sex, where), value in cells.items()]
    _, report = judged("\n".join([head, *rows]))
    assert found(report) == [("totals_mismatch", "F3", "60")]


CROSSED = {
    ("F", "Y0T5"): 100,
    ("F", "Y6T14"): 200,
    ("F", "Y_GE15"): 210,
    ("M", "Y0T5"): 110,
    ("M", "Y6T14"): 190,
    ("M", "Y_GE15"): 180,
}


def crossed(indicator, total, cells):
    """Return rows of one place and year by sex and age; `Q` is a count withheld."""
    rows = [("_T", "_T", total), *((*codes, value) for codes, value in cells.items())]
    return "\n".join(
        ["indicator|area|year|sex|age|value|status"]
        + [
            f"{indicator}|TH-56|2567|{sex}|{age}|{'|Q' if value == 'Q' else f'{value}|'}"
            for sex, age, value in rows
        ]
    )


def test_a_total_is_held_against_its_parts_across_two_breakdowns(judged, found):
    assert not judged(crossed("POPULATION", 990, CROSSED))[1].issues
    _, report = judged(crossed("POPULATION", 1000, CROSSED))
    assert found(report) == [("totals_mismatch", "F2", "1000")]
    assert report.as_dict("en")["issues"][0]["expected"] == (
        "990, the sum of F, M × Y0T5, Y6T14, Y_GE15"
    )
    fewer = {codes: value for codes, value in CROSSED.items() if codes != ("M", "Y0T5")}
    assert not judged(crossed("POPULATION", 1000, fewer))[1].issues
    rates = dict.fromkeys(CROSSED, 90) | {("F", "Y0T5"): 95}
    _, report = judged(crossed("ADULT_LITERACY", 96, rates))
    assert found(report) == [("total_outside_parts", "F2", "96")]


def test_a_total_that_one_breakdown_makes_up_is_told_once(judged, found):
    sexes = {("F", "_T"): 510, ("M", "_T"): 480}
    _, report = judged(crossed("POPULATION", 1000, CROSSED | sexes))
    assert found(report) == [("totals_mismatch", "F2", "1000")]
    assert report.as_dict("en")["issues"][0]["expected"] == "990, the sum of F, M"


def test_a_count_withheld_alone_across_two_breakdowns_can_be_worked_out(judged, found):
    alone = CROSSED | {("M", "Y6T14"): "Q"}
    _, report = judged(crossed("EQUITY_FUND_LEARNERS", 803, alone), small_count=5)
    assert found(report) == [("small_count_derivable", "F7", "Q")]
    two = alone | {("F", "Y0T5"): "Q"}
    assert not judged(crossed("EQUITY_FUND_LEARNERS", 703, two), small_count=5)[1].issues
    _, report = judged(crossed("EQUITY_FUND_LEARNERS", "Q", CROSSED), small_count=5)
    assert found(report) == [("small_count_derivable", "F2", "Q")]


def test_the_country_is_held_against_all_provinces(judged, found):
    rows = [f"POPULATION|{code}|2567|_T|10|" for code in PROVINCES]
    right = "\n".join([HEAD, "POPULATION|TH|2567|_T|770|", *rows])
    assert not judged(right)[1].issues
    _, report = judged(right.replace("|770|", "|771|"))
    assert found(report) == [("totals_mismatch", "E2", "771")]
    assert "the 77 provinces" in report.issues[0].message("en")
    without_one = "\n".join([HEAD, "POPULATION|TH|2567|_T|771|", *rows[1:]])
    assert not judged(without_one)[1].issues


def test_every_partition_is_of_known_codes_without_the_total():
    for dimension, entry in codelists.breakdowns().items():
        for parts in entry["partitions"]:
            assert len(set(parts)) == len(parts) > 1, dimension
            assert set(parts) < set(entry["codes"]) - {"_T"} | {""}, dimension


@pytest.mark.parametrize(("value", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_count_of_a_few_persons_stops_a_release(judged, found, value, small):
    _, report = judged(by_sex("EQUITY_FUND_LEARNERS", F=value), small_count=5)
    assert found(report) == ([("small_count", "E2", "1–4")] if small else [])
    assert report.has_errors is small


def test_the_value_of_a_small_count_is_nowhere_in_the_report(judged):
    _, report = judged(by_sex("EQUITY_FUND_LEARNERS", F=3), small_count=5)
    issue = report.as_dict("en")["issues"][0]
    assert "3" not in issue["message"] + issue["found"] + issue["expected"]
    assert "status Q" in issue["expected"]


@pytest.mark.parametrize("indicator", ["ADULT_LITERACY", "LEARNING_EVENTS"])
def test_what_counts_no_persons_may_be_small(judged, indicator):
    assert not judged(by_sex(indicator, T=3), small_count=5)[1].issues


def test_without_a_threshold_nothing_is_withheld(judged):
    assert not judged(by_sex("EQUITY_FUND_LEARNERS", F=3))[1].issues
    assert not judged(by_sex("EQUITY_FUND_LEARNERS", T=20, F="Q", M=17))[1].issues


def test_a_count_withheld_with_its_status_is_right(judged):
    table, report = judged(by_sex("EQUITY_FUND_LEARNERS", F="Q", M="Q", T=20), small_count=5)
    assert not report.issues
    assert table.height == 3


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({"T": 20, "F": "Q", "M": 17}, "E3"),
        ({"F": 17, "M": "Q", "T": 20}, "E3"),
        ({"T": "Q", "F": 10, "M": 17}, "E2"),
    ],
)
def test_a_count_withheld_alone_can_be_worked_out(judged, found, values, cell):
    _, report = judged(by_sex("EQUITY_FUND_LEARNERS", **values), small_count=5)
    assert found(report) == [("small_count_derivable", cell, "Q")]
    assert report.has_errors


def test_two_counts_withheld_protect_each_other(judged):
    assert not judged(by_sex("EQUITY_FUND_LEARNERS", F="Q", M=17, T="Q"), small_count=5)[1].issues


def test_a_part_that_is_missing_otherwise_protects_too(judged):
    assert not judged(by_sex("EQUITY_FUND_LEARNERS", F="Q", M="O", T=20), small_count=5)[1].issues
