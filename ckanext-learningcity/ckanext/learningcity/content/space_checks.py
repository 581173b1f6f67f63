"""Learning spaces of a file against the schema and what the portal has: what would be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import ckan.plugins.toolkit as tk
import flask_babel
import sqlalchemy as sa
from ckan import model
from ckan.lib import plugins as lib_plugins
from ckan.model import package_table
from ckan.types import Context
from flask import has_request_context

from ckanext.learningcity import existing
from ckanext.learningcity.logic.content_fields import DECIMALS
from ckanext.learningcity.logic.languages import LANGUAGES
from ckanext.learningcity.tables.codelists import fold
from ckanext.learningcity.tables.report import Report

from .space_rows import Row, Sheet, column_of, wanted_in

TYPE = "learning-space"

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def check(sheet: Sheet, organization: model.Group, user: str, report: Report) -> dict[str, int]:
    """Return how many rows would be `added`, `changed`, left `unchanged`, and are `faulty`.

    Rows that the schema refuses are reported, and are faulty.
    """
    known = Known(organization)
    counts = {"added": 0, "changed": 0, "unchanged": 0, "faulty": 0}
    for row in sheet.rows:
        existing = known.find(row)
        planned = plan(row.fields, existing)
        if not row.faulty and planned is not None:
            _tell_refused(sheet, row, {**planned, "owner_org": organization.id}, user, report)
        counts[_fate(row, existing, planned)] += 1
    return counts


def plan(fields: Mapping[str, Any], existing: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the dataset that is to be written for a row, None where nothing would change.

    A column that the file lacks leaves its field as it is; an empty cell clears it, but a place or
    a text in another language that the file does not speak of stays.
    """
    if existing is None:
        return {"type": TYPE, **_filled(fields)}
    merged = {name: _over(existing, name, value) for name, value in fields.items()}
    changes = {name: new for name, new in merged.items() if not _same(existing.get(name), new)}
    return {**existing, **changes} if changes else None


class Known:
    """The learning spaces that an organization has, found by key or by name and place."""

    def __init__(self, organization: model.Group) -> None:
        rows = model.Session.execute(
            sa.select(package_table.c.id).where(
                package_table.c.owner_org == organization.id,
                package_table.c.type == TYPE,
                package_table.c.state == model.State.ACTIVE,
            )
        )
        show = tk.get_action("package_show")
        trusted = {"ignore_auth": True, "use_cache": False}
        spaces = [show(Context(**trusted), {"id": row.id}) for row in rows]  # pyright: ignore[reportArgumentType]
        self._by_key = {space["place_key"]: space for space in spaces if space.get("place_key")}
        self._by_name = {
            fold(name): space
            for space in spaces
            if not space.get("place_key")
            for name in (space.get("title_translated") or {}).values()
        }

    def find(self, row: Row) -> dict[str, Any] | None:
        """Return the space that a row is about, one made by hand too, or None."""
        names = row.fields["title_translated"].values()
        by_name = (self._by_name.get(fold(name)) for name in names if name)
        return self._by_key.get(row.key) or next(filter(None, by_name), None)


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _texts(value) for name, value in fields.items() if _texts(value) not in _EMPTY}


def _over(existing: Mapping[str, Any], name: str, value: Any) -> Any:
    """Return what a field becomes: texts join those in the other language."""
    if isinstance(value, dict):
        return _texts({**(existing.get(name) or {}), **value})
    return existing.get(name) if name == "areas" and not value else value


def _texts(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {language: text for language, text in value.items() if text}


def _same(before: Any, after: Any) -> bool:
    if before in _EMPTY and after in _EMPTY:
        return True
    if isinstance(before, float | int) and isinstance(after, str):
        try:
            return round(float(after), DECIMALS) == float(before)
        except ValueError:
            return False
    if isinstance(before, list) and isinstance(after, list):
        return sorted(before) == sorted(after)
    return before == after


def _fate(row: Row, existing: object, planned: object) -> str:
    if row.faulty:
        return "faulty"
    if planned is None:
        return "unchanged"
    return "changed" if existing else "added"


def _tell_refused(
    sheet: Sheet, row: Row, dataset: Mapping[str, Any], user: str, report: Report
) -> None:
    """Report what the schema has against a row, in both languages."""
    if not _errors(dataset, user):
        return
    said = {}
    for language in LANGUAGES:
        with _in_language(language):
            said[language] = _errors(dataset, user)
    for name in said[LANGUAGES[0]]:
        expected = {language: said[language].get(name, "") for language in LANGUAGES}
        column = column_of(sheet, name)
        asked = "title_translated" if name in ("name", "title") else name  # the name is made of it
        found = _found(row.fields.get(asked))
        if found:
            report.add([sheet.issue("field_refused", row, column, found, expected)])
        else:
            report.add([sheet.issue("value_missing", row, column, None, wanted_in(column))])


def _errors(dataset: Mapping[str, Any], user: str) -> dict[str, str]:
    """Return the first message of each field that the schema refuses; nothing is written."""
    plugin = lib_plugins.lookup_package_plugin(TYPE)
    action = "package_update" if dataset.get("id") else "package_create"
    updates = action == "package_update"
    schema = plugin.update_package_schema() if updates else plugin.create_package_schema()
    context = cast(Context, {"model": model, "session": model.Session, "user": user})
    if updates:
        context["package"] = existing.dataset(dataset["id"])
    _data, errors = lib_plugins.plugin_validate(plugin, context, dict(dataset), schema, action)
    return {name: str(texts[0]) for name, texts in errors.items() if texts}


@contextmanager
def _in_language(language: str) -> Iterator[None]:
    if not has_request_context():
        yield
        return
    with flask_babel.force_locale(language):
        yield


def _found(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(filter(None, value.values()))
    return ", ".join(value) if isinstance(value, list) else str(value or "")
