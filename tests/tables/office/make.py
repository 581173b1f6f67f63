"""Make the workbooks of this folder, which are committed: `python make.py`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import ods  # stands beside this script
import xlsxwriter
from xlsxwriter.workbook import Workbook

HERE = Path(__file__).parent
MOMENT = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone
LONG = ["ตัวชี้วัด", "พื้นที่", "ปี", "ค่า"]
MAKERS: dict[str, Callable[[Workbook], None]] = {}


def workbook(make: Callable[[Workbook], None]) -> Callable[[Workbook], None]:
    """Register the maker of `its-name.xlsx`."""
    MAKERS[make.__name__.replace("_", "-") + ".xlsx"] = make
    return make


def made(make: Callable[[Workbook], None]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": MOMENT})
    make(book)
    book.close()
    return target.getvalue()


@workbook
def municipal_report(book: Workbook) -> None:
    cover = book.add_worksheet("ปก")
    cover.write("B3", "รายงานสถิติประจำปี เทศบาลนครเชียงราย")
    sheet = book.add_worksheet("ตาราง 1")
    sheet.merge_range("A1:F1", "ตารางที่ 1 จำนวนประชากร จำแนกตามเพศ พ.ศ. 2566 - 2567")
    sheet.write("A2", "หน่วย: คน")
    sheet.merge_range("A4:A5", "ลำดับ")
    sheet.merge_range("B4:B5", "พื้นที่")
    sheet.merge_range("C4:D4", "พ.ศ. 2566")
    sheet.merge_range("E4:F4", "พ.ศ. 2567")
    sheet.write_row("C5", ["ชาย", "หญิง", "ชาย", "หญิง"])
    sheet.write_row("A6", [1, "ทน.เชียงราย", 36010, 40522, 35870, 40401])
    sheet.write_row("A7", [2, "ทม.พะเยา", 7600, 8654, "7,520", "๘,๕๘๑"])
    sheet.write("B8", "รวม")
    sheet.write_formula("C8", "=SUM(C6:C7)", None, 43610)
    sheet.write("A10", "ที่มา: กรมการปกครอง (ค่าสมมติ)")
    notes = book.add_worksheet("คำอธิบาย")
    notes.write("A1", "ข้อมูลในไฟล์นี้สมมติขึ้น")


@workbook
def percent_format(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    percent = book.add_format({"num_format": "0%"})
    exact = book.add_format({"num_format": "0.00%"})
    sheet.write_row("A1", LONG)
    sheet.write_row("A2", ["อัตราการรู้หนังสือของผู้ใหญ่", "พะเยา", 2566])
    sheet.write("D2", 0.93, percent)
    sheet.write_row("A3", ["อัตราการรู้หนังสือของผู้ใหญ่", "พะเยา", 2567])
    sheet.write("D3", 0.9412, exact)
    sheet.write_row("A4", ["จำนวนประชากร", "พะเยา", 2567])
    sheet.write("D4", 12, percent)


@workbook
def formula_results(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", LONG)
    sheet.write_row("A2", ["อัตราการว่างงาน", "พะเยา", 2566])
    sheet.write_formula("D2", "=0.1+0.2", None, 0.30000000000000004)
    sheet.write_formula("A3", "=A2", None, "อัตราการว่างงาน")
    sheet.write_row("B3", ["พะเยา", 2567, 1.2])


@workbook
def formulas_without_results(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", LONG)
    sheet.write_row("A2", ["อัตราการว่างงาน", "พะเยา", 2566, 1.3])
    sheet.write_row("A3", ["อัตราการว่างงาน", "พะเยา", 2567])
    sheet.write_formula("D3", "=D2-0.1", None, "")


@workbook
def errors_in_cells(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", ["จังหวัด", "ตัวชี้วัด", 2566, 2567])
    sheet.write_row("A2", ["พะเยา", "อัตราการว่างงาน", 1.3])
    sheet.write_formula("D2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("A3", "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
    sheet.write_row("B3", ["อัตราการว่างงาน", 1.0, 0.9])


@workbook
def real_dates(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    day = book.add_format({"num_format": "d mmm yyyy"})
    sheet.write_row("A1", ["ตัวชี้วัด", "พื้นที่", "ช่วงเวลา", "ค่า"])
    for at, year in enumerate((2565, 2566, 2567)):
        sheet.write_row(at + 1, 0, ["อัตราการว่างงาน", "พะเยา"])
        sheet.write_datetime(at + 1, 2, datetime(year, 12, 31), day)  # noqa: DTZ001
        sheet.write(at + 1, 3, 1.4 - at / 10)


@workbook
def months_as_dates(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    day = book.add_format({"num_format": "mmm yy"})
    sheet.write_row("A1", ["ตัวชี้วัด", "พื้นที่", "งวด", "ค่า"])
    for month in (1, 2, 3):
        sheet.write_row(month, 0, ["อัตราการว่างงาน", "พะเยา"])
        sheet.write_datetime(month, 2, datetime(2024, month, 1), day)  # noqa: DTZ001
        sheet.write(month, 3, 1 + month / 10)


@workbook
def dates_for_values(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    day = book.add_format({"num_format": "d-mmm"})
    sheet.write_row("A1", LONG)
    sheet.write_row("A2", ["อัตราการว่างงาน", "พะเยา", 2566])
    sheet.write_datetime("D2", datetime(2026, 5, 1), day)  # noqa: DTZ001
    sheet.write_row("A3", ["อัตราการว่างงาน", "พะเยา", 2567, 1.2])


@workbook
def merged_labels(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", ["ตัวชี้วัด", "จังหวัด", "เพศ", 2566, 2567])
    sheet.merge_range("A2:A5", "อัตราการรู้หนังสือของเยาวชน")
    sheet.merge_range("B2:B3", "พะเยา")
    sheet.merge_range("B4:B5", "ลำพูน")
    for at, (sex, before, after) in enumerate(
        [("ชาย", 97.1, 97.4), ("หญิง", 98.0, 98.2), ("ชาย", 96.8, 97.0), ("หญิง", 97.7, 97.9)]
    ):
        sheet.write_row(at + 1, 2, [sex, before, after])


@workbook
def hidden_rows_and_sheet(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", LONG)
    for at, year in enumerate(range(2562, 2568)):
        sheet.write_row(at + 1, 0, ["อัตราการว่างงาน", "พะเยา", year, 1 + at / 10])
    for row in (2, 3, 5):
        sheet.set_row(row, None, None, {"hidden": True})
    secret = book.add_worksheet("ร่าง")
    secret.write_row("A1", LONG)
    secret.write_row("A2", ["อัตราการว่างงาน", "พะเยา", 2568, 9.9])
    secret.hide()


@workbook
def hidden_columns(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", [*LONG[:3], "เพศ", LONG[3], "ผู้ตรวจ"])
    sheet.write_row("A2", ["ADULT_LITERACY", "พะเยา", 2567, "หญิง", 92.5, "ก"])
    sheet.write_row("A3", ["ADULT_LITERACY", "พะเยา", 2567, "ชาย", 94, "ข"])
    sheet.set_column("D:D", None, None, {"hidden": True})
    sheet.set_column("F:F", None, None, {"hidden": True})


@workbook
def portal_template(book: Workbook) -> None:
    words = book.add_worksheet("คำแนะนำ")
    words.write("A1", "กรอกค่าในแผ่นงาน data / Fill in the values on the sheet data")
    sheet = book.add_worksheet("data")
    sheet.write_row(
        "A1",
        ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "OBS_VALUE", "OBS_STATUS", "COMMENT_OBS"],
    )
    sheet.write_row("A2", ["ADULT_LITERACY", "TH-56-M5601", 2567, "_T", 92.5, "A", ""])
    sheet.write_row("A3", ["ADULT_LITERACY", "TH-56-M5601", 2567, "F", "", "Q", ""])
    lists = book.add_worksheet("lists")
    lists.write_column("A1", ["ADULT_LITERACY", "NEET", "POPULATION"])
    lists.write_column("B1", ["A", "E", "Q"])
    lists.very_hidden()


@workbook
def one_sheet_a_year(book: Workbook) -> None:
    for year, value in (("2566", 1.3), ("2567", 1.2)):
        sheet = book.add_worksheet(year)
        sheet.write_row("A1", ["ตัวชี้วัด", "จังหวัด", "ค่า"])
        sheet.write_row("A2", ["อัตราการว่างงาน", "พะเยา", value])


@workbook
def two_tables_in_one_sheet(book: Workbook) -> None:
    sheet = book.add_worksheet("สรุป")
    sheet.write("A1", "ตารางที่ 1 ผู้ใช้อินเทอร์เน็ต")
    sheet.write_row("A2", LONG)
    sheet.write_row("A3", ["INTERNET_USERS", "พะเยา", 2566, 80.5])
    sheet.write_row("A4", ["INTERNET_USERS", "พะเยา", 2567, 83])
    sheet.write("A6", "ตารางที่ 2 จำนวนประชากร")
    sheet.write_row("B7", ["พื้นที่", "พ.ศ.", "เพศ", "จำนวน (คน)"])
    sheet.write_row("B8", ["พะเยา", 2567, "ชาย", 224000])
    sheet.write_row("B9", ["พะเยา", 2567, "หญิง", 233000])


@workbook
def yes_and_no(book: Workbook) -> None:
    sheet = book.add_worksheet("ข้อมูล")
    sheet.write_row("A1", LONG)
    sheet.write_row("A2", ["ยุทธศาสตร์เมืองแห่งการเรียนรู้", "ทม.พะเยา", 2567, True])
    sheet.write_row("A3", ["การสำรวจความต้องการเรียนรู้", "ทม.พะเยา", 2567, 2])


@workbook
def two_levels_of_groups(book: Workbook) -> None:
    sheet = book.add_worksheet("สรุป")
    sheet.merge_range("A1:G1", "เทศบาลนครหาดใหญ่")
    sheet.merge_range("A3:A5", "ปี")
    sheet.merge_range("B3:G3", "ระดับการรู้หนังสือ")
    sheet.merge_range("B4:D4", "อัตราการรู้หนังสือของผู้ใหญ่")
    sheet.merge_range("E4:G4", "อัตราการรู้หนังสือของเยาวชน")
    sheet.write_row("B5", ["ชาย", "หญิง", "รวม"] * 2)
    sheet.write_row("A6", ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"])
    sheet.write_row("A7", [2566, 93.0, 91.2, 92.1, 98.1, 98.4, 98.2])
    sheet.write_row("A8", ["พ.ศ. 2567", 93.4, "91.8*", 92.6, 98.2, 98.5, "-"])
    sheet.write("A10", "* เปลี่ยนแบบสำรวจ")


def _damaged(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its parts changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for info in source.infolist():
            text = source.read(info)
            copy.writestr(info, change(text) if info.filename == part else text)
    return target.getvalue()


def unsafe() -> dict[str, bytes]:
    """Return files that want to do harm, and files that were harmed."""
    good = made(formula_results)
    sheet = "xl/worksheets/sheet1.xml"
    bomb = b"".join(
        b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10 if at else b"lol") for at in range(10)
    )
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

    def with_entities(text: bytes) -> bytes:
        return text.replace(head, head + b"<!DOCTYPE worksheet [" + bomb + b"]>")

    def blown_up(text: bytes) -> bytes:
        return text.replace(b"</sheetData>", b" " * (5 * 1024**2) + b"</sheetData>")

    def far(text: bytes) -> bytes:
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return text.replace(b"</sheetData>", cell)

    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w") as archive:
        archive.writestr(zipfile.ZipInfo("../report.xlsx", MOMENT.timetuple()[:6]), good)
    letter = io.BytesIO()
    with zipfile.ZipFile(letter, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml", MOMENT.timetuple()[:6]), "<w/>")
    return {
        "entities.xlsx": _damaged(good, sheet, with_entities),
        "blown-up.xlsx": _damaged(good, sheet, blown_up),
        "far-cell.xlsx": _damaged(good, sheet, far),
        "cut-off.xlsx": good[: len(good) // 2],
        "torn-xml.xlsx": _damaged(good, sheet, lambda text: text[:-30]),
        "archive.zip": nested.getvalue(),
        "letter.docx": letter.getvalue(),
    }


def sheets() -> dict[str, bytes]:
    """Return the files of LibreOffice."""
    cell, row = ods.cell, ods.row
    return {
        "plain.ods": ods.workbook(
            {"แผ่นงาน1": [LONG, ["อัตราการว่างงาน", "พะเยา", 2566, 1.3], ["NEET", "ลำพูน", 2567, 8]]}
        ),
        "report.ods": ods.packed(
            ods.content(
                {
                    "ปก": [row([cell("รายงานประจำปี")])],
                    "ตาราง": [
                        row([cell("อัตราการรู้หนังสือของผู้ใหญ่", across=4), ods.covered(3)]),
                        row([cell(repeated=4)], repeated=2),
                        row([cell("จังหวัด", down=2), cell("ปีงบประมาณ", across=3), ods.covered(2)]),
                        row([ods.covered(), cell(2565), cell(2566), cell("2567")]),
                        row(
                            [
                                cell("พะเยา"),
                                cell(ods.Percent("93%")),
                                cell(ods.Percent("93.5%")),
                                cell("n/a"),
                            ]
                        ),
                        row([cell("ลำพูน"), cell(90.5, repeated=2), cell("๙๑")], hidden=True),
                        row(
                            [cell("เชียงราย"), cell("#REF!", formula="of:=[.A1]"), cell(), cell(89)]
                        ),
                        row([cell(repeated=16384)], repeated=1048000),
                    ],
                }
            )
        ),
        "blown-up.ods": ods.packed(
            ods.content({"ตาราง": [row([cell("0", repeated=16384)], repeated=1048576)]})
        ),
    }


def main() -> None:
    """Write every workbook."""
    files = {name: made(make) for name, make in MAKERS.items()} | unsafe() | sheets()
    for name, content in files.items():
        HERE.joinpath(name).write_bytes(content)


if __name__ == "__main__":
    main()
