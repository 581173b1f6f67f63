"""What the actions of reported problems accept."""

from __future__ import annotations

import unicodedata
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.problems.model import KINDS, STATES

from .schema import only

_LONGEST_TEXT = 4000
_LONGEST_NAME = 200
_LARGEST = 2**31 - 1  # PostgreSQL's integer
_LINES = "\n\t"


def written(value: Any) -> str:
    """Return what somebody wrote, without characters that nobody sees."""
    text = str(value).replace("\r\n", "\n")
    seen = "".join(c for c in text if c in _LINES or unicodedata.category(c) not in ("Cc", "Cs"))
    text = seen.strip()
    if not text:
        raise tk.Invalid(tk._("Missing value"))
    if len(text) > _LONGEST_TEXT:
        raise tk.Invalid(tk._("At most {most} characters.").format(most=_LONGEST_TEXT))
    return text


def name(value: Any) -> str:
    """Return an id or name, or words to search for."""
    text = str(value).strip()
    if len(text) > _LONGEST_NAME or not text.isprintable():
        raise tk.Invalid(tk._("“{found}” is no name.").format(found=text[:40]))
    return text


def number(value: Any) -> int:
    """Return the number of a report or release."""
    text = str(value)
    if not text.isdecimal() or not 0 < int(text[:20]) <= _LARGEST:
        raise tk.Invalid(tk._("“{found}” is no such number.").format(found=text[:40]))
    return int(text)


def nothing(value: Any) -> None:
    """Refuse a field that only programs see."""
    if value:
        raise tk.Invalid(tk._("Leave this field empty; it is there to catch programs."))


@validator_args
def about(ignore_empty: Validator) -> Schema:
    """What a report is about."""
    list_, get = tk.get_validator("learningcity_list"), tk.get_validator
    return only(
        {
            "dataset": [ignore_empty, name],
            "indicator": [ignore_empty, name, first_of(get("learningcity_indicators"))],
            "area": [ignore_empty, list_, get("learningcity_areas"), few],
            "view": [ignore_empty, name],
            "release": [ignore_empty, number],
        }
    )


def first_of(validator: Any) -> Any:
    """Return a validator of one, made of a validator of a list."""

    def validate(value: str) -> str:
        return validator([value])[0]

    return validate


def few(value: list[str]) -> list[str]:
    """Return places, no more than a chart has."""
    return value[:8]


@validator_args
def create(
    ignore_empty: Validator,
    not_empty: Validator,
    one_of: ValidatorFactory,
    email_validator: Validator,
) -> Schema:
    """A report."""
    return {
        **about(),  # pyright: ignore[reportCallIssue] - `validator_args` gives them
        "kind": [not_empty, one_of(list(KINDS))],
        "text": [not_empty, written],
        "email": [ignore_empty, name, email_validator],
        "website": [ignore_empty, nothing],
    }


@validator_args
def search(
    ignore_empty: Validator,
    one_of: ValidatorFactory,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """Which reports."""
    size = tk.get_validator("learningcity_page_size")
    return only(
        {
            "state": [ignore_empty, one_of(list(STATES))],
            "q": [ignore_empty, name],
            "limit": [default(50), natural_number_validator, size],
            "offset": [default(0), natural_number_validator],
        }
    )


@validator_args
def one(not_empty: Validator) -> Schema:
    """A report."""
    return only({"number": [not_empty, number]})


@validator_args
def answer(not_empty: Validator) -> Schema:
    """A report, and what is answered."""
    return only({"number": [not_empty, number], "answer": [not_empty, written]})
