"""The data dictionary of a table: its columns and the codes in it, in both languages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import polars as pl
import yaml

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.model import DIMENSIONS, KEY

Entry = Mapping[str, Any]


class Row(NamedTuple):
    """A column, or a code in it; `code` is empty in a column's own row."""

    column: str
    code: str
    name_en: str
    name_th: str
    description_en: str = ""
    description_th: str = ""


_LISTS: dict[str, Callable[[], Mapping[str, Entry]]] = {
    "areas": codelists.areas,
    "area_levels": codelists.area_levels,
    "indicators": codelists.indicators,
    "period_types": codelists.period_types,
    "statuses": codelists.statuses,
    "units": codelists.units,
}


class Codes:
    """The codes seen in tables that pass by, so that a dictionary lists those and no others."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}

    def watch(self, tables: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Yield the same tables."""
        for table in tables:
            for name in (name for name in table.columns if _codes_of(name)):
                found = table[name].unique().drop_nulls()
                self._seen.setdefault(name, set()).update(found)
            yield table

    def rows(self, columns: Iterable[str]) -> Iterator[Row]:
        """Yield the rows of the dictionary, the codes in the order of their lists."""
        for name in columns:
            entry = _columns()[name]
            yield _row(name, "", entry)
            seen = self._seen.get(name, set())
            yield from (_row(name, code, e) for code, e in _codes_of(name).items() if code in seen)


def as_csv(rows: Iterable[Row]) -> str:
    """Return the dictionary as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    return text.getvalue()


def table_schema(columns: Iterable[str]) -> dict[str, Any]:
    """Return the columns as a Frictionless Table Schema."""
    columns = tuple(columns)
    fields = [
        {
            "name": name,
            "type": _columns()[name]["type"],
            "title": _columns()[name]["name"]["en"],
            "description": _columns()[name]["description"]["en"],
        }
        for name in columns
    ]
    # The same observation may stand in two datasets.
    key = [*KEY, "DATASET"] if "DATASET" in columns else list(KEY)
    return {"fields": fields, "missingValues": [""], "primaryKey": key}


@cache
def _columns() -> Mapping[str, Entry]:
    text = files("ckanext.learningcity.schemas").joinpath("dictionary.yaml").read_text("utf-8")
    listed = {entry["id"]: entry for entry in yaml.safe_load(text)["columns"]}
    breakdowns = {
        name: {
            "type": "string",
            "name": codelists.breakdowns()[name]["name"],
            "description": {"en": "Breakdown; _T is the total.", "th": "การจำแนก _T คือยอดรวม"},
        }
        for name in DIMENSIONS
    }
    return {**listed, **breakdowns}


def _codes_of(column: str) -> Mapping[str, Entry]:
    if column in DIMENSIONS:
        codes = codelists.breakdowns()[column]["codes"]
        return {code: {"name": entry} for code, entry in codes.items()}
    name = _columns()[column].get("list")
    return _LISTS[name]() if name else {}


def _row(column: str, code: str, entry: Entry) -> Row:
    about = entry.get("description") or entry.get("definition") or entry.get("meaning") or {}
    names = entry["name"]
    return Row(column, code, names["en"], names["th"], about.get("en", ""), about.get("th", ""))
