"""Workbooks cell by cell: what the grid of a sheet holds is what its reader sees."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, time

import polars as pl
import pytest
import xlsxwriter
from tables.office import ods
from xlsxwriter.workbook import Workbook

from ckanext.learningcity.tables.files.formats import shown_date
from ckanext.learningcity.tables.layout import ROW, Grid
from ckanext.learningcity.tables.reading import grids, read
from ckanext.learningcity.tables.report import Report


def sheets(content: bytes) -> dict[str, Grid]:
    report = Report()
    found = grids(content, report)
    assert not report.issues
    return {grid.name: grid for grid in found}


def texts(grid: Grid) -> list[list[str | None]]:
    return [list(row) for row in grid.cells.drop(ROW).iter_rows()]


def xlsx(fill: Callable[[Workbook], None], **options: object) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, options) as book:
        fill(book)
    return target.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as copy,
    ):
        for name in source.namelist():
            text = source.read(name)
            assert name != part or old in text
            copy.writestr(name, text.replace(old, new) if name == part else text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (93, "General", "93"),
        (93.0, "0.00", "93"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.5, "#,##0.0", "1234567.5"),
        (1234567890123, "0", "1234567890123"),
        (0.93, "0%", "93%"),
        (0.07, "0.0%", "7%"),
        (0.9412, "#,##0.00%;[Red]-0.00%", "94.12%"),
        (12, '0 "ปี"', "12"),
        (12, '0" days"', "12"),
        (12, "[Red]0", "12"),
        (datetime(2024, 3, 31), "d mmm yyyy", "2024-03-31"),  # noqa: DTZ001
        (datetime(2567, 12, 31), "[$-41E]d mmmm yyyy", "2567-12-31"),  # noqa: DTZ001
        (datetime(2024, 3, 31), "dd/mm/bbbb", "2024-03-31"),  # noqa: DTZ001
        (datetime(2024, 3, 31, 8, 30), "yyyy-mm-dd hh:mm", "2024-03-31T08:30:00"),  # noqa: DTZ001
        (time(8, 30), "hh:mm", "08:30:00"),
        (True, "General", "TRUE"),
        ("=1+1 as text", "@", "=1+1 as text"),
        (" ชื่อ\nสองบรรทัด ", "@", "ชื่อ\nสองบรรทัด"),
    ],
)
def test_a_cell_of_an_xlsx(value, number_format, shown):
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("a")
        sheet.write(0, 1, value, book.add_format({"num_format": number_format}))

    grid = sheets(xlsx(fill, strings_to_formulas=False))["a"]
    assert texts(grid) == [[None, shown]]


@pytest.mark.parametrize(
    ("days", "from_1904", "shown"),
    [
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("61", False, "1900-03-01"),
        ("45382", False, "2024-03-31"),
        ("45382.999994", False, "2024-03-31T23:59:59"),
        ("43920", True, "2024-03-31"),
        ("0.5", False, "12:00:00"),
        ("1e300", False, "1e300"),
        ("soon", False, "soon"),
        ("nan", False, "nan"),
    ],
)
def test_days_become_dates_as_the_program_counts_them(days, from_1904, shown):
    assert shown_date(days, from_1904=from_1904) == shown


def test_rich_inline_and_shared_texts_and_a_chart():
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("ข้อมูล")
        sheet.write_rich_string("A1", "จังหวัด", book.add_format({"bold": True}), "พะเยา", " (1)")
        sheet.write("B1", "ซ้ำ")
        sheet.write("C1", "ซ้ำ")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=ข้อมูล!$A$1"})
        book.add_chartsheet("กราฟ").set_chart(chart)
        book.add_worksheet("ว่าง")

    found = sheets(xlsx(fill))
    assert list(found) == ["ข้อมูล"]
    assert texts(found["ข้อมูล"]) == [["จังหวัดพะเยา (1)", "ซ้ำ", "ซ้ำ"]]
    inline = xlsx(
        lambda book: book.add_worksheet("a").write("A1", "พะเยา") and None, in_memory=True
    )
    part = "xl/worksheets/sheet1.xml"
    text = '<c r="A1" t="inlineStr"><is><t>ลำพูน</t></is></c>'.encode()
    swapped = replaced(inline, part, b'<c r="A1" t="s"><v>0</v></c>', text)
    assert texts(sheets(swapped)["a"]) == [["ลำพูน"]]


@pytest.mark.parametrize("number", [b"7", b"-1", b"x", b""])
def test_a_text_that_the_workbook_does_not_have_is_damage(number):
    content = xlsx(lambda book: book.add_worksheet("a").write("A1", "พะเยา") and None)
    part = "xl/worksheets/sheet1.xml"
    broken = replaced(content, part, b"<v>0</v>", b"<v>" + number + b"</v>")
    report = Report()
    assert not grids(broken, report)
    assert set(report.counts) <= {"file_damaged", "file_empty"}


def test_cells_without_references_follow_each_other():
    content = xlsx(lambda book: book.add_worksheet("a").write_row("A1", [1, 2]) and None)
    part = "xl/worksheets/sheet1.xml"
    bare = replaced(content, part, b' r="B1"', b"")
    assert texts(sheets(replaced(bare, part, b'<c r="A1"', b"<c"))["a"]) == [["1", "2"]]


def test_merged_cells_carry_their_text_and_hidden_rows_are_known():
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("a")
        sheet.merge_range("A1:B2", "พะเยา")
        sheet.write("C3", 1)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})

    grid = sheets(xlsx(fill))["a"]
    assert texts(grid) == [["พะเยา", "พะเยา", None], ["พะเยา", "พะเยา", None], [None, None, "1"]]
    assert grid.hidden == {2}
    assert grid.cells.schema == {ROW: pl.Int64, **dict.fromkeys("ABC", pl.String)}


def test_hidden_columns_are_asked_about_if_they_are_read():
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("a")
        headings = ("indicator", "area", "year", "value", "remarks of the office")
        for row, cells in enumerate((headings, ("ADULT_LITERACY", "TH-56", "2566", 93, "x"))):
            sheet.write_row(row, 0, cells)
        sheet.set_column("C:C", None, None, {"hidden": True})
        sheet.set_column("E:XFD", None, None, {"hidden": True})

    report = Report()
    rows = read(xlsx(fill), report).rows
    assert rows["TIME_PERIOD"].to_list() == ["2566"]
    [told] = [issue for issue in report.issues if issue.code == "sheet_columns_hidden"]
    assert told.found == "C"  # the column of remarks that nobody reads is nobody's concern


def test_hidden_columns_of_an_ods():
    xml = ods.content({"s": [ods.row([ods.cell("a"), ods.cell("b"), ods.cell("c")])]})
    columns = (
        '<table:table-column/><table:table-column table:visibility="collapse" '
        'table:number-columns-repeated="16383"/>'
    )
    content = ods.packed(xml.replace("<table:table-row>", f"{columns}<table:table-row>", 1))
    assert sheets(content)["s"].hidden_columns == {"B", "C"}


def test_the_cells_of_an_ods():
    rows = [
        ods.row([ods.cell("a"), ods.cell(1.50), ods.cell(ods.Percent("7%")), ods.cell(repeated=3)]),
        ods.row([ods.cell(repeated=2), ods.cell("b\nc", repeated=2)], repeated=2),
        ods.row([ods.cell(repeated=16384)], repeated=1_000_000),
    ]
    assert texts(sheets(ods.packed(ods.content({"s": rows})))["s"]) == [
        ["a", "1.5", "7%", None],
        [None, None, "b\nc", "b\nc"],
        [None, None, "b\nc", "b\nc"],
    ]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('office:value-type="boolean" office:boolean-value="true"><text:p>ใช่</text:p>', "TRUE"),
        ('office:value-type="date" office:date-value="2567-12-31T00:00:00">', "2567-12-31"),
        ('table:formula="of:=[.A1]+1">', "=[.A1]+1"),
        (
            'office:value-type="string"><text:p>a<text:s text:c="2"/><text:span>b</text:span> c'
            "</text:p><office:annotation><text:p>note</text:p></office:annotation>",
            "a  b c",
        ),
        (
            'office:value-type="string"><text:p>'
            + "<text:span>" * 5_000
            + "x"
            + "</text:span>" * 5_000
            + "y</text:p>",
            "y",
        ),
    ],
)
def test_a_cell_of_an_ods(cell, shown):
    xml = ods.content(
        {"s": [ods.row([ods.cell("first"), f"<table:table-cell {cell}</table:table-cell>"])]}
    )
    assert texts(sheets(ods.packed(xml))["s"]) == [["first", shown]]


def test_a_hidden_sheet_has_all_of_its_rows_hidden():
    def fill(book: Workbook) -> None:
        book.add_worksheet("shown").write("A1", 1)
        hidden = book.add_worksheet("hidden")
        hidden.write("A3", 1)
        hidden.hide()

    assert [sorted(grid.hidden) for grid in sheets(xlsx(fill)).values()] == [[], [1, 2, 3]]
    style = (
        '<office:automatic-styles><style:style xmlns:style="urn:x" style:name="ta2" '
        'style:family="table"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body>"
    )
    xml = ods.content({"s": [ods.row([ods.cell("x")])]}).replace("<office:body>", style)
    xml = xml.replace('table:name="s"', 'table:name="s" table:style-name="ta2"')
    assert sheets(ods.packed(xml))["s"].hidden == {1}
