"""Whatever is written out is read back, and whatever the bytes are, there is a report."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables.office import ods

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.layout import ROW
from ckanext.learningcity.tables.mapping import Mapping, known_names
from ckanext.learningcity.tables.reading import extract, grids, propose, read
from ckanext.learningcity.tables.report import Report
from ckanext.learningcity.tables.validate import check

OFFICE = Path(__file__).parent / "office"
HEAD = ["ตัวชี้วัด", "จังหวัด", "ปี", "เพศ", "หมายเหตุ", "ค่า"]
INDICATORS = ["ADULT_LITERACY", "YOUTH_LITERACY", "NEET"]
PLACES = {"TH-56": ["TH-56", "พะเยา", "จ.พะเยา", "Phayao"], "TH-10": ["กทม", "Bangkok", "TH-10"]}
SEXES = {"M": ["M", "ชาย", "male"], "F": ["F", "หญิง"], "_T": ["_T", "รวม", ""]}
YEARS = {2020: ["2020", "2563", "พ.ศ. ๒๕๖๓"], 2021: ["2021", "2564"], 2022: ["2022", "ปี 2565"]}
THAI_AND_ASCII = st.characters(
    codec="cp874", exclude_categories=["Cc", "Cs", "Mn"], exclude_characters="\ufeff\u200b"
)

Key = tuple[str, str, str, str]


@st.composite
def observations(draw: st.DrawFn) -> tuple[list[list[str]], dict[Key, tuple[float, str | None]]]:
    """Draw rows as people write them, and what they mean."""
    keys = st.tuples(
        st.sampled_from(INDICATORS),
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(sorted(SEXES)),
        st.sampled_from(sorted(YEARS)),
    )
    rows: list[list[str]] = []
    meant: dict[Key, tuple[float, str | None]] = {}
    for indicator, place, sex, year in draw(st.lists(keys, min_size=1, max_size=12, unique=True)):
        value = draw(st.integers(0, 100_000)) / 1000
        note = draw(st.text(THAI_AND_ASCII, max_size=12))
        rows.append(
            [
                indicator,
                draw(st.sampled_from(PLACES[place])),
                draw(st.sampled_from(YEARS[year])),
                draw(st.sampled_from(SEXES[sex])),
                note,
                str(value),
            ]
        )
        meant[indicator, place, sex, str(year)] = (value, note.strip(" \u00a0") or None)
    return rows, meant


def understood(content: bytes) -> dict[Key, tuple[float, str | None]]:
    report = Report()
    reading = read(content, report)
    table = check(reading.rows, reading.layout, report)
    assert not report.has_errors, report.as_dict("en")["issues"]
    names = ("INDICATOR", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "COMMENT_OBS")
    return {row[:4]: row[4:] for row in table.select(names).iter_rows()}


def as_text(rows: list[list[str]], delimiter: str, encoding: str, line_end: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return target.getvalue().encode(encoding)


def as_workbook(rows: list[list[object]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("ข้อมูล")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return target.getvalue()


@given(
    observations(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp874"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=60, deadline=None)
def test_a_long_table_comes_back_from_text(drawn, delimiter, encoding, line_end):
    rows, meant = drawn
    assert understood(as_text([HEAD, *rows], delimiter, encoding, line_end)) == meant


@given(observations(), st.sampled_from(["xlsx", "ods"]))
@settings(max_examples=40, deadline=None)
def test_a_long_table_comes_back_from_a_workbook(drawn, kind):
    rows, meant = drawn
    typed = [HEAD, *([*texts, float(value)] for *texts, value in rows)]
    content = as_workbook(typed) if kind == "xlsx" else ods.workbook({"ข้อมูล": typed})
    assert understood(content) == meant


@given(observations(), st.sampled_from(["csv", "xlsx", "ods"]))
@settings(max_examples=40, deadline=None)
def test_years_over_sexes_as_columns_come_back(drawn, kind):
    _, meant = drawn
    columns = [(year, sex) for year in (2563, 2564, 2565) for sex in ("ชาย", "หญิง", "รวม")]
    codes = {"ชาย": "M", "หญิง": "F", "รวม": "_T"}
    lines: list[list[object]] = [
        ["ตัวชี้วัด", "พื้นที่", *(str(year) for year, _ in columns)],
        ["ตัวชี้วัด", "พื้นที่", *(sex for _, sex in columns)],
    ]
    for indicator, place in sorted({(key[0], key[1]) for key in meant}):
        keys = [(indicator, place, codes[sex], str(year - 543)) for year, sex in columns]
        lines.append([indicator, place, *(meant.get(key, [None])[0] for key in keys)])
    content = {
        "csv": lambda: as_text(lines, ",", "utf-8", "\n"),
        "xlsx": lambda: as_workbook(lines),
        "ods": lambda: ods.workbook({"ข้อมูล": lines}),
    }[kind]()
    assert understood(content) == {key: (value, None) for key, (value, _) in meant.items()}


def is_reported(content: bytes) -> None:
    report = Report()
    reading = read(content, report)
    check(reading.rows, reading.layout, report)
    assert report.has_errors or not reading.rows.is_empty()
    report.as_dict("th")


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_report(content):
    is_reported(content)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_change_to_a_file_gives_a_report(data):
    files = sorted(path for path in OFFICE.iterdir() if path.suffix not in (".py", ".yaml"))
    content = data.draw(st.sampled_from(files)).read_bytes()
    is_reported(changed(data, content))


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("municipal-report.xlsx", "xl/worksheets/sheet2.xml"),
        ("municipal-report.xlsx", "xl/workbook.xml"),
        ("percent-format.xlsx", "xl/styles.xml"),
        ("percent-format.xlsx", "xl/sharedStrings.xml"),
        ("report.ods", "content.xml"),
    ],
)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_change_to_a_part_of_a_workbook_gives_a_report(name, part, data):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(OFFICE / name) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for info in source.infolist():
            text = source.read(info)
            copy.writestr(info.filename, changed(data, text) if info.filename == part else text)
    is_reported(target.getvalue())


def changed(data: st.DataObject, content: bytes) -> bytes:
    """Return `content` with up to three stretches of it replaced."""
    words = [b"", b"0", b"999999999999", b'"', b",", b"\0", b"%", b"-1", b"=", b">", b"<", b"s"]
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        put = data.draw(st.one_of(st.sampled_from(words), st.binary(max_size=8)))
        content = content[:start] + put + content[start + length :]
    return content


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["พะเยา", "2567", "NEET", "1", "1,234", "รวม", "ชาย", "*", "=", "#N/A", "ปี", "ค่า"]
    ),
    st.text(max_size=6),
)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_cells_give_a_report(rows):
    is_reported(as_text([[cell or "" for cell in row] for row in rows], ",", "utf-8", "\n"))


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.sampled_from(known_names())
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["A", "B", "AB", "a", "SEX"]), inner),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*Mapping.__dataclass_fields__, "other"]), JSON))
@settings(max_examples=200, deadline=None)
def test_any_mapping_is_taken_or_refused_with_a_reason(given_mapping):
    try:
        mapping = Mapping.from_dict(given_mapping)
    except ValueError as refusal:
        assert str(refusal)
    else:
        assert Mapping.from_dict(mapping.as_dict()) == mapping


@given(
    st.integers(1, 5),
    st.integers(0, 2),
    st.dictionaries(st.sampled_from("ABCDEFGH"), st.sampled_from(["", *known_names()]), max_size=6),
    st.dictionaries(
        st.sampled_from("CDEFGH"),
        st.fixed_dictionaries({"TIME_PERIOD": st.just("2567")}),
        max_size=2,
    ),
    st.dictionaries(
        st.sampled_from(known_names()), st.sampled_from(["NEET", "TH-56", "2567"]), max_size=3
    ),
)
@settings(max_examples=150, deadline=None)
def test_any_mapping_reads_any_sheet_or_says_why_not(first, rows, columns, spread, constants):
    content = (OFFICE / "sexes-under-years-with-title.csv").read_bytes()
    try:
        mapping = Mapping.from_dict(
            {
                "first": first,
                "last": first + rows - 1,
                "columns": columns,
                "spread": spread,
                "constants": constants,
            }
        )
    except ValueError:
        return
    report = Report()
    reading = read(content, report, mapping)
    check(reading.rows, reading.layout, report)
    assert report.has_errors or not reading.rows.is_empty()


def test_the_seed_files_read_as_they_did_line_by_line():
    for path in sorted((Path(__file__).parents[2] / "seed-data" / "observations").glob("*.csv")):
        report = Report()
        found = grids(path.read_bytes(), report)
        rows, _ = extract(found[0], propose(found), report)
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        assert rows[ROW].to_list() == list(range(2, len(lines) + 2))
        for name in rows.columns[1:]:
            if name in codelists.columns():
                assert rows[name].to_list() == [line[name] or None for line in lines], (path, name)
