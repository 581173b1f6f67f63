"""Lists of content as files: CSV without formulas, JSON, and GeoJSON of what has coordinates."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import polars as pl
from flask import Response

from ckanext.learningcity.tables.formulas import disarm

from .types import ContentType, Field

#: Of a page of the search that a download is made from.
ROWS = 500

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Excel reads UTF-8 right only behind it
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
}
_LANGUAGES = ("th", "en")
_HEAD = ("id", "name", "url", "organization", "private", "metadata_modified")
_OWN = {"name", "owner_org", "spatial", "url"}  # fields that the head stands for, or geometry

Package = Mapping[str, Any]


def formats(type_: ContentType) -> list[str]:
    """Return the extensions in which a type's list can be had."""
    return ["csv", "json", *(["geojson"] if type_.field("lat") else [])]


def answer(type_: ContentType, packages: Iterable[Package], extension: str) -> Response:
    """Return the answer with a list as a file."""
    records = [_record(type_, package) for package in packages]
    make = {"csv": _csv, "json": _json, "geojson": _geojson}[extension]
    response = Response(make(type_, records), content_type=_KINDS[extension])
    response.headers["Content-Disposition"] = f"attachment; filename={type_.id}s.{extension}"
    return response


def columns(type_: ContentType) -> list[str]:
    """Return the columns of a type's CSV: a text in two languages has two."""
    return [*_HEAD, *(name for field in _fields(type_) for name in _names(field))]


def _fields(type_: ContentType) -> Iterator[Field]:
    yield from (field for field in type_.fields if field["field_name"] not in _OWN)
    yield {"field_name": "website"}


def _names(field: Field) -> list[str]:
    name = field["field_name"]
    if "widget" not in field:
        return [name]
    base = name.removesuffix("_translated")
    return [f"{base}_{language}" for language in _LANGUAGES]


def _record(type_: ContentType, package: Package) -> dict[str, Any]:
    """Return a package with the fields of its schema, lists and texts as they are in the API."""
    organization = package.get("organization") or {}
    head = {
        "id": package["id"],
        "name": package["name"],
        "url": tk.h.url_for(
            f"{type_.id}.read", id=package["name"], locale="default", _external=True
        ),
        "organization": organization.get("name"),
        "private": package["private"],
        "metadata_modified": package["metadata_modified"],
        "website": package.get("url"),
    }
    names = [field["field_name"] for field in _fields(type_)]
    return {**{name: package.get(name) for name in names}, **head}


def _json(type_: ContentType, records: list[dict[str, Any]]) -> bytes:
    about = {"type": type_.id, "count": len(records)}
    return json.dumps({**about, "results": records}, ensure_ascii=False, indent=1).encode()


def _csv(type_: ContentType, records: list[dict[str, Any]]) -> bytes:
    flat = [dict(_cells(type_, record)) for record in records]
    table = pl.DataFrame(flat, schema=dict.fromkeys(columns(type_), pl.String))
    numbers = {"lat", "lon"}  # a minus sign there is no formula
    buffer = io.BytesIO()
    disarm(table, [name for name in table.columns if name not in numbers]).write_csv(buffer)
    return _BYTE_ORDER_MARK + buffer.getvalue()


def _cells(type_: ContentType, record: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name in _HEAD:
        yield name, _text(record[name])
    for field in _fields(type_):
        value = record[field["field_name"]]
        if "widget" not in field:
            yield field["field_name"], _text(value)
            continue
        texts = value if isinstance(value, Mapping) else {}
        for name, language in zip(_names(field), _LANGUAGES, strict=True):
            yield name, _text(texts.get(language))


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, list):
        return "; ".join(map(_item, value))
    return str(value)


def _item(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)


def _geojson(_type: ContentType, records: list[dict[str, Any]]) -> bytes:
    """Return a FeatureCollection (RFC 7946) of the records that have coordinates."""
    features = [
        {
            "type": "Feature",
            "id": record["id"],
            "geometry": {"type": "Point", "coordinates": [record["lon"], record["lat"]]},
            "properties": {
                name: value
                for name, value in record.items()
                if name not in ("lat", "lon") and value not in (None, "", [], {})
            },
        }
        for record in records
        if record.get("lat") is not None and record.get("lon") is not None
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False
    ).encode()
