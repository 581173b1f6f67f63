"""What holds for every table: no exception, the same answer twice, no alarm about good data."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import ROW, Layout
from ckanext.learningcity.tables.model import COLUMNS, DIMENSIONS, KEY, SCHEMA
from ckanext.learningcity.tables.privacy import scan
from ckanext.learningcity.tables.reading import read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.rules import keys
from ckanext.learningcity.tables.validate import check

SEED = sorted((Path(__file__).parents[2] / "seed-data" / "observations").glob("*.csv"))
PUBLISHED = [name for name in COLUMNS if name in {*KEY, "OBS_VALUE", "OBS_STATUS", "COMMENT_OBS"}]
ALIKE = [name for name in COLUMNS if not name.endswith("_ORIGINAL")]


def checked(rows, **circumstances):
    report = Report()
    rows = rows.cast(pl.String).with_row_index(ROW, offset=2).cast({ROW: pl.Int64})
    return check(rows, Layout(), report, Circumstances(**circumstances)), report


periods = st.builds(
    "{}{}".format,
    st.one_of(st.integers(1900, 2026), st.integers(2443, 2569)),
    st.sampled_from(["", "", "", "-Q1", "-S1", "-03"]),
)
good_rows = st.fixed_dictionaries(
    {
        "INDICATOR": st.sampled_from(["ADULT_LITERACY", "POPULATION", "COORDINATION"]),
        "REF_AREA": st.sampled_from(["TH", "TH-56", "พะเยา", "TH-57-M5701", "Bangkok"]),
        "SEX": st.sampled_from([None, "_T", "F", "ชาย"]),
        "AGE": st.sampled_from([None, "Y0T5", "60+"]),
        "TIME_PERIOD": periods,
        "PERIOD_TYPE": st.sampled_from([None, "fiscal", "ปีการศึกษา"]),
        "OBS_VALUE": st.integers(0, 4).map(str),
        "OBS_STATUS": st.sampled_from([None, "A", "E"]),
        "COMMENT_OBS": st.one_of(st.none(), st.text(min_size=1, max_size=5)),
    }
)


@settings(deadline=None)
@given(st.lists(good_rows, min_size=1, max_size=12))
def test_a_checked_table_written_back_is_the_same(rows):
    table, report = checked(pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)))
    assert set(report.counts) <= {
        *report.to_confirm,
        "duplicate_key",
        "duplicate_same",
        "period_eras_mixed",
        "period_future",
    }
    again, _ = checked(table.select(PUBLISHED))
    assert again.select(ALIKE).equals(table.select(ALIKE))
    assert table.equals(table.sort(KEY))
    assert dict(table.schema) == SCHEMA
    assert not checked(table.select(PUBLISHED), previous=table)[1].counts.keys() & {
        "value_jump",
        "many_removed",
    }


words = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.sampled_from(
        ["ADULT_LITERACY", "POPULATION", "TH", "TH-56", "2567", "9999", "3", "0.5", "F"]
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(words, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=6),
    st.one_of(st.none(), st.frozensets(st.sampled_from(list(codelists.areas())), max_size=3)),
)
def test_any_cells_under_any_circumstances_give_a_report(cells, areas):
    rows = pl.DataFrame(cells, dict.fromkeys(COLUMNS, pl.String), orient="row")
    previous, _ = checked(rows)
    table, report = checked(rows, areas=areas, previous=previous, small_count=5)
    assert dict(table.schema) == SCHEMA
    for language in ("en", "th"):
        for issue in report.as_dict(language)["issues"]:
            assert issue["message"]
            assert issue["expected"] is not None
    assert report.has_errors or table.height > 0 or not cells


@pytest.mark.parametrize("path", SEED, ids=lambda path: path.stem)
def test_good_files_raise_no_alarm_under_any_circumstances(path):
    report = Report()
    reading = read(path.read_bytes(), report)
    first = check(reading.rows, reading.layout, report)
    known = Circumstances(areas=frozenset(first["REF_AREA"]), previous=first, small_count=5)
    again = check(reading.rows, reading.layout, report, known)
    scan(reading.grids, report, reading.layout, reading.rows)
    assert report.as_dict("en")["issues"] == []
    assert again.equals(first)


def test_keys_are_in_the_order_of_their_text_and_fit_a_whole_number():
    largest = sum((len(keys.ranks(n)) - 1) * keys.stride(n) for n in KEY if n != "TIME_PERIOD")
    assert largest + keys.period_rank("2157-S2") < 2**63
    assert keys.period_rank("2157-S2") < keys.stride("PERIOD_TYPE")
    written = sorted(["2024", "2024-01", "2024-12", "2024-Q1", "2024-Q4", "2024-S1", "2025"])
    assert [keys.period_rank(each) for each in written] == sorted(map(keys.period_rank, written))
    assert [keys.stride(name) for name in KEY] == sorted(map(keys.stride, KEY), reverse=True)
    assert set(DIMENSIONS) < set(KEY)


def test_every_unit_says_which_change_is_a_jump():
    for code, unit in codelists.units().items():
        assert unit["jump"]["difference"] >= 0, code
        assert unit["jump"].get("factor", 1) >= 1, code
        assert not unit.get("persons") or unit.get("whole"), code
