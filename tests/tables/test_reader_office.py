"""Files as offices send them: each is read right, or refused with the findings that it deserves."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.mapping import Mapping
from ckanext.learningcity.tables.reading import read
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tables.validate import check

OFFICE = Path(__file__).parent / "office"
CASES = {
    case["file"]: case
    for case in yaml.safe_load((OFFICE / "cases.yaml").read_text(encoding="utf-8"))["cases"]
}
COLUMNS = (
    "INDICATOR",
    "REF_AREA",
    "SEX",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "COMMENT_OBS",
)
READER = ("file_", "sheet_", "column_", "cell_")


def places(issues: list[Issue]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for issue in issues:
        found.setdefault(issue.code, []).append(issue.cell or str(issue.row or "-"))
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_file_of_an_office(name: str):
    case, report = CASES[name], Report()
    reading = read((OFFICE / name).read_bytes(), report)
    table = check(reading.rows, reading.layout, report)
    observations = [list(row) for row in table.select(COLUMNS).iter_rows()]
    assert len(observations) == case["observations"]
    assert observations[:1] == ([case["first"]] if "first" in case else [])
    assert observations[1:][-1:] == ([case["last"]] if "last" in case else [])
    by_reader = [issue for issue in report.issues if issue.code.startswith(READER)]
    assert places(by_reader) == case.get("reader", {})
    by_check = [issue for issue in report.issues if not issue.code.startswith(READER)]
    assert places(by_check) == case.get("check", {})


@pytest.mark.parametrize("name", CASES)
def test_a_proposed_mapping_can_be_kept_and_reads_the_same_again(name: str):
    content, report, again = (OFFICE / name).read_bytes(), Report(), Report()
    proposed = read(content, report)
    kept = Mapping.from_dict(proposed.mapping.as_dict())
    assert kept == proposed.mapping
    if not any(issue.code.startswith("file_") for issue in report.issues):
        assert read(content, again, kept).rows.equals(proposed.rows)


def test_every_file_is_a_case_and_every_finding_of_the_reader_is_in_one():
    files = {path.name for path in OFFICE.iterdir() if path.is_file()}
    assert files - {"make.py", "ods.py", "cases.yaml", ".gitattributes"} == set(CASES)
    assert len(CASES) >= 40
    codes = {code for code in codelists.messages() if code.startswith(READER)}
    in_cases = {code for case in CASES.values() for code in case.get("reader", {})}
    assert codes - in_cases == {"sheet_missing"}  # only a mapping that was given can name a sheet
