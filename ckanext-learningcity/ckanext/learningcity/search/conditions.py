"""One clause of a query to one SQL condition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from . import dates, fields, thai
from .lucene import Pattern, QuerySyntaxError
from .model import document

if TYPE_CHECKING:
    from collections.abc import Sequence

Condition = sa.ColumnElement[bool]

_COLUMNS = {
    name: document.c[name]
    for name in (
        *("index_id", "site_id", "id", "name", "entity_type", "dataset_type", "state"),
        *("capacity", "organization", "metadata_created", "metadata_modified"),
    )
}


@dataclass(frozen=True)
class Bounds:
    """The ends of a range; ``None`` is open."""

    low: str | None
    high: str | None
    include_low: bool
    include_high: bool

    @property
    def operators(self) -> tuple[str, str]:
        """The comparison for each end."""
        return (">=" if self.include_low else ">", "<=" if self.include_high else "<")


def equals(field: str, values: Sequence[str]) -> Condition:
    """The field holds one of the values, exactly."""
    if field == "permission_labels":
        return document.c.permission_labels.overlap(list(values))
    if fields.faceted(field) and field not in _COLUMNS:
        return document.c.facets.overlap([f"{field}={value}" for value in values])
    typed = [_value(field, value) for value in values]
    if field in _COLUMNS:
        return _COLUMNS[field].in_(typed)
    return sa.or_(*(document.c.keywords.contains({field: [value]}) for value in typed))


def exists(field: str) -> Condition:
    """The field has a value at all."""
    if field in _COLUMNS:
        return _COLUMNS[field].is_not(None)
    if field in ("*", "text", "permission_labels"):
        return sa.true()
    return sa.or_(document.c.keywords.has_key(field), document.c.stored.has_key(field))


def matches(field: str, pattern: Pattern) -> Condition:
    """A value of the field fits a pattern with wildcards."""
    if field in _COLUMNS and fields.kind(field) != "date":
        return _COLUMNS[field].regexp_match(pattern.regex())
    path = f"{_values(field)} ? (@ like_regex {json.dumps(pattern.regex())})"
    return _path_exists(path, {})


def contains(field: str, text: str) -> Condition:
    """The title or name contains the text (CKAN's ``*_ngram`` fields, made for autocomplete)."""
    if field == "name_ngram":
        return document.c.name.contains(text.casefold(), autoescape=True)
    return document.c.title_key.contains(thai.sort_key(text), autoescape=True)


def within(field: str, bounds: Bounds) -> Condition:
    """A value of the field lies in a range: numbers as numbers, dates as dates, else as text."""
    if bounds.low is None and bounds.high is None:
        return exists(field)
    ends = {
        name: (operator, end)
        for name, operator, end in zip(
            ("low", "high"), bounds.operators, (bounds.low, bounds.high), strict=True
        )
        if end is not None
    }
    if field in _COLUMNS:
        column = _COLUMNS[field]
        return sa.and_(*(column.op(op)(_value(field, end)) for op, end in ends.values()))
    numeric = fields.kind(field) != "date" and all(_is_number(end) for _, end in ends.values())
    here = "@.double()" if numeric else "@"
    test = " && ".join(f"{here} {operator} ${name}" for name, (operator, _) in ends.items())
    variables = {
        name: float(end) if numeric else _value(field, end) for name, (_, end) in ends.items()
    }
    return _path_exists(f"{_values(field)} ? ({test})", variables)


def _value(field: str, text: str) -> Any:
    """A value as the index holds it."""
    kind = fields.kind(field)
    if kind == "date":
        moment = dates.parse(text)
        if moment is None:
            raise QuerySyntaxError(f"{field}: {text!r} is not a date")
        return moment if field in _COLUMNS else dates.canonical(moment)
    if kind == "number":
        if not _is_number(text):
            raise QuerySyntaxError(f"{field}: {text!r} is not a number")
        return float(text)
    return text


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)  # "nan" is not equal to itself
    except ValueError:
        return False


def _values(field: str) -> str:
    return f"$.{json.dumps(field)}[*]"


def _path_exists(path: str, variables: dict[str, Any]) -> Condition:
    # The path holds the field's name and pattern as JSON strings; ends of ranges are variables.
    return sa.func.jsonb_path_exists(
        document.c.keywords,
        sa.cast(path, JSONB.JSONPathType),
        sa.cast(variables, JSONB),
        sa.true(),
        type_=sa.Boolean,
    )
