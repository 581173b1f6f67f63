"""What a column is, what it is called, and where a table stands."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.tables import reading
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tabular import columns, kinds, shape, words


def kind(heading: str, *values: str | None) -> str:
    return kinds.kind(heading, pl.Series(values, dtype=pl.String))


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        ("ค่า", ["1", "-2.5", "0", "1,234", "12,345,678.90", None], "numeric"),
        ("ปี", ["2565", "2566"], "numeric"),
        ("Number of students", ["12", "7"], "numeric"),
        ("Provided", ["12", "7"], "numeric"),
        ("วันที่", ["2024-02-29", "1999-12-31"], "date"),
        ("รหัสไปรษณีย์", ["56000", "50100"], "text"),
        ("School code", ["1", "2"], "text"),
        ("school_id", ["1", "2"], "text"),
        ("โทรศัพท์", ["544660", "544661"], "text"),
        ("ค่า", ["01", "2"], "text"),
        ("ค่า", ["1", "-"], "text"),
        ("ค่า", ["1", "ไม่มีข้อมูล"], "text"),
        ("ค่า", ["1e5", "2"], "text"),
        ("ค่า", ["12,34"], "text"),
        ("ค่า", ["1,234,56"], "text"),
        ("ค่า", ["+1"], "text"),
        ("ค่า", ["1."], "text"),
        ("ค่า", ["๑๒"], "text"),
        ("ค่า", ["1\n"], "text"),
        ("ค่า", ["1234567890123456"], "text"),
        ("ค่า", ["1101700230708", "1101700230716"], "text"),
        ("ค่า", ["1234567890", "12345"], "numeric"),
        ("วันที่", ["2567-01-31"], "text"),
        ("วันที่", ["2024-02-30"], "text"),
        ("วันที่", ["31/01/2024"], "text"),
        ("ค่า", [None, None], "text"),
        ("ค่า", ["TRUE"], "text"),
    ],
)
def test_only_what_loses_nothing_is_more_than_text(heading, values, expected):
    assert kind(heading, *values) == expected


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_that_is_read_as_one_keeps_its_value(value):
    text = repr(value)
    if kind("ค่า", text) == "numeric":
        assert float(kinds.converted(pl.Series([text]), "numeric")[0]) == value


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (["ชื่อ", "Name", "ปี"], ["c01", "name", "c03"]),
        (["Population (2023)", "% female"], ["population_2023", "female"]),
        (["Name", "name", "NAME "], ["name", "name_2", "name_3"]),
        (["2566", "2567"], ["c_2566", "c_2567"]),
        (["ctid", "rank", "_id", "_full_text"], ["c_ctid", "c_rank", "id", "full_text"]),
        (["", "***", "c02"], ["c01", "c02", "c02_2"]),
        (["c02", "ชื่อ"], ["c02", "c03"]),
        (["Ｎａｍｅ", "naïve"], ["name", "c02"]),
        (["x" * 200, "x" * 200], ["x" * 40, "x" * 40 + "_2"]),
        (["ชื่อ (Name)"], ["c01"]),
    ],
)
def test_ids_are_short_ascii_and_each_one_once(headings, names):
    assert columns.ids(headings) == names


@given(st.lists(st.text(max_size=80), max_size=30))
def test_any_headings_give_ids_that_the_datastore_takes(headings):
    names = columns.ids(headings)
    assert len(set(names)) == len(headings)
    for name in names:
        assert name.isascii()
        assert name.isidentifier()
        assert 0 < len(name) <= 63


def test_a_heading_keeps_its_id_and_a_gone_one_is_not_given_away():
    first = ["จังหวัด", "ค่า", "ค่า"]
    known = list(zip(first, columns.ids(first), strict=True))
    again = columns.ids(["ค่า", "ใหม่", "ค่า"], known)
    assert again == ["c02", "c04", "c03"]


def table(text: str) -> tuple[shape.Table | None, Report]:
    report = Report()
    return shape.find(reading.grids(text.encode(), report), report), report


def test_titles_above_and_notes_below_are_no_data():
    found, _report = table(
        "ตารางที่ 1,,\n,,\nชื่อ,ปี,ค่า\nก,2566,1\nข,2566,2\nที่มา: สำนักงาน,,\nหมายเหตุ,,\n"
    )
    assert found.headings == ("ชื่อ", "ปี", "ค่า")
    assert found.body.rows() == [("ก", "2566", "1"), ("ข", "2566", "2")]
    assert (found.above, found.below) == (1, 2)


def test_a_row_with_gaps_among_others_is_data():
    found, _report = table("ชื่อ,ปี,ค่า\nก,2566,1\nข,,\nค,2566,3\n")
    assert found.body.height == 3


def test_a_list_of_one_column_is_a_table():
    found, _report = table("ชื่อ\nก\nข\n")
    assert (found.headings, found.body.height, found.below) == (("ชื่อ",), 2, 0)


def test_headings_over_two_rows_of_a_text_file_are_joined_where_one_is_empty():
    found, _report = table("จังหวัด,จำนวน,,\n,ชาย,หญิง,รวม\nพะเยา,1,2,3\nน่าน,4,5,9\n")
    assert found.headings == ("จังหวัด", "ชาย", "หญิง", "รวม")
    assert found.body.height == 2


def test_a_column_that_is_empty_throughout_is_left_out():
    found, _report = table("ชื่อ,,ค่า\nก,,1\nข,,2\n")
    assert found.headings == ("ชื่อ", "ค่า")


@pytest.mark.parametrize("text", ["ชื่อ,ค่า\n", "ชื่อ\n", "\n\n", ",,\n,,\n"])
def test_headings_alone_are_no_table(text):
    assert table(text)[0] is None


@given(st.lists(st.lists(st.text('กขค 12,-"\n', max_size=6), max_size=5), max_size=8))
def test_any_cells_are_a_table_or_none(cells):
    text = "\n".join(",".join(cell.replace('"', "").replace("\n", "") for cell in r) for r in cells)
    found, _report = table(text)
    assert found is None or found.body.width == len(found.headings)


def test_thai_is_cut_into_words_and_neighbours_are_joined():
    row = words.of_rows(pl.DataFrame({"A": ["ห้องสมุดประชาชนพะเยา", None], "B": [None, "plain"]}))
    found = row[0].split()
    assert {"ห้องสมุด", "ประชาชน", "พะเยา", "ห้องสมุดประชาชน", "ห้องสมุดประชาชนพะเยา"} <= set(found)
    assert row[1] == "plain"


def test_a_very_long_cell_does_not_make_a_very_long_row():
    row = words.of_rows(pl.DataFrame({"A": ["การเรียนรู้" * 50_000]}))
    assert len(row[0]) <= 100_000
