"""Text that a spreadsheet would run is written so that it does not, and read back as it was."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.tables.formulas import disarm, rearm


def written(text: str | None) -> str | None:
    return disarm(pl.DataFrame({"a": [text]}, {"a": pl.String}), ["a"])["a"][0]


@pytest.mark.parametrize(
    "text", ["=1+1", "+66 2", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''-"]
)
def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(text):
    assert written(text) == f"'{text}"


@pytest.mark.parametrize("text", [None, "", "ค่าประมาณ", "a=1", "'quoted'", "'", " x"])
def test_other_text_stays_as_it_is(text):
    assert written(text) == text


@given(st.lists(st.none() | st.text("'=+-@\t\r\n＝aก")))
def test_reading_back_gives_what_was_written(texts):
    table = pl.DataFrame({"a": texts}, {"a": pl.String})
    assert rearm(disarm(table, ["a"]), ["a"]).equals(table)


def test_only_the_columns_named_are_touched():
    table = pl.DataFrame({"a": ["=1"], "b": ["=1"]})
    assert disarm(table, ["a"]).row(0) == ("'=1", "=1")
