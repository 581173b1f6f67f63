"""The template of a place: what is in it, and that it reads back as it was written."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, timezone

import openpyxl
import polars as pl
import pytest
from tables.office import ods

from ckanext.learningcity.tables import codelists, reading
from ckanext.learningcity.tables.model import SCHEMA
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.template import Template, write
from ckanext.learningcity.tables.validate import check

RELEASED = """INDICATOR,REF_AREA,PERIOD_TYPE,TIME_PERIOD,SEX,OBS_VALUE,OBS_STATUS,COMMENT_OBS
ADULT_LITERACY,จ.พะเยา,fiscal,2565,,90.25,A,
ADULT_LITERACY,จ.พะเยา,,ปีงบประมาณ ๒๕๖๖,,91.12345678901234,E,=1+1
ADULT_LITERACY,จ.พะเยา,fiscal,2565,F,9.95,A,@mention
NEET,TH-56-M5601,,2567-Q4,,,O,
POPULATION,TH-57,,2566,,1291450,A,another place's value
"""


def table_of(content: bytes, report: Report | None = None) -> pl.DataFrame:
    report = Report() if report is None else report
    read = reading.read(content, report)
    return check(read.rows, read.layout, report)


@pytest.fixture
def template() -> Template:
    return Template(
        area="TH-56",
        table=table_of(RELEASED.encode()),
        address="https://portal.example/dataset/phayao/publish",
        made=datetime(2026, 2, 1, tzinfo=timezone.utc),
        today=date(2026, 8, 1),
        titles={"th": "ตัวชี้วัดพะเยา", "en": "Phayao's indicators"},
        small_count=5,
    )


@pytest.fixture
def empty(template) -> Template:
    return replace(template, table=pl.DataFrame(schema=SCHEMA), titles={})


def opened(template: Template):
    return openpyxl.load_workbook(io.BytesIO(write(template)))


def lines(book) -> list[dict]:
    head, *rows = book["data"].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def saved(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def fill(book, value, **where) -> None:
    """Write a value into the one row of the template that is so."""
    (row,) = (
        at
        for at, line in enumerate(lines(book), start=2)
        if line["OBS_STATUS"] is None and all(line[name] == own for name, own in where.items())
    )
    column = [cell.value for cell in book["data"][1]].index("OBS_VALUE") + 1
    book["data"].cell(row, column, value)


def test_what_is_published_reads_back_as_it_was_without_a_mapping(template):
    report = Report()
    table = table_of(write(template), report)
    assert table.equals(template.table)
    assert list(report.counts) == ["row_unfilled"]
    assert not report.to_confirm


def test_a_filled_template_adds_what_was_filled_and_nothing_else(template):
    book = opened(template)
    fill(book, 92.5, INDICATOR="ADULT_LITERACY", SEX="_T", TIME_PERIOD="ปีงบประมาณ 2567")
    fill(book, 8, INDICATOR="NEET", TIME_PERIOD="2568-Q1")
    fill(book, "ไม่ได้เก็บ", INDICATOR="LIBRARY_VISITS")
    report = Report()
    table = table_of(saved(book), report)
    added = table.join(template.table, on=table.columns, how="anti", nulls_equal=True)
    columns = ["INDICATOR", "REF_AREA", "PERIOD_TYPE", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    assert added.select(columns).rows() == [
        ("ADULT_LITERACY", "TH-56", "fiscal", "2024", 92.5, "A"),
        ("LIBRARY_VISITS", "TH-56", "fiscal", "2025", None, "L"),
        ("NEET", "TH-56-M5601", "calendar", "2025-Q1", 8.0, "A"),
    ]
    assert table.height == template.table.height + 3
    assert not report.has_errors


def test_each_series_of_the_place_ends_with_its_next_period(template):
    asked = [
        (line["INDICATOR"], line["REF_AREA"], line["SEX"], line["TIME_PERIOD"])
        for line in lines(opened(template))
        if line["OBS_VALUE"] is None and line["OBS_STATUS"] is None
    ]
    assert asked[:3] == [
        ("ADULT_LITERACY", "จ.พะเยา", "_T", "ปีงบประมาณ 2567"),
        ("ADULT_LITERACY", "จ.พะเยา", "F", 2566),
        ("POPULATION", "TH-56", "_T", 2568),  # reported for another place only
    ]
    assert ("NEET", "TH-56-M5601", "_T", "2568-Q1") in asked
    assert not any(area == "TH-57" for _, area, _, _ in asked)


def test_a_period_that_has_not_begun_is_not_asked_for(template):
    early = lines(opened(replace(template, today=date(2023, 9, 30))))
    assert not [
        line for line in early if line["INDICATOR"] == "ADULT_LITERACY" and line["SEX"] == "_T"
    ][2:]


def test_all_indicators_of_the_framework_are_asked_for(template, empty):
    for asked in (template, empty):
        names = {line["INDICATOR"] for line in lines(opened(asked)) if line["OBS_STATUS"] is None}
        assert names == set(codelists.reported_indicators())


def test_without_a_dataset_all_rows_wait_for_a_value(empty):
    found = lines(opened(empty))
    assert {line["OBS_VALUE"] for line in found} == {None}
    assert {(line["TIME_PERIOD"], line["PERIOD_TYPE"]) for line in found} == {(2568, "calendar")}
    assert [line["INDICATOR"] for line in found] == list(codelists.reported_indicators())


def test_a_publisher_who_counts_in_gregorian_years_is_asked_in_them(template):
    gregorian = table_of(b"INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nNEET,TH-56,2023,7\n")
    found = lines(opened(replace(template, table=gregorian)))
    assert [line["TIME_PERIOD"] for line in found[:3]] == [2023, 2024, 2025]


def test_names_and_units_stand_beside_the_codes_and_are_not_read(template):
    line = lines(opened(template))[0]
    assert line["INDICATOR_NAME"] == "อัตราการรู้หนังสือของผู้ใหญ่ / Adult literacy rate"
    assert line["REF_AREA_NAME"] == "พะเยา / Phayao"
    assert line["UNIT_NAME"] == "ร้อยละ / Per cent"


def test_old_values_are_grey_and_cells_that_wait_are_coloured(template):
    sheet = opened(template)["data"]
    assert sheet["G2"].font.color.rgb == "FF6B6B6B"
    assert sheet["G4"].fill.start_color.rgb == "FFFFF6CC"
    assert sheet["A4"].fill.fill_type is None


def test_the_columns_of_codes_have_drop_down_lists(template):
    book = opened(template)
    lists = book["lists"]
    heads = [cell.value for cell in book["data"][1]]
    offered = {}
    for rule in book["data"].data_validations.dataValidation:
        if rule.type == "list":
            cells = lists[rule.formula1.split("!")[1].replace("$", "")]
            top, *_ = rule.sqref.ranges
            assert (top.min_row, top.max_row) == (2, len(lines(book)) + 201)
            offered[heads[top.min_col - 1]] = [row[0].value for row in cells]
    assert offered["INDICATOR"] == list(codelists.reported_indicators())
    assert offered["OBS_STATUS"] == list(codelists.statuses())
    assert offered["PERIOD_TYPE"] == list(codelists.period_types())
    assert offered["SEX"] == ["_T", "F", "M"]
    assert set(offered) >= set(codelists.breakdowns())
    assert offered["REF_AREA"][0] == "TH-56"
    assert {"TH-56-M5601", "TH-57"} <= set(offered["REF_AREA"])
    assert "TH-50" not in offered["REF_AREA"]
    assert lists["B2"].value == "อัตราการรู้หนังสือของผู้ใหญ่"


def test_the_rule_of_values_knows_unit_and_range_of_each_indicator(template):
    rules = opened(template)["data"].data_validations.dataValidation
    rule = next(rule for rule in rules if "G4" in rule.sqref)
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "100")
    assert rule.errorStyle == "warning"  # the reader knows signs for no value, too
    assert "Adult literacy rate (Per cent): 0–100" in rule.prompt
    assert "อัตราการรู้หนังสือของผู้ใหญ่ (ร้อยละ): 0–100" in rule.prompt


def test_the_headings_explain_themselves_and_stay_in_sight(template):
    sheet = opened(template)["data"]
    assert sheet.freeze_panes == "C2"
    for cell in sheet[1]:
        thai, english = cell.comment.text.split("\n")
        assert thai != english
    assert "รวมทั้งหมด" in sheet["K1"].comment.text


def test_the_instructions_come_first_in_thai_and_then_in_english(template):
    book = opened(template)
    assert book.sheetnames == ["instructions", "data", "lists"]
    texts = [row[0] or "" for row in book["instructions"].iter_rows(values_only=True)]
    assert texts[0].endswith("พะเยา")
    assert texts.index("Dataset: Phayao's indicators") > texts.index("ชุดข้อมูล: ตัวชี้วัดพะเยา")
    assert sum(template.address in text for text in texts) == 2
    assert any("Counts of 1 to 4 persons" in text for text in texts)
    assert not any("demonstration" in text or "{" in text for text in texts)


@pytest.mark.parametrize(
    ("given", "absent"), [({"small_count": 0}, "Counts of"), ({"titles": {}}, "Dataset:")]
)
def test_the_instructions_leave_out_what_does_not_apply(template, given, absent):
    texts = [row[0] or "" for row in opened(replace(template, **given))["instructions"].values]
    assert not any(absent in text for text in texts)


def test_demonstration_values_say_so_in_their_rows(template):
    book = opened(replace(template, demonstration=True))
    found = lines(book)
    assert found[0]["DEMONSTRATION"] == "ข้อมูลสาธิต / demonstration data"
    assert {line["DEMONSTRATION"] for line in found if line["OBS_STATUS"] is None} == {None}
    assert table_of(saved(book)).equals(template.table)
    assert "DEMONSTRATION" not in lines(opened(template))[0]


def test_the_same_template_makes_the_same_bytes(template):
    assert write(template) == write(template)
    book = opened(template)
    assert book.properties.created == datetime(2026, 2, 1)  # noqa: DTZ001 - as a workbook has it


def test_there_is_no_formula_and_no_macro(template):
    with zipfile.ZipFile(io.BytesIO(write(template))) as archive:
        assert not any("vba" in name.lower() for name in archive.namelist())
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 3
        assert not any(b"<f>" in archive.read(name) for name in sheets)


def test_a_place_that_there_is_not_is_refused(template):
    with pytest.raises(KeyError):
        write(replace(template, area="TH-99"))


def test_rows_left_empty_are_told_in_one_notice(template):
    report = Report()
    table_of(write(template), report)
    (issue,) = report.issues
    assert (issue.severity, issue.row) == ("notice", 4)
    assert issue.found.startswith("4, 6, ")


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("OBS_STATUS", "A", "value_without_status"),
        ("COMMENT_OBS", "ยังไม่ได้เก็บข้อมูล", "value_without_status"),
        ("OBS_VALUE", "many", "value_not_number"),
    ],
)
def test_a_row_that_was_begun_is_read(template, column, text, code):
    book = opened(template)
    at = [cell.value for cell in book["data"][1]].index(column) + 1
    book["data"].cell(4, at, text)
    report = Report()
    table_of(saved(book), report)
    assert [(issue.code, issue.row) for issue in report.issues if issue.severity == "error"] == [
        (code, 4)
    ]


def test_only_the_template_may_leave_rows_empty(template):
    book = opened(template)
    del book.defined_names["learningcity_template"]
    report = Report()
    table_of(saved(book), report)
    assert report.counts["value_without_status"] > 60
    assert "row_unfilled" not in report.counts


def test_the_mark_of_the_template_is_only_about_its_own_sheet(template):
    book = opened(template)
    other = book.create_sheet("ปี 2569")
    other.append(["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"])
    other.append(["NEET", "TH-56", 2568, None])
    report = Report()
    table_of(saved(book), report)
    assert report.to_confirm == ["sheet_other_table"]
    assert {issue.sheet for issue in report.issues if issue.code == "sheet_other_table"} == {
        "ปี 2569"
    }


def test_a_renamed_sheet_is_still_the_templates(template):
    book = opened(template)
    book["data"].title = "ข้อมูล พะเยา"
    name = book.defined_names["learningcity_template"]
    name.attr_text = "'ข้อมูล พะเยา'!$A$1"  # as Excel does it
    report = Report()
    assert table_of(saved(book), report).equals(template.table)
    assert list(report.counts) == ["row_unfilled"]


def test_a_template_that_libreoffice_saved_as_ods_is_one_too():
    rows = [["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]]
    rows += [["NEET", "TH-56", 2565, 7.5, "A"], ["NEET", "TH-56", 2566, None, None]]
    sheets = {"data": [ods.row(map(ods.cell, row)) for row in rows]}
    name = (
        '<table:named-expressions><table:named-range table:name="learningcity_template" '
        'table:cell-range-address="$data.$A$1"/></table:named-expressions></office:spreadsheet>'
    )
    content = ods.packed(ods.content(sheets).replace("</office:spreadsheet>", name))
    report = Report()
    assert table_of(content, report)["OBS_VALUE"].to_list() == [7.5]
    assert [(issue.code, issue.found) for issue in report.issues] == [("row_unfilled", "3")]
