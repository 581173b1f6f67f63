"""What the actions about content accept."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.content import find, types

from .parameters import known
from .schema import only


def content_types(value: list[str]) -> list[str]:
    """Return ids of types of content."""
    return [known(item, types.types(), tk._("type of content")) for item in value]


@validator_args
def search(
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
) -> Schema:
    """Which content, in which order."""
    get = tk.get_validator
    number = get("natural_number_validator")
    list_ = get("learningcity_list")
    facets = {name for type_ in types.types().values() for name in type_.facets}
    return only(
        {
            "type": [ignore_empty, list_, content_types],
            "q": [ignore_empty, unicode_safe],
            **{name: [ignore_empty, list_] for name in sorted(facets | {*find.COMMON})},
            "area": [ignore_empty, list_, get("learningcity_areas")],
            "indicator": [ignore_empty, list_, get("learningcity_indicators")],
            "featured": [ignore_empty, get("boolean_validator"), _flag],
            "sort": [ignore_empty, one_of(list(find.SORTS))],
            "limit": [default(20), number, get("learningcity_page_size")],
            "offset": [default(0), number],
        }
    )


@validator_args
def feature(not_empty: Validator, unicode_safe: Validator, boolean_validator: Validator) -> Schema:
    """A page, and whether it is shown first."""
    return only({"id": [not_empty, unicode_safe], "featured": [not_empty, boolean_validator]})


def _flag(value: bool) -> list[str]:
    return [str(value)]


@validator_args
def import_create(
    not_empty: Validator,
    not_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
) -> Schema:
    """A file for an organization."""
    return only(
        {
            "organization": [not_empty, unicode_safe],
            "upload": [not_missing],
            "private": [default(False), boolean_validator],
        }
    )
