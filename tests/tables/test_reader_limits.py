"""Limits of the reader: they hold while a file is opened, whatever it says of itself."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from tables.office import ods

from ckanext.learningcity.tables.files import archive, sheet, text
from ckanext.learningcity.tables.reading import grids, read
from ckanext.learningcity.tables.report import LISTED, Report

OFFICE = Path(__file__).parent / "office"
GOOD = (OFFICE / "municipal-report.xlsx").read_bytes()


def refused(content: bytes) -> list[str]:
    report = Report()
    assert not grids(content, report)
    assert report.has_errors
    return [issue.code for issue in report.issues]


def repacked(change: dict[str, bytes], **extra: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            copy.writestr(name, change.get(name, source.read(name)))
        for name, content in extra.items():
            copy.writestr(name, content)
    return target.getvalue()


def test_what_is_no_table_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES_UNPACKED", 100_000)
    picture = b"\0" * 50_000_000
    report = Report()
    assert grids(repacked({}, **{"media/picture.png": picture, "xl/../../x.bin": b"x"}), report)
    assert not report.has_errors


def test_parts_are_cut_off_while_they_are_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES_UNPACKED", 5_000)
    assert refused(GOOD) == ["file_too_large"]


def test_too_many_parts_and_parts_of_one_name_are_refused(monkeypatch):
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a") as copy, pytest.warns(UserWarning, match="Duplicate name"):
        copy.writestr("xl/workbook.xml", "<workbook/>")
    assert refused(target.getvalue()) == ["file_unsafe"]
    monkeypatch.setattr(archive, "MOST_PARTS", 3)
    assert refused(GOOD) == ["file_unsafe"]


def test_a_part_that_is_larger_than_it_says_is_damage():
    content = bytearray(repacked({}))
    at = content.rindex(b"xl/worksheets/sheet2.xml") - 46  # its entry in the directory
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", 10)  # says ten bytes
    assert refused(bytes(content)) == ["file_damaged"]


def test_an_encrypted_part_is_a_password():
    content = bytearray(repacked({}))
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.index(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    assert refused(bytes(content)) == ["file_encrypted"]


def test_an_encrypted_ods_is_a_password():
    content = ods.workbook({"a": [["x"]]})
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as copy,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == "META-INF/manifest.xml":
                part = part.replace(b"<manifest:file-entry", b"<manifest:encryption-data/><x", 1)
            copy.writestr(name, part)
    assert refused(target.getvalue()) == ["file_encrypted"]


def test_many_sheets_that_are_each_just_small_enough_are_too_large(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_CELLS", 100)
    cells = [["x"] * 9] * 9
    assert grids(ods.workbook({"a": cells}), Report())
    assert refused(ods.workbook({"a": cells, "b": cells})) == ["file_too_large"]


def test_merged_cells_that_overlap_make_no_endless_work():
    merges = '<mergeCell ref="A1:CV100"/>' * 30_000
    cells = "".join(f'<row r="{row}"><c r="CV{row}"><v>1</v></c></row>' for row in range(1, 101))
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData><mergeCells>{merges}</mergeCells></worksheet>"
    )
    found = grids(repacked({"xl/worksheets/sheet2.xml": sheet.encode()}), Report())
    assert next(grid for grid in found if grid.name == "ตาราง 1").cells.shape == (100, 101)


def test_a_file_of_text_has_a_widest_row(monkeypatch):
    monkeypatch.setattr(text, "MOST_COLUMNS", 5)
    assert refused(b"a,b\n1,2\n1,2,3,4,5,6\n") == ["file_shape"]


def test_elements_within_elements_are_no_trouble():
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    sheet = b"<worksheet><sheetData>" + deep + b"</sheetData></worksheet>"
    report = Report()
    grids(repacked({"xl/worksheets/sheet2.xml": sheet}), report)
    assert set(report.counts) <= {"file_damaged"}


def test_one_wide_row_among_many_short_ones_takes_no_memory(monkeypatch):
    monkeypatch.setattr(text, "MOST_CELLS", 1_000)
    assert refused(b"a,b\n" * 200 + b"1,2,3,4,5,6,7,8\n") == ["file_too_large"]
    assert grids(b"a,b\n" * 200, Report())


def test_quotation_marks_that_close_by_chance_end_somewhere(monkeypatch):
    long = "x,y\n" * 50_000
    assert refused(f'a,b\n1,"{long}2,3\n4,"z\n'.encode()) == ["file_quotes"]
    monkeypatch.setattr(text, "MOST_PATIENCE", 10)
    assert refused(b'a,b\n1,5" pipe\n2,6" pipe\n') == ["file_quotes"]


def test_what_nobody_would_read_is_counted_and_not_listed():
    rows = "พะเยา,2567,NEET,มาก\n" + "หมายเหตุ\n" * 3_000 + "พะเยา,2566,NEET,#REF!\n" * 2_500
    report = Report()
    read(f"จังหวัด,ปี,ตัวชี้วัด,ค่า\n{rows}".encode(), report)
    assert report.counts["sheet_note"] == 3_000
    assert report.counts["cell_error"] == 2_500
    assert len([issue for issue in report.issues if issue.code == "cell_error"]) == LISTED


def test_a_longer_row_is_found_far_below_the_first_ones(monkeypatch):
    monkeypatch.setattr(text, "MOST_PATIENCE", 0)
    lines = ["indicator,area,year,value", *["NEET,TH-56,2567,1"] * 400, "NEET,TH-56,2567,1,2,3"]
    report = Report()
    read("\n".join(lines).encode(), report)
    assert [(issue.code, issue.row) for issue in report.issues] == [("file_shape", 402)]
