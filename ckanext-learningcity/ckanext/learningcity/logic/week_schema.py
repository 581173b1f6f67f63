"""What the actions of Learning City Week accept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.week.consent import current

from .parameters import known
from .schema import only

_LONGEST_NAME = 100
_NUMBER = re.compile(r"\+?[0-9]{9,15}")
_BETWEEN_DIGITS = re.compile(r"[\s().\-]")


def day(value: Any) -> date:
    """Return a day from ISO 8601."""
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError as error:
        message = tk._("“{found}” is not a day; expected as in {expected}.")
        raise tk.Invalid(message.format(found=value, expected="2026-01-31")) from error


def focal_areas(value: list[str]) -> list[str]:
    """Return ids of focal areas."""
    return [known(item, codelists.focal_areas(), tk._("focal area")) for item in value]


def person_name(value: str) -> str:
    """Return what to call a person: one line."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in value)
    text = " ".join(kept.split())
    if not text:
        raise tk.Invalid(tk._("Missing value"))
    if len(text) > _LONGEST_NAME:
        raise tk.Invalid(tk._("At most {most} characters.").format(most=_LONGEST_NAME))
    return text


def contact(value: str) -> str:
    """Return an e-mail address or a telephone number, in one spelling."""
    text = value.strip()
    if "@" in text:
        valid = cast(Callable[..., str], tk.get_validator("email_validator"))
        return valid(text.lower(), {})
    digits = "".join(str(unicodedata.digit(c, None) or 0) if c.isdigit() else c for c in text)
    number = _BETWEEN_DIGITS.sub("", digits)
    if not _NUMBER.fullmatch(number):
        message = tk._("“{found}” is neither an e-mail address nor a telephone number.")
        raise tk.Invalid(message.format(found=value))
    return number


def consent(value: Any) -> str:
    """Return the version of the text that was agreed to, which is the current one."""
    if str(value) != current()["id"]:
        message = tk._("Agree to the text, version {version}, to sign up.")
        raise tk.Invalid(message.format(version=current()["id"]))
    return str(value)


@validator_args
def session_list(ignore_empty: Validator, unicode_safe: Validator) -> Schema:
    """Which sessions: between two days, by place, focal area, organization, event."""
    list_ = tk.get_validator("learningcity_list")
    return only(
        {
            "start": [ignore_empty, day],
            "end": [ignore_empty, day],
            "area": [ignore_empty, list_, tk.get_validator("learningcity_areas")],
            "theme": [ignore_empty, list_, focal_areas],
            "organization": [ignore_empty, list_],
            "event": [ignore_empty, unicode_safe],
        }
    )


@validator_args
def signup_create(not_empty: Validator, ignore_empty: Validator, unicode_safe: Validator) -> Schema:
    """A person for a session."""
    return only(
        {
            "event": [not_empty, unicode_safe],
            "session": [ignore_empty, unicode_safe],
            "name": [not_empty, unicode_safe, person_name],
            "contact": [not_empty, unicode_safe, contact],
            "consent": [not_empty, consent],
        }
    )


@validator_args
def signup_token(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """What stands in the signed link."""
    return only({"token": [not_empty, unicode_safe]})


@validator_args
def signup_cancel(ignore_empty: Validator, unicode_safe: Validator) -> Schema:
    """What stands in the signed link, or, for the host, the sign-up's id."""
    return only({"token": [ignore_empty, unicode_safe], "id": [ignore_empty, unicode_safe]})


@validator_args
def event(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """An event."""
    return only({"event": [not_empty, unicode_safe]})
