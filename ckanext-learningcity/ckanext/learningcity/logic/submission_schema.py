"""What the actions of the publishing desk accept."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.desk import states
from ckanext.learningcity.tables.mapping import Mapping
from ckanext.learningcity.tables.report import severity

from .schema import only


def mapping(value: Any) -> Mapping:
    """Return the mapping that a JSON object or its text describes."""
    if isinstance(value, Mapping):
        return value
    try:
        return Mapping.from_dict(json.loads(value) if isinstance(value, str) else value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = tk._("This is not a mapping of columns: {fault}").format(fault=error)
        raise tk.Invalid(message) from error


def confirmable(codes: list[str]) -> list[str]:
    """Return codes of findings that a publisher may confirm."""
    for code in codes:
        if not _is_confirmable(code):
            message = tk._("“{code}” is not a finding that can be confirmed.").format(code=code)
            raise tk.Invalid(message)
    return codes


def _is_confirmable(code: str) -> bool:
    try:
        return severity(code) == "confirm"
    except KeyError:
        return False


@validator_args
def create(not_empty: Validator, not_missing: Validator, unicode_safe: Validator) -> Schema:
    """A file for a dataset."""
    return only({"id": [not_empty, unicode_safe], "upload": [not_missing]})


@validator_args
def update(not_empty: Validator, ignore_missing: Validator, unicode_safe: Validator) -> Schema:
    """The columns of the table, and the findings that the publisher stands by."""
    return only(
        {
            "id": [not_empty, unicode_safe],
            "mapping": [ignore_missing, mapping],
            "sheet": [ignore_missing, unicode_safe],
            "confirmed": [ignore_missing, tk.get_validator("learningcity_list"), confirmable],
        }
    )


@validator_args
def search(ignore_empty: Validator, unicode_safe: Validator, one_of: ValidatorFactory) -> Schema:
    """Which submissions."""
    return only(
        {
            "dataset": [ignore_empty, unicode_safe],
            "organization": [ignore_empty, unicode_safe],
            "state": [ignore_empty, one_of(list(states.STATES))],
            "whose": [ignore_empty, one_of(["mine", "to_approve"])],
            "q": [ignore_empty, unicode_safe],
            **_page(),  # pyright: ignore[reportCallIssue] - `validator_args` gives them
        }
    )


@validator_args
def preview(not_empty: Validator, ignore_missing: Validator, unicode_safe: Validator) -> Schema:
    """A sheet of a submission's file."""
    return only({"id": [not_empty, unicode_safe], "sheet": [ignore_missing, unicode_safe]})


@validator_args
def diff(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """A page of what a submission would change."""
    return only({"id": [not_empty, unicode_safe], **_page()})  # pyright: ignore[reportCallIssue]


@validator_args
def give_back(not_empty: Validator, unicode_safe: Validator, strip_value: Validator) -> Schema:
    """A submission, and why it is returned."""
    reason = [not_empty, unicode_safe, strip_value, not_empty]
    return only({"id": [not_empty, unicode_safe], "reason": reason})


@validator_args
def _page(default: ValidatorFactory, natural_number_validator: Validator) -> Schema:
    size = tk.get_validator("learningcity_page_size")
    return {
        "limit": [default(50), natural_number_validator, size],
        "offset": [default(0), natural_number_validator],
    }


@validator_args
def observation_publish(
    not_empty: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    learningcity_yes_or_no: Validator,
) -> Schema:
    """A file for a dataset, published in one call."""
    number = tk.get_validator("natural_number_validator")
    return only(
        {
            "id": [not_empty, unicode_safe],
            "upload": [ignore_missing],
            "data": [ignore_missing, unicode_safe],
            "mapping": [ignore_missing, mapping],
            "confirm": [ignore_missing, tk.get_validator("learningcity_list"), confirmable],
            "base_release": [ignore_missing, number],
            "dry_run": [default(False), learningcity_yes_or_no],
        }
    )
