"""The types of content: dataset types with a list page, of `schemas/codelists/content.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables import codelists

Field = Mapping[str, Any]


@dataclass(frozen=True)
class ContentType:
    """A type of content; `name`, `plural` and `about` are `{en, th}`."""

    id: str
    name: Mapping[str, str]
    plural: Mapping[str, str]
    about: Mapping[str, str]
    page: str
    facets: tuple[str, ...]
    sort: str

    @property
    def fields(self) -> list[Field]:
        """The fields of its schema, in the order of the form."""
        schema = tk.h.scheming_get_dataset_schema(self.id)
        return schema["dataset_fields"] if schema else []

    def field(self, name: str) -> Field | None:
        """Return a field of its schema."""
        return next((field for field in self.fields if field["field_name"] == name), None)

    def choices(self, name: str) -> dict[str, Mapping[str, str]]:
        """Return the labels of a field's choices by code; empty for a field without any."""
        field = self.field(name)
        listed = tk.h.scheming_field_choices(field) if field else None
        return {choice["value"]: choice["label"] for choice in listed or ()}


@cache
def types() -> Mapping[str, ContentType]:
    """Return every type by its id."""
    return {
        entry["id"]: ContentType(
            entry["id"],
            entry["name"],
            entry["plural"],
            entry["about"],
            entry["page"],
            tuple(entry["facets"]),
            entry["sort"],
        )
        for entry in codelists.content("types").values()
    }
