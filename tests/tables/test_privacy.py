"""The privacy gate: data on persons anywhere in a file stop a publish, codes and values do not."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.tables import personal
from ckanext.learningcity.tables.layout import ROW, Column, Grid, Layout, letters
from ckanext.learningcity.tables.privacy import CONTACTS, scan
from ckanext.learningcity.tables.report import Issue, Report

ID, ID_ON_CARD = "1101700230708", "1-1017-00230-70-8"  # made up, with a right check digit
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def grid(lines, name="", first=1):
    """Return a sheet of these lines, the first of them in row `first`."""
    width = max(map(len, lines))
    cells = [[*line, *[None] * (width - len(line))] for line in lines]
    frame = pl.DataFrame(cells, [letters(at) for at in range(width)], orient="row")
    frame = frame.cast(pl.String).with_row_index(ROW, offset=first).cast({ROW: pl.Int64})
    return Grid(name, frame)


def scanned(*grids, **known):
    report = Report()
    scan(grids, report, **known)
    return [
        (issue.code.removeprefix("privacy_"), issue.cell, issue.found) for issue in report.issues
    ]


def table(column, *cells):
    """Return a sheet of indicators with a further column."""
    rows = [["POPULATION", "TH-56", "2567", "1000", cell] for cell in cells]
    return grid([["ตัวชี้วัด", "พื้นที่", "ปี", "ค่า", column], *rows])


@pytest.mark.parametrize(
    "written",
    [
        ID,
        ID_ON_CARD,
        ID_ON_CARD.replace("-", " "),
        ID.translate(THAI_DIGITS),
        ID_ON_CARD.translate(THAI_DIGITS),
        f"{ID}.0",
        "1.101700230708E+12",
        f"เลขบัตร{ID_ON_CARD}ของผู้รับทุน",
        f"(id: {ID})",
    ],
)
def test_a_national_id_is_found_in_every_spelling(written):
    (code, cell, found), *others = scanned(table("หมายเหตุ", "", written))
    assert (code, cell, others) == ("id", "E3", [])
    assert found[1:] in {"10•••", "-1•••", " 1•••"}


@pytest.mark.parametrize(
    "written",
    [
        "1101700230709",  # wrong check digit
        "0105536000127",  # a company's number has a right one too
        "9786167654324",  # a book's
        "11017002307081",
        f"TH{ID}",
        f"0.{ID}",
        f"{ID}.5",
    ],
)
def test_other_long_numbers_are_no_ids(written):
    assert scanned(table("หมายเหตุ", written)) == []


@pytest.mark.parametrize("written", ["0012345678909", "0123489000128"])
def test_ids_of_persons_without_papers_are_ids(written):
    assert scanned(table("หมายเหตุ", written)) == [("id", "E2", f"{written[:3]}•••")]


def test_thirteen_digits_in_a_column_of_values_are_values_unless_the_heading_says_otherwise():
    layout = Layout({"OBS_VALUE": Column("E", "ค่า")})
    assert scanned(table("มูลค่า (บาท)", ID), layout=layout) == []
    assert scanned(table("เลขประจำตัวประชาชน", ID), layout=layout) == [("id", "E2", "110•••")]
    named = grid([["ชื่อ-สกุล", "ค่า"], ["นายสมชาย ใจดี", ID]])
    assert ("id", "B2", "110•••") in scanned(named, layout=Layout({"OBS_VALUE": Column("B", "ค่า")}))


def test_a_column_of_other_numbers_holds_right_check_digits_by_chance():
    numbers = [str(1101700230700 + step) for step in range(40)]
    assert sum(bool(personal.national_ids(number)) for number in numbers) >= 3
    assert scanned(table("บาร์โค้ด", *numbers)) == []


@pytest.mark.parametrize(
    "written",
    [
        "081-234-5678",
        "0812345678",
        "08-1234-5678",
        "๐๘๑-๒๓๔-๕๖๗๘",
        "โทร.054-466666",
        "0 5446 6666 ต่อ 12",
        "(054) 466-666",
        "02-123-4567",
        "+66 81 234 5678",
        "0-2123-4567-9",
    ],
)
def test_a_telephone_number_is_found_in_every_spelling(written):
    ((code, cell, found),) = scanned(table("หมายเหตุ", written))
    assert (code, cell) == ("phone", "E2")
    assert len(re.sub(r"\D", "", found)) <= 3


@pytest.mark.parametrize("written", ["812345678", "0812345678", "054466666", "66812345678"])
def test_a_heading_makes_digits_a_telephone_number(written):
    assert scanned(table("เบอร์โทรศัพท์", written))[0][0] == "phone"


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("หมายเหตุ", "2024-01-02"),
        ("หมายเหตุ", "0.812345678"),
        ("หมายเหตุ", "098765432109"),
        ("หมายเหตุ", "021234567"),
        ("รหัสโรงเรียน", "0812345678"),
        ("รหัสหน่วยงาน", "1056010001"),
        ("จำนวนผู้ใช้โทรศัพท์มือถือ", "56123456"),
        ("ครัวเรือนที่มีโทรทัศน์", "812345678"),
        ("หมายเหตุ", "พิกัด 19.1664, 99.9019"),
    ],
)
def test_codes_dates_and_counts_are_no_telephone_numbers(heading, written):
    assert scanned(table(heading, written)) == []


def test_a_mail_address_is_found_and_its_owner_is_masked():
    assert scanned(table("หมายเหตุ", "ส่งที่ somchai.j@example.ac.th ครับ")) == [
        ("email", "E2", "s•••@example.ac.th")
    ]


def test_names_beside_ids_or_telephones_are_found_by_heading_and_by_title():
    people = [["นายสมชาย ใจดี", "x"], ["น.ส. มานี มีนา", "x"], ["ด.ช.ปิติ ยินดี", "x"]]
    headed = grid([["ชื่อ - สกุล", "เลขประจำตัวประชาชน"], ["ปิติ", "ไม่ทราบ"]])
    assert scanned(headed) == [("name", "A1", "ชื่อ - สกุล")]
    titled = grid([["ผู้เรียน", "วันเกิด"], *people])
    assert scanned(titled) == [("name", "A2", "A")]


def test_names_alone_and_offices_are_no_data_on_persons():
    offices = [["นายกเทศมนตรี เมืองพะเยา", "5"], ["นายก อบต. แม่กา", "6"], ["นายอำเภอ", "7"]]
    assert scanned(grid([["หน่วยงาน", "เบอร์โทร"], *offices])) == []
    assert scanned(grid([["ชื่อ-สกุล", "คะแนน"], ["สมชาย ใจดี", "5"]])) == []


def test_the_address_of_an_office_beside_the_table_is_told_and_stops_nothing():
    report = Report()
    lines = [["ข้อมูลห้องสมุด"], ["ปี", "ค่า", "หน่วย"], ["2567", "10", "คน"], ["ติดต่อ", "054-466666"]]
    scan([grid(lines)], report)
    assert [(issue.code, issue.cell) for issue in report.issues] == [("privacy_contact", "B4")]
    assert (report.has_errors, report.to_confirm) == (False, [])


def test_a_row_of_the_table_with_few_cells_is_not_beside_it():
    sheet = grid([["ปี", "ค่า", "หมายเหตุ"], ["2567", "1", "ก"], ["2568", None, "054-466666"]])
    rows = pl.DataFrame({ROW: [2, 3]})
    assert [each[0] for each in scanned(sheet)] == ["contact"]
    assert [each[0] for each in scanned(sheet, layout=Layout(), rows=rows)] == ["phone"]


def test_many_addresses_beside_the_table_are_a_list_of_persons():
    head = [["ปี", "ค่า", "หน่วย"], ["2567", "10", "คน"]]
    some = [[f"081-234-56{at:02}"] for at in range(CONTACTS + 1)]
    assert {each[0] for each in scanned(grid(head + some[:-1]))} == {"contact"}
    assert {each[0] for each in scanned(grid(head + some))} == {"phone"}


def test_an_id_beside_the_table_stops_a_publish():
    assert scanned(grid([["ผู้จัดทำ", ID_ON_CARD], ["ปี", "ค่า", "หน่วย"]]))[0][0] == "id"


def test_every_sheet_and_row_is_looked_at_and_named():
    hidden = Grid("ซ่อน", grid([["a", "b", "c", ID]], first=7).cells, frozenset({7}))
    report = Report()
    scan([table("หมายเหตุ", "ปกติ"), hidden], report, Layout(sheet=""))
    (issue,) = report.issues
    assert (issue.sheet, issue.row, issue.cell, issue.column) == ("ซ่อน", 7, "D7", "D")


def test_nothing_personal_is_written_into_a_report():
    report = Report()
    report.add(
        [
            Issue("value_not_number", 2, "ค่า", f"บัตร {ID_ON_CARD} โทร 081-234-5678"),
            Issue("area_unknown", 3, "พื้นที่", "somchai@example.com"),
        ]
    )
    scan([table("หมายเหตุ", f"นายสมชาย ใจดี {ID} 0812345678 somchai@example.com")], report)
    said = str(report.as_dict("th")) + repr(report)
    for secret in (ID, ID_ON_CARD, "081-234-5678", "0812345678", "somchai", "สมชาย"):
        assert secret not in said


def test_an_empty_workbook_has_nothing_personal():
    assert scanned(Grid("", pl.DataFrame(schema={ROW: pl.Int64}))) == []
    assert scanned(Grid("", pl.DataFrame(schema={ROW: pl.Int64, "A": pl.String}))) == []
    assert scanned() == []


@given(st.from_regex(r"[1-8]\d{11}", fullmatch=True))
def test_each_id_has_one_check_digit(digits):
    right = [last for last in "0123456789" if personal.national_ids(digits + last)]
    assert len(right) == 1


@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_cells_can_be_looked_at(lines):
    scanned(grid(lines))
