"""What a dataset or organization gets before its fields are validated.

Fields of the schemas that name a plain field of core CKAN (`fills`) and that field are brought in
line, and a form, unlike a client of the API, must not leave required fields blank.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator
from ckanext.scheming.validation import scheming_validator

from .languages import LANGUAGES, language_of, merge_texts, merge_words, pick

Field = Mapping[str, Any]

_EMPTY: tuple[Any, ...] = (tk.missing, None, "", [], {})


@scheming_validator
def learningcity_fill(_field: Field | None, schema: Mapping[str, Any]) -> Validator:
    """Bring two-language fields and core's plain ones in line; refuse blanks in a form.

    A `before_validators` of scheming: `schema` is the whole schema.
    """
    fields = schema["dataset_fields"] if "dataset_fields" in schema else schema["fields"]
    translated = [field for field in fields if "widget" in field]
    of_resources = [field for field in schema.get("resource_fields", ()) if "widget" in field]

    def fill(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        stored = stored_object(data, context)
        whole = _Part(data, (), stored)
        from_form = [whole.fill(field) for field in translated]
        for position in _positions(data, "resources"):
            resource = _stored_resource(data, position, stored)
            part = _Part(data, ("resources", position), resource)
            for field in of_resources:
                part.fill(field)
        if any(from_form):
            _refuse_blanks(fields, data, errors)

    return fill


def read_languages(value: Any) -> dict[str, Any] | None:
    """Return `{language: …}` from a mapping or its JSON text; None if it is neither."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return dict(value) if isinstance(value, Mapping) else None


@dataclass(frozen=True)
class _Part:
    """A dataset, organization or resource (`prefix`) within the flat data of a validation."""

    data: FlattenDataDict
    prefix: tuple[str | int, ...]
    stored: Any  # the model's object that is being changed, or None

    def fill(self, field: Field) -> bool:
        """Fill a field in two languages and the core field that it speaks for, if any.

        Return whether its value came from a form.
        """
        key = (*self.prefix, field["field_name"])
        inputs, core_field = self.form_inputs(field["field_name"]), field.get("fills")
        if inputs:
            self.data[key] = _split(inputs) if core_field == "tags" else inputs
        given = {} if self.data.get(key) in _EMPTY else read_languages(self.data.get(key))
        if given is None or not given.keys() <= set(LANGUAGES):
            return bool(inputs)  # the field's own validator says what is wrong
        if core_field == "tags":
            self.fill_tags(key, given)
        else:
            self.fill_text(key, core_field, given)
        return bool(inputs)

    def fill_text(self, key: FlattenKey, core_field: str | None, given: dict[str, Any]) -> None:
        """Bring a text and the plain one in line; without one, leave out what is blank."""
        if not all(isinstance(text, str) for text in given.values()):
            return
        if core_field is None:
            self.data[key] = merge_texts(given, None, None) or tk.missing
            return
        core = (*self.prefix, core_field)
        plain = self.data.get(core)
        stored = getattr(self.stored, core_field, None)
        texts = merge_texts(given, plain if isinstance(plain, str) else None, stored)
        self.data[key] = texts or tk.missing
        if texts:
            self.data[core] = pick(texts, tk.config["ckan.locale_default"])

    def fill_tags(self, key: FlattenKey, given: dict[str, Any]) -> None:
        """Write the union of the keywords over the tags that came, the rest to `tag_string`."""
        data = self.data
        rows = [
            ("tags", position, "name")
            for position in _positions(data, "tags")
            if data.get(("tags", position, "vocabulary_id")) in _EMPTY
        ]
        tag_string = data.get(("tag_string",))
        more = tag_string.split(",") if isinstance(tag_string, str) else []
        tags = _clean([*(data.get(row) for row in rows), *more])
        listed = {language: _clean(words) for language, words in given.items()}
        if tags is None or None in listed.values():
            return  # not texts: the validators of tags and keywords say so
        before = [tag.name for tag in self.stored.get_tags()] if self.stored else []
        known = {language: words or [] for language, words in listed.items()}
        words = merge_words(known, tags or None, before)
        data[key] = words or tk.missing
        names = list(dict.fromkeys(word for listed in words.values() for word in listed))
        for row, name in zip(rows, names + names[:1] * len(rows), strict=False):
            data[row] = name  # core drops repeated names, so that surplus rows vanish
        data[("tag_string",)] = ",".join(names[len(rows) :]) or tk.missing

    def form_inputs(self, name: str) -> dict[str, str]:
        """Take the inputs `name-th` and `name-en`, which only a form sends, from the unknown."""
        unknown = self.data.get((*self.prefix, "__extras")) or {}
        inputs = {lang: f"{name}-{lang}" for lang in LANGUAGES if f"{name}-{lang}" in unknown}
        return {language: unknown.pop(key) for language, key in inputs.items()}


def _refuse_blanks(fields: list[Field], data: FlattenDataDict, errors: FlattenErrorDict) -> None:
    for field in fields:
        key = (field["field_name"],)
        refused_by_itself = "scheming_required" in field.get("validators", "scheming_required")
        if field.get("required") and not refused_by_itself and data.get(key) in _EMPTY:
            errors[key].append(tk._("Missing value"))


def _split(inputs: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the words between the commas, each in its own language whichever input it stood in."""
    words: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for text in inputs.values():
        for word in text.split(","):
            if word.strip():
                words[language_of(word)].append(word.strip())
    return words


def _clean(words: Any) -> list[str] | None:
    """Return the words that are not blank, in one Unicode form; None if it is no list of texts."""
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    return [unicodedata.normalize("NFC", word).strip() for word in words if word.strip()]


def _positions(data: FlattenDataDict, key: str) -> list[int]:
    return sorted({found[1] for found in data if found[0] == key and len(found) > 2})


def stored_object(data: FlattenDataDict, context: Context) -> Any:
    """Return the dataset or group that is being changed, None while one is made."""
    stored: Any = context.get("package") or context.get("group")
    named = (data.get(("id",)), data.get(("name",)))
    return stored if stored and (stored.id in named or stored.name in named) else None


def _stored_resource(data: FlattenDataDict, position: int, package: Any) -> Any:
    wanted = data.get(("resources", position, "id"))
    resources = package.resources if package else []
    return next((resource for resource in resources if resource.id == wanted), None)
