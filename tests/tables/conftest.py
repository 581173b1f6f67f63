from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from ckanext.learningcity.tables.circumstances import Circumstances
from ckanext.learningcity.tables.layout import ROW, Column, Layout, letters
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

NAMES = {
    "indicator": "INDICATOR",
    "area": "REF_AREA",
    "year": "TIME_PERIOD",
    "value": "OBS_VALUE",
    "kind": "PERIOD_TYPE",
    "unit": "UNIT_MEASURE",
    "status": "OBS_STATUS",
    "note": "COMMENT_OBS",
    "sex": "SEX",
    "age": "AGE",
    "residence": "RESIDENCE",
    "level": "EDUCATION_LEV",
}
TODAY = date(2026, 11, 22)


@pytest.fixture
def judged():
    """Check a table written as lines of cells: headings, then rows from row 2."""

    def judge(text, **circumstances):
        head, *cells = [
            [cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()
        ]
        rows = pl.DataFrame(cells, [NAMES[name] for name in head], orient="row")
        rows = rows.cast(pl.String).with_row_index(ROW, offset=2).cast({ROW: pl.Int64})
        columns = {NAMES[name]: Column(letters(at), name) for at, name in enumerate(head)}
        report = Report()
        circumstances.setdefault("today", TODAY)
        table = check(rows, Layout(columns), report, Circumstances(**circumstances))
        return table, report

    return judge


@pytest.fixture
def found():
    """Return what a report holds as short tuples: code, cell, what was found."""
    return lambda report: [(issue.code, issue.cell, issue.found) for issue in report.issues]
