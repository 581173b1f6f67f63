"""CKAN's search document to a row of the table."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from . import dates, fields, thai
from .analysis import Chunk, chunks, known_chunks
from .lexemes import Vector, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

_LONGEST_KEYWORD = 1_000  # characters; longer values are prose, and found by their words
_LONGEST_TEXT = 16_000  # words of one value; PostgreSQL counts positions to 16,383
_COPIED = ("index_id", "site_id", "id", "name", "entity_type", "dataset_type", "state")
_SPATIAL = ("spatial", "extras_spatial", "spatial_geom")  # geometry is not text
_WHOLE = {*fields.BLOBS, *_SPATIAL}  # nothing inside them is looked for


class Vectors(NamedTuple):
    """The three vectors of a row; see ``model``."""

    words: Vector
    head: Vector
    field_words: Vector

    def add(self, text: tuple[Chunk, ...], weight: str | None, name: str | None) -> None:
        """Add a value to the vectors it belongs to."""
        if weight:
            self.words.add(text, weight)
        if weight in ("A", "B"):
            self.head.add(text, weight)
        if name:
            self.field_words.add(text, weight or "D", f"{name}:")


def row(connection: sa.Connection, source: dict[str, Any]) -> dict[str, Any]:
    """The table's columns for one document as CKAN would send it to Solr.

    :raises KeyError: if the document has no ``index_id``
    """
    values = {field: list(_values(value)) for field, value in source.items()}
    values = {field: found for field, found in values.items() if found}
    leaves = {
        field: [leaf for value in found for leaf in _leaves(value)]
        for field, found in values.items()
        if field not in _WHOLE
    }
    vectors = _vectors(source, leaves)
    stems = stem(connection, set().union(*(vector.words() for vector in vectors)))
    keywords = dict(_keywords(leaves))
    title = _first(values, "title") or _first(values, "name") or ""
    return {
        **{column: _first(values, column) for column in _COPIED},
        "index_id": source["index_id"],
        "capacity": _first(values, "capacity"),
        "organization": _first(values, "organization"),
        "metadata_created": _date(values, "metadata_created"),
        "metadata_modified": _date(values, "metadata_modified"),
        "views_recent": next(iter(keywords.get("views_recent", ())), None),
        "title_key": thai.sort_key(title),
        "permission_labels": values.get("permission_labels", []),
        "extent": _extent(values),
        "facets": [f"{f}={v}" for f, found in keywords.items() if fields.faceted(f) for v in found],
        "keywords": keywords,
        **{name: vector.literal(stems) for name, vector in vectors._asdict().items()},
        "stored": _stored(source),
        **{blob: source.get(blob) for blob in fields.BLOBS},
    }


def _values(value: Any) -> Iterator[str]:
    """Every single value of a field as Solr would take it, NUL bytes dropped."""
    if isinstance(value, list | tuple | set):
        for item in value:
            yield from _values(item)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, datetime):
        yield value.isoformat()
    elif isinstance(value, dict):
        yield json.dumps(value, ensure_ascii=False)
    elif value not in (None, ""):
        yield str(value).replace("\0", "")


def _vectors(source: dict[str, Any], leaves: dict[str, list[str]]) -> Vectors:
    vectors = Vectors(Vector(), Vector(), Vector())
    for field, texts in leaves.items():
        weight, name = fields.weight(field), fields.search_name(field)
        if weight or name:
            for text in texts:
                vectors.add(_words(text), weight, name)
    for title in _parent_titles(source):
        vectors.add(_words(title), "D", None)
    return vectors


def _words(text: str) -> tuple[Chunk, ...]:
    if len(text) <= _LONGEST_KEYWORD:
        return known_chunks(text)
    return tuple(islice(chunks(text), _LONGEST_TEXT))


def _leaves(value: str) -> Iterator[str]:
    """The texts inside a value: two-language fields are JSON objects in a string."""
    if value[:1] not in "{[":
        yield value
        return
    try:
        yield from _strings(json.loads(value))
    except ValueError:
        yield value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


def _parent_titles(source: dict[str, Any]) -> Iterator[str]:
    """Titles of organization and groups: a city's name finds the city's datasets."""
    dataset = json.loads(source.get("data_dict") or "{}")
    parents = [dataset.get("organization") or {}, *(dataset.get("groups") or [])]
    for parent in parents:
        if parent.get("title"):
            yield parent["title"]


def _keywords(leaves: dict[str, list[str]]) -> Iterator[tuple[str, list[Any]]]:
    # A list that the schema stores as JSON is a list: `areas:TH-56` finds it.
    for field in leaves.keys() - {"permission_labels", "title", "notes"}:
        short = [value for value in leaves[field] if len(value) <= _LONGEST_KEYWORD]
        typed = [_typed(field, value) for value in short]
        if typed:
            yield field, list(dict.fromkeys(v for v in typed if v is not None))


def _typed(field: str, value: str) -> Any:
    kind = fields.kind(field)
    if kind == "date":
        moment = dates.parse(value)
        return dates.canonical(moment) if moment else None
    if kind == "number":
        try:
            return float(value)
        except ValueError:
            return None
    return value


def _stored(source: dict[str, Any]) -> dict[str, Any]:
    """What Solr would hand back: lists stay lists, empty values go, dates in Solr's form."""
    kept: dict[str, Any] = {}
    for field, value in source.items():
        if field in fields.BLOBS or field in fields.UNSTORED:
            continue
        if isinstance(value, list | tuple):
            kept[field] = [_plain(field, item) for item in value if item is not None]
        elif value not in (None, ""):
            kept[field] = _plain(field, value)
    return kept


def _plain(field: str, value: Any) -> Any:
    text = next(_values(value), "")
    if fields.kind(field) == "date":
        moment = dates.parse(text)
        return dates.solr(moment) if moment else text
    return value if isinstance(value, int | float) else text


def _first(values: dict[str, list[str]], field: str) -> str | None:
    return next(iter(values.get(field, ())), None)


def _date(values: dict[str, list[str]], field: str) -> datetime | None:
    return dates.parse(_first(values, field) or "")


def _extent(values: dict[str, list[str]]) -> str | None:
    """The bounding box that ckanext-spatial's ``solr-bbox`` backend adds, as ``box``."""
    names = ("minx", "miny", "maxx", "maxy")
    if not all(name in values for name in names):
        return None
    minx, miny, maxx, maxy = (float(values[name][0]) for name in names)
    return f"(({minx},{miny}),({maxx},{maxy}))"
