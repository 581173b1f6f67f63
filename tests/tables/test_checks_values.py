"""Single values: whole numbers, per cents that are fractions, duplicates."""

from __future__ import annotations

import polars as pl
import pytest

HEAD = "indicator|area|year|value|status"


@pytest.fixture
def previous(judged):
    """Return a release of these rows."""

    def release(*rows):
        return judged(f"{HEAD}\n" + "\n".join(rows))[0]

    return release


@pytest.mark.parametrize("indicator", ["POPULATION", "LEARNING_EVENTS"])
def test_what_is_counted_is_whole(judged, found, indicator):
    _, report = judged(f"{HEAD}\n{indicator}|TH-56|2566|1000.5|\n{indicator}|TH-56|2567|1000.0|")
    assert found(report) == [("value_not_whole", "D2", "1000.5")]
    assert report.has_errors


@pytest.mark.parametrize("status", ["E", "F", "I"])
def test_an_estimate_may_have_a_fraction(judged, status):
    assert not judged(f"{HEAD}\nPOPULATION|TH-56|2567|1000.5|{status}")[1].issues


def test_a_rate_may_have_a_fraction(judged):
    assert not judged(f"{HEAD}\nADULT_LITERACY|TH-56|2567|93.25|")[1].issues


def test_per_cents_given_as_fractions_are_to_be_confirmed(judged, found, previous):
    before = previous("ADULT_LITERACY|TH-56|2566|93|")
    _, report = judged(
        f"{HEAD}\nADULT_LITERACY|TH-56|2566|0.93|\nADULT_LITERACY|TH-57|2567|0.9|", previous=before
    )
    assert ("value_fraction", "D2", "0.93") in found(report)
    assert report.counts["value_fraction"] == 1
    assert "93 if this is a fraction" in report.as_dict("en")["issues"][0]["expected"]


def test_fractions_are_told_by_their_decimals_where_nothing_was_published(judged):
    rows = [f"ADULT_LITERACY|TH-{area}|2567|0.{value}|" for area, value in ((56, 931), (57, 918))]
    assert not judged("\n".join([HEAD, *rows]))[1].issues
    rows.append("ADULT_LITERACY|TH-50|2567|0.94|")
    assert judged("\n".join([HEAD, *rows]))[1].to_confirm == ["value_fraction"]


@pytest.mark.parametrize(
    "values",
    [
        ("0.9", "1.0", "0.8"),  # as many decimals as the indicator has
        ("0.93", "0.95", "1.2"),  # one is above 1
        ("0", "0", "0"),
    ],
)
def test_low_rates_are_no_fractions(judged, values):
    rows = [f"UNEMPLOYMENT|TH-{56 + at}|2567|{value}|" for at, value in enumerate(values)]
    assert not judged("\n".join([HEAD, *rows]))[1].issues


def test_a_rate_that_was_low_before_may_stay_low(judged, previous):
    before = previous("RD_EXPENDITURE|TH-56|2566|0.4123|", "RD_EXPENDITURE|TH-57|2566|0.5123|")
    rows = [f"RD_EXPENDITURE|TH-{area}|2567|0.4321|" for area in (56, 57, 50)]
    assert not judged("\n".join([HEAD, *rows]), previous=before)[1].to_confirm


def test_the_same_row_twice_is_kept_once_and_told(judged, found):
    row = "ADULT_LITERACY|TH-56|2567|93|"
    table, report = judged(f"{HEAD}\n{row}\n{row}\n{row}")
    assert found(report) == [("duplicate_same", "A3", "2"), ("duplicate_same", "A4", "2")]
    assert not report.has_errors
    assert table.height == 1


@pytest.mark.parametrize("other", ["94|", "93|E", "|O"])
def test_two_answers_for_one_observation_stop_a_release(judged, found, other):
    _, report = judged(f"{HEAD}\nADULT_LITERACY|TH-56|2567|93|\nADULT_LITERACY|พะเยา|2024|{other}")
    assert ("duplicate_key", "A3", "2") in found(report)
    assert report.has_errors


def test_two_notes_on_one_observation_stop_a_release(judged):
    head = "indicator|area|year|value|note"
    _, report = judged(f"{head}\nADULT_LITERACY|TH-56|2567|93|a\nADULT_LITERACY|TH-56|2567|93|b")
    assert report.counts == {"duplicate_key": 1}


def test_a_checked_table_written_back_is_the_same(judged):
    table, _ = judged(
        f"{HEAD}\nADULT_LITERACY|พะเยา|2567|93.10|\nPOPULATION|TH-56|ปีงบประมาณ 2567|5|E"
    )
    names = {"INDICATOR": "indicator", "REF_AREA": "area", "TIME_PERIOD": "year"}
    names |= {"OBS_VALUE": "value", "OBS_STATUS": "status", "PERIOD_TYPE": "kind"}
    written = table.select(pl.col(name).cast(pl.String).alias(head) for name, head in names.items())
    again, report = judged(written.write_csv(separator="|"))
    assert not report.issues
    same = [name for name in table.columns if not name.endswith("_ORIGINAL")]
    assert again.select(same).equals(table.select(same))
