"""Choices of the schemas' pickers, and what their form snippets need, as template helpers.

Scheming calls a choices helper with the field's definition and takes `{value, label}`; long lists
add `group`, the heading under which the picker lists the choice. Labels are `{en, th}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables import codelists

from .fill import read_languages
from .languages import LANGUAGES, language_of

__all__ = [
    "learningcity_area_choices",
    "learningcity_award_category_choices",
    "learningcity_award_level_choices",
    "learningcity_choice_groups",
    "learningcity_code_choices",
    "learningcity_focal_area_choices",
    "learningcity_gd_missing",
    "learningcity_indicator_choices",
    "learningcity_language_inputs",
    "learningcity_period_type_choices",
]

Choice = dict[str, Any]
Field = Mapping[str, Any]

_LANGUAGE_NAMES = {
    "th": {"en": "Thai", "th": "ภาษาไทย"},
    "en": {"en": "English", "th": "ภาษาอังกฤษ"},
}
_UNFILLED: tuple[Any, ...] = (None, "", [], {}, "unknown", ["unknown"], "notspecified")


def learningcity_area_choices(field: Field) -> list[Choice]:
    """Return every place, under its level."""
    return list(_areas())


def learningcity_indicator_choices(field: Field) -> list[Choice]:
    """Return every indicator, under its focal area."""
    focal_areas = codelists.focal_areas()
    entries = sorted(codelists.indicators().values(), key=lambda entry: entry["focal_area"])
    return _choices(entries, lambda entry: focal_areas[entry["focal_area"]]["name"])


def learningcity_focal_area_choices(field: Field) -> list[Choice]:
    """Return the twelve focal areas."""
    return _plain_choices(codelists.focal_areas())


def learningcity_period_type_choices(field: Field) -> list[Choice]:
    """Return the kinds of year."""
    return _plain_choices(codelists.period_types())


def learningcity_code_choices(field: Field) -> list[Choice]:
    """Return the list of `schemas/codelists/content.yaml` that the field names in `codes`."""
    return _plain_choices(codelists.content(field["codes"]))


def learningcity_award_category_choices(field: Field) -> list[Choice]:
    """Return the categories of the awards."""
    return _plain_choices(codelists.awards("categories"))


def learningcity_award_level_choices(field: Field) -> list[Choice]:
    """Return the levels of the awards."""
    return _plain_choices(codelists.awards("levels"))


def learningcity_choice_groups(field: Field) -> list[tuple[Mapping[str, str], list[Choice]]]:
    """Return the choices of a field under their headings; the heading is empty where none is."""
    choices = tk.h.scheming_field_choices(field)
    return [
        (heading, list(group))
        for heading, group in groupby(choices, lambda choice: choice.get("group", {}))
    ]


def learningcity_language_inputs(field: Field, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the inputs of a two-language field: `{name, language, language_name, value}`.

    The value is what was posted, else what is stored, else the plain core text in the language in
    which it is written. Keywords come as text with commas.
    """
    return [
        {
            "name": f"{field['field_name']}-{language}",
            "language": language,
            "language_name": _LANGUAGE_NAMES[language],
            "value": _input_value(field, data, language),
        }
        for language in LANGUAGES
    ]


def learningcity_gd_missing(dataset: Mapping[str, Any]) -> list[Field]:
    """Return the fields of the fourteen mandatory GD-Catalog items that the dataset leaves open.

    `unknown` and a licence that is not specified count as open.
    """
    schema = tk.h.scheming_get_dataset_schema(dataset["type"]) or {"dataset_fields": []}
    items = [field for field in schema["dataset_fields"] if "gd_item" in field]
    missing = [
        field
        for field in items
        if dataset.get(field.get("fills", field["field_name"])) in _UNFILLED
    ]
    return sorted(missing, key=lambda field: field["gd_item"])


@cache
def _areas() -> list[Choice]:
    """Return the choices of a long list, which every dataset's validation goes through."""
    levels = codelists.area_levels()
    return _choices(codelists.areas().values(), lambda area: levels[area["level"]]["name"])


def _plain_choices(entries: Mapping[str, Mapping[str, Any]]) -> list[Choice]:
    return [{"value": entry["id"], "label": entry["name"]} for entry in entries.values()]


def _choices(
    entries: Iterable[Mapping[str, Any]], group: Callable[[Mapping[str, Any]], Mapping[str, str]]
) -> list[Choice]:
    return [
        {"value": entry["id"], "label": entry["name"], "group": group(entry)} for entry in entries
    ]


def _input_value(field: Field, data: Mapping[str, Any], language: str) -> str:
    posted = data.get(f"{field['field_name']}-{language}")
    if posted is not None:
        return posted
    stored = read_languages(data.get(field["field_name"]) or {}) or {}
    if stored:
        content = stored.get(language) or ""
        return content if isinstance(content, str) else ", ".join(content)
    plain = data.get(field.get("fills") or "") or ""
    if isinstance(plain, str):
        return plain if language_of(plain) == language else ""
    names = [tag["name"] for tag in plain]
    return ", ".join(name for name in names if language_of(name) == language)
