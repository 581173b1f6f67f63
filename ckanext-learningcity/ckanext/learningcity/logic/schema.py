"""What the actions accept. A parameter that is not named here is refused, not ignored."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.tables.model import DIMENSIONS


def only(schema: Schema) -> Schema:
    """Return `schema`, made to refuse every parameter that it does not name."""
    refuse = tk.get_validator("learningcity_refuse_unknown")
    return {**schema, "__extras": [refuse], "__junk": [refuse]}


@validator_args
def area_list(
    ignore_missing: Validator, unicode_safe: Validator, boolean_validator: Validator
) -> Schema:
    """Filters of the places."""
    levels = tk.get_validator("learningcity_area_levels")
    area = tk.get_validator("learningcity_area")
    return only(
        {
            "level": [ignore_missing, levels],
            "parent": [ignore_missing, area],
            "gnlc": [ignore_missing, boolean_validator],
            "q": [ignore_missing, unicode_safe],
        }
    )


def nothing() -> Schema:
    """No parameter."""
    return only({})


@validator_args
def identifier(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """One id."""
    return only({"id": [not_empty, unicode_safe]})


@validator_args
def indicator_list(ignore_missing: Validator, unicode_safe: Validator) -> Schema:
    """Filters of the indicators."""
    return only({"focal_area": [ignore_missing, unicode_safe], "q": [ignore_missing, unicode_safe]})


@validator_args
def observation_search(
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """A slice of observations."""
    get = tk.get_validator
    page = tk.config["ckanext.learningcity.observations.page"]
    return {
        **observation_slice(),  # pyright: ignore[reportCallIssue] - `validator_args` gives them
        "limit": [default(page), natural_number_validator, get("learningcity_page_size")],
        "cursor": [ignore_missing, unicode_safe],
    }


@validator_args
def observation_slice(ignore_missing: Validator, unicode_safe: Validator) -> Schema:
    """The filters that the search and the downloads share."""
    get = tk.get_validator
    list_ = get("learningcity_list")
    breakdown = get("learningcity_breakdown")
    breakdowns = {name.lower(): [ignore_missing, list_, breakdown(name)] for name in DIMENSIONS}  # pyright: ignore[reportCallIssue] - a factory
    return only(
        {
            "indicator": [ignore_missing, list_, get("learningcity_indicators")],
            "area": [ignore_missing, list_, get("learningcity_areas")],
            "level": [ignore_missing, get("learningcity_area_levels")],
            "dataset": [ignore_missing, list_],
            **breakdowns,  # pyright: ignore[reportArgumentType]
            "start": [ignore_missing, unicode_safe, get("learningcity_period")],
            "end": [ignore_missing, unicode_safe, get("learningcity_period")],
            "as_of": [ignore_missing, get("learningcity_moment")],
        }
    )


@validator_args
def release_list(
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """Which releases; without `id` the newest of all datasets."""
    return only(
        {
            "id": [ignore_missing, unicode_safe],
            "limit": [default(20), natural_number_validator],
            "offset": [default(0), natural_number_validator],
        }
    )


@validator_args
def release_show(
    not_empty: Validator, unicode_safe: Validator, natural_number_validator: Validator
) -> Schema:
    """One release."""
    return only({"id": [not_empty, unicode_safe], "number": [not_empty, natural_number_validator]})


@validator_args
def release_diff(
    not_empty: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """A release, and the one to compare it with."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "number": [not_empty, natural_number_validator],
            "against": [ignore_missing, natural_number_validator],
            "limit": [
                default(100),
                natural_number_validator,
                tk.get_validator("learningcity_page_size"),
            ],
            "offset": [default(0), natural_number_validator],
        }
    )


@validator_args
def release_correction(
    not_empty: Validator, unicode_safe: Validator, natural_number_validator: Validator
) -> Schema:
    """A release, and why it is corrected."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "number": [not_empty, natural_number_validator],
            "reason": [not_empty, unicode_safe],
        }
    )


@validator_args
def source_show(
    not_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """One source, and a page of what belongs to it."""
    page = tk.get_validator("learningcity_page_size")
    return only(
        {
            "id": [not_empty, unicode_safe],
            "limit": [default(20), natural_number_validator, page],
            "offset": [default(0), natural_number_validator],
        }
    )


@validator_args
def source_run(
    not_empty: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    learningcity_yes_or_no: Validator,
) -> Schema:
    """One source, for real or to see what would change."""
    confirmable = tk.get_validator("one_of")(["mostly_gone", "shrunk"])  # pyright: ignore[reportCallIssue] - a factory
    return only(
        {
            "id": [not_empty, unicode_safe],
            "dry_run": [default(False), learningcity_yes_or_no],
            "full": [default(False), learningcity_yes_or_no],
            "confirm": [ignore_missing, unicode_safe, confirmable],
        }
    )
