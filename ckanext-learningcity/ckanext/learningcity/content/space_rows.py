"""A list of learning spaces in a file, read into the fields of datasets; faults by row and column.

The file is read as every other table is (`tables.reading`); what its cells say about codes and
places is understood here, and every other rule is the schema's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

import polars as pl

from ckanext.learningcity.logic.languages import LANGUAGES, language_of
from ckanext.learningcity.tables import codelists, reading
from ckanext.learningcity.tables.codelists import fold
from ckanext.learningcity.tables.formulas import rearm
from ckanext.learningcity.tables.layout import Grid
from ckanext.learningcity.tables.report import Issue, Report
from ckanext.learningcity.tabular import shape

#: Columns of codes: the list of `content.yaml` or of the framework that they come from.
_CHOICES = {
    "kind": "space_kinds",
    "accessibility": "accessibility",
    "cost": "costs",
    "audience": "audiences",
    "theme": "",
}
_LISTS = ("accessibility", "audience", "theme", "areas")
_TEXTS = ("title", "notes", "address", "opening_hours", "operator")
_NAMES = {"website": "url"}  # columns whose field has another name
_SHOWN = 3  # suggestions


@dataclass(frozen=True)
class Place:
    """Where a column stood in the file."""

    letter: str
    heading: str


@dataclass
class Row:
    """A row as the fields of a dataset; `key` finds it again, and `faulty` rows are not written."""

    number: int
    fields: dict[str, Any]
    key: str = ""
    faulty: bool = False


@dataclass
class Sheet:
    """The rows of a file, and where each column stood; `sheet` is empty for a file of text."""

    rows: list[Row] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    sheet: str = ""

    def issue(self, code: str, row: Row, column: str, found: str | None, expected: Any) -> Issue:
        """Return a finding about a cell; its row is then faulty."""
        row.faulty = True
        place = self.places.get(column)
        heading = place.heading if place else column
        cell = f"{place.letter}{row.number}" if place else None
        return Issue(code, row.number, heading, found, expected, cell, self.sheet or None)


def read(content: bytes, report: Report) -> Sheet:
    """Return the learning spaces in a file; what is wrong with it goes to `report`."""
    grids = reading.grids(content, report)
    best = None if report.has_errors else max(grids, key=_known_headings, default=None)
    table = shape.find([best], report) if best else None
    if table is None:
        if not report.has_errors:
            report.add([Issue("file_empty")])
        return Sheet()
    places = _columns(table, report)
    missing = _missing(places)
    report.add(Issue("column_missing", expected=name) for name in missing)
    if report.has_errors:
        return Sheet()
    sheet = Sheet(places=places, sheet=table.sheet)
    body = table.body if table.sheet else rearm(table.body, table.body.columns)
    for number, cells in zip(table.rows, _cells(body, places), strict=True):
        sheet.rows.append(_row(sheet, number, cells, report))
    _tell_repeated(sheet, report)
    return sheet


def _known_headings(grid: Grid) -> int:
    """Return how many columns of a sheet are known: a workbook may have sheets of lists, too."""
    table = shape.find([grid], Report())
    return len({_headings().get(fold(heading)) for heading in table.headings}) if table else 0


def _columns(table: shape.Table, report: Report) -> dict[str, Place]:
    """Return where each known column stands; others are told, and repeated ones are faults.

    In a download of the portal `id` and `name` are the dataset's, so its columns have no aliases.
    """
    places: dict[str, Place] = {}
    own = "place_key" in table.headings
    for letter, heading in zip(table.letters, table.headings, strict=True):
        known = heading in codelists.content("space_columns") or not own
        name = _headings().get(fold(heading)) if known else None
        if name is None:
            expected = {lang: ", ".join(_names(lang)) for lang in LANGUAGES}
            report.add([Issue("column_unknown", column=heading, found=heading, expected=expected)])
        elif name in places:
            found = f"{places[name].heading}, {heading}"
            report.add([Issue("column_repeated", None, heading, found, _name(name))])
        else:
            places[name] = Place(letter, heading)
    return places


def _missing(places: Mapping[str, Place]) -> list[Mapping[str, str]]:
    titled = {"title", "title_th", "title_en"} & places.keys()
    wanted = [*([] if titled else ["title"]), *([] if "kind" in places else ["kind"])]
    return [_name(name) for name in wanted]


def _cells(body: pl.DataFrame, places: Mapping[str, Place]) -> Iterator[dict[str, str | None]]:
    for values in body.select(place.letter for place in places.values()).iter_rows():
        yield dict(zip(places, values, strict=True))


def _row(sheet: Sheet, number: int, cells: Mapping[str, str | None], report: Report) -> Row:
    row = Row(number, {})
    texts: dict[str, dict[str, str]] = {}
    for column, cell in cells.items():
        text = (cell or "").strip()
        base, _, language = column.rpartition("_")
        if column in _TEXTS:
            texts.setdefault(column, {}).setdefault(language_of(text), text)
        elif base in _TEXTS and language in LANGUAGES:
            texts.setdefault(base, {})[language] = text
        elif column in _CHOICES:
            row.fields[column] = _codes(sheet, row, column, text, report)
        elif column == "areas":
            row.fields[column] = _areas(sheet, row, text, report)
        else:
            row.fields[_NAMES.get(column, column)] = text
    row.fields |= {f"{base}_translated": given for base, given in texts.items()}
    row.key = row.fields.get("place_key") or _made_key(row.fields)
    row.fields["place_key"] = row.key
    return row


def _made_key(fields: Mapping[str, Any]) -> str:
    """Return a key made of name and place, for a list that has none of its own."""
    names = fields["title_translated"]
    name = names.get("th") or names.get("en") or ""
    places = ",".join(fields.get("areas") or [])
    return "auto-" + sha256(f"{fold(name)}|{places}".encode()).hexdigest()[:16] if name else ""


def _codes(sheet: Sheet, row: Row, column: str, text: str, report: Report) -> Any:
    """Return the code, or the codes, that a cell names by code or name in either language."""
    known = _spellings(column)
    codes: list[str] = []
    for part in _parts(text) if column in _LISTS else [text]:
        code = known.get(fold(part))
        if code:
            codes.append(code)
        elif part:
            report.add([sheet.issue("code_unknown", row, column, part, _choices(column))])
    return list(dict.fromkeys(codes)) if column in _LISTS else "".join(codes)


def _areas(sheet: Sheet, row: Row, text: str, report: Report) -> list[str]:
    areas: list[str] = []
    for part in _parts(text):
        meant = [part.upper()] if part.upper() in codelists.areas() else None
        meant = meant or list(codelists.area_names().get(fold(part), ()))
        if len(meant) == 1:
            areas += meant
            continue
        code = "area_ambiguous" if meant else "area_unknown"
        report.add([sheet.issue(code, row, "areas", part, ", ".join(meant))])
    return list(dict.fromkeys(areas))


def _tell_repeated(sheet: Sheet, report: Report) -> None:
    first: dict[str, Row] = {}
    for row in sheet.rows:
        before = first.setdefault(row.key, row)
        if before is not row and row.key:
            column = "place_key" if "place_key" in sheet.places else _title_column(sheet)
            found = row.fields["title_translated"].get("th") or row.key
            report.add([sheet.issue("row_repeated", row, column, found, str(before.number))])


def _title_column(sheet: Sheet) -> str:
    return next(name for name in ("title", "title_th", "title_en") if name in sheet.places)


def column_of(sheet: Sheet, field_name: str) -> str:
    """Return the column of the file that a field of a dataset comes from."""
    if field_name in ("name", "title"):
        return _title_column(sheet)
    named = {name: column for column, name in _NAMES.items()}
    base = field_name.removesuffix("_translated")
    candidates = (named.get(field_name, field_name), base, f"{base}_th", f"{base}_en")
    return next((name for name in candidates if name in sheet.places), field_name)


def wanted_in(column: str) -> Mapping[str, str]:
    """Return what an empty cell of a column should hold: its choices, or its name."""
    return _choices(column) if column in _CHOICES else _name(column)


def choice_names(column: str, language: str) -> list[str]:
    """Return the names that a column of codes takes, none for another column."""
    entries = _list(column).values() if column in _CHOICES else ()
    return [entry["name"][language] for entry in entries]


@cache
def _headings() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for entry in codelists.content("space_columns").values():
        for heading in (entry["id"], *entry["name"].values(), *entry["aliases"]):
            known.setdefault(fold(str(heading)), entry["id"])
    return known


@cache
def _spellings(column: str) -> Mapping[str, str]:
    return {
        fold(str(spelling)): code
        for code, entry in _list(column).items()
        for spelling in (code, *entry["name"].values())
    }


def _list(column: str) -> Mapping[str, Any]:
    name = _CHOICES[column]
    return codelists.content(name) if name else codelists.focal_areas()


def _choices(column: str) -> dict[str, str]:
    entries = _list(column).values()
    return {lang: ", ".join(entry["name"][lang] for entry in entries) for lang in LANGUAGES}


def _names(language: str) -> list[str]:
    return [entry["name"][language] for entry in codelists.content("space_columns").values()]


def _name(column: str) -> Mapping[str, str]:
    entry = codelists.content("space_columns").get(column)
    return entry["name"] if entry else dict.fromkeys(LANGUAGES, column)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
