"""A mapping is proposed, shown, corrected and kept: what it may say and what it does."""

from __future__ import annotations

import json

import pytest

from ckanext.learningcity.tables.layout import Column
from ckanext.learningcity.tables.mapping import Mapping
from ckanext.learningcity.tables.reading import grids, propose, read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

GOOD = {
    "sheet": "",
    "first": 1,
    "last": 1,
    "columns": {"A": "INDICATOR", "B": "REF_AREA", "C": ""},
    "spread": {"D": {"TIME_PERIOD": "2566"}, "E": {"TIME_PERIOD": "2567", "SEX": "F"}},
    "constants": {},
}


def without(name: str, **changes: object) -> dict:
    return {key: value for key, value in {**GOOD, **changes}.items() if key != name}


def test_a_mapping_goes_through_json():
    mapping = Mapping.from_dict(GOOD)
    assert Mapping.from_dict(json.loads(json.dumps(mapping.as_dict()))) == mapping
    assert mapping.names == {"INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "OBS_VALUE"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["columns"], "object"),
        ({**GOOD, "colour": 1}, "colour"),
        ({**GOOD, "sheet": 1}, "sheet"),
        ({**GOOD, "first": 0}, "heading rows 0"),
        ({**GOOD, "first": "1"}, "first"),
        ({**GOOD, "first": True}, "first"),
        ({**GOOD, "first": 5, "last": 3}, "5 to 3"),
        ({**GOOD, "last": 400}, "1 to 400"),
        ({**GOOD, "first": 2_000_000, "last": 2_000_000}, "1048576"),
        ({**GOOD, "columns": ["A"]}, "columns"),
        ({**GOOD, "columns": {"A": None}}, "columns.A"),
        ({**GOOD, "columns": {"1": "INDICATOR"}}, "letters"),
        ({**GOOD, "columns": {"a": "INDICATOR"}}, "letters"),
        ({**GOOD, "columns": {"A": "COLOUR"}}, "COLOUR"),
        ({**GOOD, "columns": {"A": "INDICATOR", "B": "INDICATOR"}}, "twice"),
        ({**GOOD, "columns": {"D": "INDICATOR"}}, "Column D"),
        ({**GOOD, "columns": {"A": "TIME_PERIOD"}}, "TIME_PERIOD is given twice"),
        ({**GOOD, "columns": {"A": "OBS_VALUE"}}, "OBS_VALUE"),
        ({**GOOD, "spread": {"D": "2566"}}, "spread.D"),
        ({**GOOD, "spread": {"D": {"TIME_PERIOD": ""}}}, "spread.D.TIME_PERIOD"),
        ({**GOOD, "spread": {"D": {"COLOUR": "x"}}}, "COLOUR"),
        ({**GOOD, "constants": {"SEX": "F"}}, "SEX is given twice"),
        ({**GOOD, "constants": {"INDICATOR": " "}}, "constants.INDICATOR"),
    ],
)
def test_what_a_mapping_may_not_say_is_refused_with_the_reason(given, reason):
    with pytest.raises(ValueError, match=reason):
        Mapping.from_dict(given)


def test_a_correction_reads_what_the_proposal_could_not():
    content = "ใคร,อะไร,เท่าไร,เก่า\nพะเยา,NEET,10.8,11.2\nลำพูน,NEET,9.9,10.1\n".encode()
    report = Report()
    proposed = read(content, report).mapping
    assert report.counts["column_missing"] == 2
    assert proposed.columns == {"A": "REF_AREA", "B": "INDICATOR", "C": "", "D": ""}
    corrected = Mapping.from_dict(
        {
            **proposed.as_dict(),
            "columns": {"A": "REF_AREA", "B": "INDICATOR", "C": "OBS_VALUE", "D": ""},
            "constants": {"TIME_PERIOD": "ปีงบประมาณ 2567", "SEX": "F"},
        }
    )
    report = Report()
    reading = read(content, report, corrected)
    table = check(reading.rows, reading.layout, report)
    assert not report.issues
    assert table["OBS_VALUE"].to_list() == [9.9, 10.8]
    assert set(table["PERIOD_TYPE"]) == {"fiscal"}
    assert set(table["SEX"]) == {"F"}


@pytest.mark.parametrize(
    ("mapping", "code", "found"),
    [
        (Mapping(sheet="ข้อมูล", columns={"A": "INDICATOR"}), "sheet_missing", "ข้อมูล"),
        (Mapping(columns={"A": "INDICATOR", "Z": "OBS_VALUE"}), "column_missing", None),
        (Mapping(first=9, last=9, columns=dict.fromkeys("A", "INDICATOR")), "column_missing", None),
    ],
)
def test_a_mapping_of_another_file_is_reported(mapping, code, found):
    report = Report()
    reading = read(b"indicator,area,year,value\nNEET,TH-56,2567,10\n", report, mapping)
    assert reading.rows.is_empty()
    assert report.counts[code]
    assert found in {issue.found for issue in report.issues}


def test_a_proposal_for_a_mapping_that_fits_too_many_heading_rows_reads_nothing():
    report = Report()
    mapping = Mapping(first=5, last=5, columns=dict(zip("ABCD", GOOD_NAMES, strict=True)))
    read(b"indicator,area,year,value\nNEET,TH-56,2567,10\n", report, mapping)
    assert "file_empty" in report.counts


GOOD_NAMES = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")


def test_a_wide_value_is_placed_by_the_letters_of_its_column():
    report = Report()
    reading = read("ตัวชี้วัด,จังหวัด,2566,2567\nNEET,TH-56,10,มาก\n".encode(), report)
    assert reading.layout.place("OBS_VALUE", "D") == Column("D", "2567")
    assert reading.layout.place("TIME_PERIOD", "D") == Column("D", "2567")
    assert reading.layout.place("INDICATOR", "D") == Column("A", "ตัวชี้วัด")
    check(reading.rows, reading.layout, report)
    assert [(issue.code, issue.cell) for issue in report.issues] == [("value_not_number", "D2")]


def test_a_proposal_without_a_report_tells_nothing_and_is_the_same():
    content = "อะไร,อยู่ที่ไหน,2567\nNEET,TH-56,10\n".encode()
    found, report = grids(content, Report()), Report()
    assert propose(found) == propose(found, report)
    assert report.counts["column_guessed"] == 2


def proposal(content: str) -> tuple[Mapping, Report]:
    report = Report()
    return propose(grids(content.encode(), Report()), report), report


@pytest.mark.parametrize("head", ["เทศบาล,จังหวัด,ปี,จำนวนประชากร", "จังหวัด,เทศบาล,ปี,จำนวนประชากร"])
def test_the_most_exact_place_counts_wherever_its_column_stands(head):
    names = {"จังหวัด": "พะเยา", "เทศบาล": "พะเยา", "ปี": "2567", "จำนวนประชากร": "16101"}
    line = ",".join(names[heading] for heading in head.split(","))
    reading = read(f"{head}\n{line}\n".encode(), Report())
    assert reading.rows["REF_AREA"].to_list() == ["เทศบาลเมืองพะเยา"]


def test_an_unknown_place_does_not_hide_behind_the_province_around_it():
    content = "จังหวัด,เทศบาล,ปี,จำนวนประชากร\nพะเยา,ดอกคำใต้,2567,9000\n"
    reading = read(content.encode(), Report())
    assert reading.rows["REF_AREA"].to_list() == ["ดอกคำใต้"]


def test_a_total_belongs_to_the_breakdown_beside_it():
    mapping, _ = proposal("จังหวัด,ปี,POPULATION,,\n,,0-5 ปี,6-14 ปี,รวม\nพะเยา,2567,1,2,3\n")
    assert mapping.spread["E"] == {"INDICATOR": "POPULATION", "AGE": "_T"}
    mapping, report = proposal("ตัวชี้วัด,จังหวัด,2566,2567,รวม\nPOPULATION,พะเยา,1,2,3\n")
    assert sorted(mapping.spread) == ["C", "D"]
    assert [(issue.code, issue.cell) for issue in report.issues] == [("column_unknown", "E1")]


def test_targets_and_second_measures_are_left_to_the_publisher():
    content = "ตัวชี้วัด,จังหวัด,2566,,2567,\n,,เป้าหมาย,ผล,เป้าหมาย,ผล\nNEET,พะเยา,10,11.2,9,10.8\n"
    mapping, _ = proposal(content)
    assert mapping.spread == {"D": {"TIME_PERIOD": "2566"}, "F": {"TIME_PERIOD": "2567"}}
    mapping, report = proposal("ตัวชี้วัด,จังหวัด,2567,\n,,จำนวน,ร้อยละ\nPOPULATION,พะเยา,455980,100\n")
    assert mapping.spread == {"C": {"TIME_PERIOD": "2567"}}
    assert [(issue.code, issue.cell) for issue in report.issues] == [("column_ambiguous", "D2")]


@pytest.mark.parametrize(
    ("title", "constants"),
    [
        ("จำนวนประชากร จังหวัดตาก ปี 2567", {"REF_AREA": "TH-63", "TIME_PERIOD": "ปี 2567"}),
        ("จำนวนประชากรที่ตากแดด พ.ศ. 2566-2567", {}),
        ("Population of Phayao Province in fiscal year 2024", {"REF_AREA": "TH-56"}),
        ("ข้อมูล ณ วันที่ 31 ธันวาคม ๒๕๖๗", {"TIME_PERIOD": "2567"}),
    ],
)
def test_a_title_says_what_no_column_does(title, constants):
    mapping, _ = proposal(f"{title},\nSEX,ค่า\nชาย,1\nหญิง,2\n")
    found = {name: text for name, text in mapping.constants.items() if name in constants}
    assert found == constants
    if not constants:
        assert set(mapping.constants) == {"INDICATOR"}
