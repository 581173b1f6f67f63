"""Reading and checking a file of observations, through the two calls that everything uses."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import KEY, SCHEMA
from ckanext.learningcity.tables.reading import read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

HEAD = "indicator,area,year,value"


def checked(content: str | bytes) -> tuple[pl.DataFrame, Report]:
    report = Report()
    data = content.encode() if isinstance(content, str) else content
    reading = read(data, report)
    return check(reading.rows, reading.layout, report), report


def found(report: Report) -> list[tuple]:
    return [(issue.code, issue.row, issue.column, issue.found) for issue in report.issues]


def test_a_good_file_becomes_a_table_with_the_schema():
    table, report = checked(
        f"{HEAD}\nADULT_LITERACY,TH-56,2567,93.5\nADULT_LITERACY,พะเยา,2566,93\n"
    )
    assert not report.issues
    assert dict(table.schema) == dict(SCHEMA)
    first, second = table.sort("TIME_PERIOD").to_dicts()
    assert (first["TIME_PERIOD"], first["REF_AREA"], first["OBS_VALUE"]) == ("2023", "TH-56", 93.0)
    assert first["REF_AREA_ORIGINAL"] == "พะเยา"
    assert second["TIME_PERIOD_ORIGINAL"] == "2567"
    assert second["PERIOD_START"] == date(2024, 1, 1)
    assert (second["AREA_LEVEL"], second["UNIT_MEASURE"]) == ("province", "PT")
    assert (second["SEX"], second["OBS_STATUS"]) == ("_T", "A")


def test_headings_and_codes_may_be_thai_and_names():
    table, report = checked("ตัวชี้วัด,จังหวัด,ปี,ค่า,เพศ,หมายเหตุ\nADULT_LITERACY,กทม,2567,95,หญิง,สำรวจ\n")
    assert not report.issues
    row = table.to_dicts()[0]
    assert (row["REF_AREA"], row["SEX"], row["COMMENT_OBS"]) == ("TH-10", "F", "สำรวจ")


def test_a_byte_order_mark_blank_lines_and_spaces_do_not_matter():
    table, report = checked(f"\ufeff{HEAD}\n\n ADULT_LITERACY , TH-56 , 2024 , 93 \n,,,\n")
    assert not report.issues
    assert table.height == 1


def test_a_download_can_be_published_again():
    table, _ = checked(f"{HEAD}\nADULT_LITERACY,TH-56,2024,93\n")
    again, report = checked(table.write_csv())
    assert not report.issues
    assert again.select(KEY).equals(table.select(KEY))


def test_every_fault_is_reported_by_row_column_and_code():
    table, report = checked(
        f"{HEAD}\n"
        "ADULT_LITERACY,TH-99,2024,93\n"
        "ADULT_LITERACY,TH-56,67,93\n"
        "ADULT_LITERACY,TH-56,2024,มาก\n"
        "ADULT_LITERACY,TH-56,2023,93\n"
        "ADULT_LITERACY,TH-56,2023,94\n"
    )
    assert found(report) == [
        ("area_unknown", 2, "area", "TH-99"),
        ("period_two_digits", 3, "year", "67"),
        ("value_not_number", 4, "value", "มาก"),
        ("duplicate_key", 6, "indicator", "5"),
    ]
    assert report.has_errors
    assert table.height == 1


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("NO_SUCH,TH-56,2024,1,,,", "indicator_unknown", "indicator"),
        (",TH-56,2024,1,,,", "value_missing", "indicator"),
        ("ADULT_LITERACY,,2024,1,,,", "value_missing", "area"),
        ("ADULT_LITERACY,TH-56,,1,,,", "value_missing", "year"),
        ("ADULT_LITERACY,TH-56,พ.ศ. 2024,1,,,", "period_era", "year"),
        ("ADULT_LITERACY,TH-56,1200,1,,,", "period_range", "year"),
        ("ADULT_LITERACY,TH-56,2024,,,,", "value_without_status", "value"),
        ("ADULT_LITERACY,TH-56,2024,101,,,", "value_range", "value"),
        ("ADULT_LITERACY,TH-56,2024,-1,,,", "value_range", "value"),
        ("ADULT_LITERACY,TH-56,2024,nan,,,", "value_not_number", "value"),
        ("ADULT_LITERACY,TH-56,2024,inf,,,", "value_not_number", "value"),
        ('ADULT_LITERACY,TH-56,2024,"1,23",,,', "value_not_number", "value"),
        ("ADULT_LITERACY,TH-56,2024,1,weiblich,,", "code_unknown", "sex"),
        ("ADULT_LITERACY,TH-56,2024,1,,Z9,", "code_unknown", "status"),
        ("ADULT_LITERACY,TH-56,2024,1,,,PS", "unit_mismatch", "unit"),
        ("ADULT_LITERACY,TH-56,2024,1,,,NO", "unit_unknown", "unit"),
        ("ADULT_LITERACY,TH-56,2024,1,,M,", "value_with_status", "value"),
    ],
)
def test_a_faulty_cell(row, code, column):
    _, report = checked(f"{HEAD},sex,status,unit\n{row}\n")
    assert [(issue.code, issue.row, issue.column) for issue in report.issues] == [(code, 2, column)]


def test_a_status_may_stand_for_a_value():
    table, report = checked(f"{HEAD},status\nADULT_LITERACY,TH-56,2024,,M\n")
    assert not report.issues
    assert table["OBS_VALUE"].to_list() == [None]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file_empty"),
        (f"{HEAD}\n", "file_empty"),
        ("year,value\n2024,1\n", "column_missing"),
        (f"{HEAD},ปี\nADULT_LITERACY,TH-56,2024,93,2567\n", "column_repeated"),
        ("ตัวชี้วัด".encode("cp874"), "column_missing"),
        (f"{HEAD}\nADULT_LITERACY,TH-56,2024,1,2,3,4\n", "file_shape"),
    ],
)
def test_a_faulty_file(content, code):
    table, report = checked(content)
    assert code in report.counts
    assert report.has_errors
    assert table.is_empty()


def test_messages_are_in_both_languages_and_suggest_the_nearest_code():
    _, report = checked(f"{HEAD}\nADULT_LITERCY,TH-56,2024,93\n")
    issue = report.issues[0]
    assert "Did you mean ADULT_LITERACY" in issue.message("en")
    assert "ADULT_LITERACY" in issue.message("th")
    assert "ไม่มีในรายการตัวชี้วัด" in issue.message("th")


def test_many_faults_are_counted_and_the_first_of_each_code_are_listed():
    years = range(1900, 2000)
    rows = "".join(f"ADULT_LITERACY,TH-{at},{year},มาก\n" for at in range(30, 50) for year in years)
    _, report = checked(f"{HEAD}\n{rows}ADULT_LITERACY,TH-99,2024,93\n")
    assert report.counts == {"value_not_number": 2000, "area_unknown": 1}
    assert [issue.row for issue in report.issues] == [*range(2, 1002), 2002]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_report_and_never_an_exception(content):
    table, report = checked(content)
    assert report.has_errors or not table.is_empty()


@given(st.lists(st.lists(st.text(max_size=8), min_size=4, max_size=4), max_size=4))
def test_any_cells_give_a_report_and_never_an_exception(cells):
    body = pl.DataFrame(cells, schema=["a", "b", "c", "d"], orient="row").write_csv(
        include_header=False
    )
    table, report = checked(f"{HEAD}\n{body}")
    assert report.has_errors or not table.is_empty()


def test_every_message_exists_in_both_languages():
    for code, entry in codelists.messages().items():
        assert set(entry["text"]) == {"en", "th"}, code
        assert entry["severity"] in ("error", "confirm", "notice"), code
