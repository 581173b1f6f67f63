"""A table on its way back: findings stand in the cells that they are about, all else stays."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from tables.office import ods

from ckanext.learningcity.tables import marked_books, privacy, reading
from ckanext.learningcity.tables.marked import MOST, marked
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tables.validate import check

OFFICE = Path(__file__).parent / "office"
FILES = sorted(path for path in OFFICE.iterdir() if path.suffix not in {".py", ".yaml", ""})
LIST = "ผลการตรวจ (Report)"
RED, AMBER, BLUE = "FFC7CE", "FFE699", "DDEBF7"
HEAD = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"]


def examined(content: bytes) -> tuple[list, Report]:
    report = Report()
    read = reading.read(content, report)
    check(read.rows, read.layout, report)
    privacy.scan(read.grids, report, read.layout, read.rows)
    return read.grids, report


def returned(content: bytes, language: str = "en", report: Report | None = None) -> Workbook:
    grids, found = examined(content)
    back = marked(content, grids, report or found, language)
    return openpyxl.load_workbook(io.BytesIO(back))


def xlsx(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def marks(book: Workbook) -> dict[str, str]:
    """Return the colour of each marked cell by sheet and address."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.fill.start_color.rgb[2:]
        for sheet in book.worksheets
        if sheet.title != LIST
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid"
    }


def listed(book: Workbook) -> list[tuple]:
    rows = [row for row in book[LIST].values if row[1]]
    return rows[1:]


def report_of(book: Workbook) -> None:
    """Two sheets, the second with a title, merged headings of two rows, and the years beside."""
    cover = book.worksheets[0]
    cover.title = "ปก"
    cover["A1"] = "รายงานประจำปี"
    sheet = book.create_sheet("ตาราง 1")
    sheet.append(["ตารางที่ 1 อัตราการรู้หนังสือของผู้ใหญ่"])
    sheet.append(["จังหวัด", "พ.ศ.", None])
    sheet.append([None, 2565, 2566])
    sheet.append(["พะเยา", 93.5, 940])
    sheet.append(["เชียงรุ่ง", 91, 92])
    sheet.append(["ลำปาง", 90, "=B4-1"])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    sheet["B4"].number_format = "0.00"
    sheet["A4"].font = Font(bold=True, color="FF336699")
    sheet["C4"].comment = Comment("ตรวจแล้ว", "somebody")
    sheet.column_dimensions["A"].width = 33


def test_a_fault_of_a_wide_table_on_the_second_sheet_is_marked_in_its_cell():
    book = returned(xlsx(report_of))
    assert book.sheetnames == [LIST, "ปก", "ตาราง 1"]
    found = marks(book)
    assert found["ตาราง 1!C4"] == RED
    assert found["ตาราง 1!A5"] == RED
    assert "outside the range" in book["ตาราง 1"]["C4"].comment.text
    assert "เชียงรุ่ง" in book["ตาราง 1"]["A5"].comment.text


def test_all_else_of_a_workbook_stays():
    sheet = returned(xlsx(report_of))["ตาราง 1"]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A2:A3", "B2:C2"}
    assert sheet["C6"].value == "=B4-1"
    assert sheet["B4"].number_format == "0.00"
    assert sheet["A4"].font.bold
    assert sheet.column_dimensions["A"].width == 33
    assert sheet["C4"].comment.text.endswith("ตรวจแล้ว")


def test_the_list_has_code_severity_cell_found_expected_and_message():
    book = returned(xlsx(report_of))
    row = next(row for row in listed(book) if row[1] == "value_range")
    assert row == (
        "To be mended",
        "value_range",
        "ตาราง 1",
        "C4",
        "940",
        "0–100",
        "940 is outside the range of this indicator; expected 0–100.",
    )
    assert book.active.title == LIST
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [LIST]


def test_the_list_leads_to_the_cells():
    book = returned(xlsx(report_of))
    links = {cell.value: cell.hyperlink.location for cell in book[LIST]["D"] if cell.hyperlink}
    assert links["C4"] == "'ตาราง 1'!C4"


def test_list_and_comments_are_in_the_language_asked_for():
    book = returned(xlsx(report_of), "th")
    assert book["ตาราง 1"]["C4"].comment.text.startswith("ต้องแก้ไข: 940 อยู่นอกช่วง")
    assert listed(book)[0][0] == "ต้องแก้ไข"


def test_each_severity_has_its_colour_and_the_worst_one_wins():
    book = Workbook()
    book.worksheets[0].append(HEAD)
    report = Report()
    places = (("A1", "column_unknown"), ("B1", "value_jump"), ("C1", "value_jump"))
    report.add(Issue(code, 1, None, "x", "y", cell, "Sheet") for cell, code in places)
    report.add([Issue("area_unknown", 1, None, "x", "y", "C1", "Sheet")])
    back = returned(saved(book), report=report)
    assert marks(back) == {"Sheet!A1": BLUE, "Sheet!B1": AMBER, "Sheet!C1": RED}
    first, second = back["Sheet"]["C1"].comment.text.split("\n\n")
    assert first.startswith("To be mended")
    assert second.startswith("To be confirmed")
    assert [row[0] for row in listed(back)] == [
        "To be mended",
        "To be confirmed",
        "To be confirmed",
        "For information",
    ]


def test_a_finding_in_merged_cells_is_marked_in_the_one_that_shows():
    content = xlsx(report_of)
    report = Report()
    report.add([Issue("column_multiple", 3, None, "x", None, "A3", "ตาราง 1")])
    assert marks(returned(content, report=report)) == {"ตาราง 1!A2": AMBER}


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_another_file_becomes_a_workbook_with_the_same_addresses(kind):
    rows = [["ตารางสถิติ"], HEAD, ["ADULT_LITERACY", "TH-56", "2566", "940"]]
    content = (
        "\n".join(",".join(row) for row in rows).encode()
        if kind == "csv"
        else ods.workbook({"ตาราง": rows})
    )
    book = returned(content)
    name = {"csv": "data", "ods": "ตาราง"}[kind]
    assert book.sheetnames == [LIST, name]
    assert marks(book)[f"{name}!D3"] == RED
    assert book[name]["A3"].value == "ADULT_LITERACY"


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(0)", "+66", "@x", "-1", "#N/A", "0012"])
def test_text_never_becomes_a_formula(text):
    content = f"{','.join(HEAD)},COMMENT_OBS\nNEET,TH-56,2566,700,{text}\n{text},TH-56,2566,1,\n"
    book = returned(content.encode())
    for cell in (book["data"]["E2"], book["data"]["A3"]):
        assert (cell.value, cell.data_type) == (text, "s")
    found = [cell for row in book[LIST].iter_rows() for cell in row if cell.value == text]
    assert found
    assert {cell.data_type for cell in found} == {"s"}


def test_a_number_cut_by_a_comma_cannot_pass_for_its_first_half():
    content = f"{','.join(HEAD)}\nPOPULATION,TH-56,2566,1,234\n".encode()
    grids, report = examined(content)
    back = marked(content, grids, report, "en")
    assert openpyxl.load_workbook(io.BytesIO(back))["data"]["D2"].value == "1,234 ?"
    assert examined(back)[1].has_errors


def test_what_was_mended_is_no_longer_marked_when_it_comes_back_again():
    book = returned(xlsx(report_of))
    sheet = book["ตาราง 1"]
    sheet["C4"], sheet["C6"] = 94, 90
    assert [grid.name for grid in examined(saved(book))[0]] == ["ปก", "ตาราง 1"]
    again = returned(saved(book))
    assert again.sheetnames == [LIST, "ปก", "ตาราง 1"]
    assert "ตาราง 1!C4" not in marks(again)
    assert marks(again)["ตาราง 1!A5"] == RED
    assert again["ตาราง 1"]["C4"].comment.text == "ตรวจแล้ว"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_any_file_comes_back_as_a_workbook_that_lists_what_was_found(path):
    content = path.read_bytes()
    grids, report = examined(content)
    back = marked(content, grids, report, "th")
    book = openpyxl.load_workbook(io.BytesIO(back))
    assert book.sheetnames[0] == LIST
    assert len(listed(book)) == len(report.issues)
    assert len(book.worksheets) == 1 + len(grids) or path.suffix == ".xlsx"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\0\1\2", "ก".encode("utf-16")])
def test_bytes_that_are_no_table_come_back_as_a_list(content):
    assert returned(content).sheetnames[0] == LIST


def replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name).replace(old, new))
    return target.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<mergeCell ref="A2:A3"', b'<mergeCell ref="E9:ZZ400"'),
        (b"<sheetData>", b"<sheetData>" + b'<row r="9">' + b"<c/>" * 200_001 + b"</row>"),
        (b"</sheetData>", b'</sheetData><hyperlinks><hyperlink ref="A9:ZZ400"/></hyperlinks>'),
        (
            b"</sheetData>",
            b'<row r="9"><c r="A9"><f t="shared" si="0" ref="A9:A5000">'
            + b"B9+" * 700
            + b"1</f><v>1</v></c></row>"
            + b'<row><c><f t="shared" si="0"/><v>1</v></c></row>' * 5000
            + b"</sheetData>",
        ),
        (b'<numFmt numFmtId="164"', b'<numFmt numFmtId="many"'),
    ],
    ids=["merged", "cells", "links", "formulas", "unreadable"],
)
def test_a_workbook_that_is_dear_or_odd_comes_back_as_its_cells(old, new, monkeypatch):
    def fill(book: Workbook) -> None:
        report_of(book)
        book["ตาราง 1"]["B4"].number_format = '0.00" x"'

    content = replaced(xlsx(fill), old, new)
    assert content != xlsx(fill)
    grids, report = examined(content)
    opened, load = [], openpyxl.load_workbook
    with monkeypatch.context() as patch:
        patch.setattr(openpyxl, "load_workbook", lambda file: opened.append(file) or load(file))
        back = marked(content, grids, report, "en")
    assert len(opened) == (b"many" in new)  # the dear ones are not even opened
    book = openpyxl.load_workbook(io.BytesIO(back))
    assert marks(book)["ตาราง 1!C4"] == RED
    assert not book["ตาราง 1"]["A4"].font.bold


def test_a_cell_at_the_end_of_the_sheet_costs_nothing():
    def fill(book: Workbook) -> None:
        report_of(book)
        book["ตาราง 1"]["XFD1048576"].font = Font(bold=True)

    back = returned(saved(returned(xlsx(fill))))
    assert back["ตาราง 1"]["C4"].fill.start_color.rgb.endswith(RED)


def test_only_the_first_findings_are_marked_and_that_is_said():
    rows = "".join(f"NOTHING{at},TH-56,2566,1\n" for at in range(MOST + 50))
    book = returned(f"{','.join(HEAD)}\n{rows}".encode())
    assert len(listed(book)) == MOST
    texts = [row[0] for row in book[LIST].values]
    assert f"The first {MOST} of {MOST + 50} findings are listed and coloured." in texts


def test_of_a_very_large_table_the_rows_with_findings_come_back(monkeypatch):
    monkeypatch.setattr(marked_books, "MOST_CELLS", 1000)
    rows = [f"NEET,TH-56,{2530 + at // 12}-{at % 12 + 1:02},1" for at in range(400)]
    rows[300] = "NEET,TH-56,2555-01,many"
    book = returned("\n".join([",".join(HEAD), *rows]).encode())
    sheet = book["data"]
    assert sheet["D302"].value == "many"
    assert marks(book)["data!D302"] == RED
    assert sheet["A1"].value == "INDICATOR"
    assert sheet["A200"].value is None
    assert any("very large" in (row[0] or "") for row in book[LIST].values)


def test_names_of_sheets_that_excel_does_not_allow_are_changed():
    content = ods.workbook({"a/b:c": [HEAD, ["NEET", "TH-56", "2566", "940"]]})
    assert returned(content).sheetnames == [LIST, "a_b_c"]


def test_a_clean_table_says_so():
    book = returned(f"{','.join(HEAD)}\nNEET,TH-56,2566,9\n".encode())
    assert not marks(book)
    assert "Nothing was found." in [row[0] for row in book[LIST].values]


def test_what_is_personal_is_not_quoted():
    content = f"{','.join(HEAD)},COMMENT_OBS\nNEET,TH-56,2566,9,someone@example.org\n".encode()
    book = returned(content)
    assert marks(book)["data!E2"] == RED
    texts = [str(value) for row in book[LIST].values for value in row]
    assert not any("someone@" in text for text in texts)
    assert "someone@" not in book["data"]["E2"].comment.text
