"""What the actions of the Booster accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.booster.adoptions import STATES

from .fill import read_languages
from .languages import LANGUAGES, language_of
from .schema import only
from .week_schema import day

_LONGEST = 5000


def two_languages(value: Any) -> dict[str, str]:
    """Return a text by language, from a mapping, its JSON, or a text of one language."""
    texts = read_languages(value)
    if texts is None:
        texts = {language_of(str(value)): str(value)}
    if not texts.keys() <= set(LANGUAGES) or not all(isinstance(t, str) for t in texts.values()):
        raise tk.Invalid(tk._("Expected a text in Thai and one in English."))
    if any(len(text) > _LONGEST for text in texts.values()):
        raise tk.Invalid(tk._("At most {most} characters.").format(most=_LONGEST))
    return {language: text.strip() for language, text in texts.items() if text.strip()}


@validator_args
def adoption_create(
    not_empty: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
) -> Schema:
    """An innovation, the city that adopts it, and how far it is."""
    return only(
        {
            "innovation": [not_empty, unicode_safe],
            "organization": [not_empty, unicode_safe],
            "demonstration": [ignore_empty, boolean_validator],
            **_progress(),  # pyright: ignore[reportCallIssue] - `validator_args` gives them
        }
    )


@validator_args
def adoption_update(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """An adoption, and how far it is now: what is not named is empty afterwards."""
    return only({"id": [not_empty, unicode_safe], **_progress()})  # pyright: ignore[reportCallIssue]


@validator_args
def adoption_list(
    ignore_empty: Validator, unicode_safe: Validator, one_of: ValidatorFactory
) -> Schema:
    """Which adoptions."""
    return only(
        {
            "innovation": [ignore_empty, unicode_safe],
            "organization": [ignore_empty, unicode_safe],
            "area": [ignore_empty, tk.get_validator("learningcity_area")],
            "state": [ignore_empty, one_of(list(STATES))],
        }
    )


@validator_args
def suggest(not_empty: Validator) -> Schema:
    """The place for which innovations are suggested."""
    return only({"area": [not_empty, tk.get_validator("learningcity_area")]})


@validator_args
def _progress(not_empty: Validator, ignore_empty: Validator, one_of: ValidatorFactory) -> Schema:
    list_, indicators = (
        tk.get_validator(f"learningcity_{name}") for name in ("list", "indicators")
    )
    return {
        "state": [not_empty, one_of(list(STATES))],
        "started": [ignore_empty, day],
        "ended": [ignore_empty, day],
        "outcome": [ignore_empty, two_languages],
        "indicators": [ignore_empty, list_, indicators],
    }
