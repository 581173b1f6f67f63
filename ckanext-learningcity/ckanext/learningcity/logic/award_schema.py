"""What the actions of the awards accept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import FlattenDataDict, FlattenErrorDict, FlattenKey, Schema, Validator
from ckan.types import ValidatorFactory as Factory

from ckanext.learningcity.award.reviews import SCORE_MAX
from ckanext.learningcity.award.rounds import BANGKOK, CALENDAR
from ckanext.learningcity.tables import codelists

from .booster_schema import two_languages
from .parameters import known, learningcity_area, learningcity_indicators
from .schema import only

_ID = re.compile(r"[0-9]{4}(-[a-z0-9]{1,20})*")
_YEARS = range(1990, 2101)
_TITLE_MAX = 200
_TEXT_MAX = 5000
_WEIGHT_MAX = 100
_APPEAL_DAYS_MAX = 90


def round_id(value: Any) -> str:
    """Return the id of a round, as it stands in its address."""
    if not _ID.fullmatch(str(value)):
        raise tk.Invalid(tk._("Use the year, and words after hyphens if needed: “2026”."))
    return str(value)


def year(value: Any) -> int:
    """Return a Gregorian year."""
    number = int(value) if str(value).isdecimal() else 0
    if number not in _YEARS:
        message = tk._("“{found}” is no year of the Gregorian calendar, such as 2026.")
        raise tk.Invalid(message.format(found=value))
    return number


def both_languages(value: Any) -> dict[str, str]:
    """Return a text that is there in Thai and in English."""
    found = two_languages(value)
    if len(found) < len(("th", "en")):
        raise tk.Invalid(tk._("Give the title in Thai and in English."))
    return short(found)


def short(value: dict[str, str]) -> dict[str, str]:
    """Return texts by language of the length of a title."""
    if any(len(text) > _TITLE_MAX for text in value.values()):
        raise tk.Invalid(tk._("At most {most} characters.").format(most=_TITLE_MAX))
    return value


def moment(value: Any) -> datetime:
    """Return a moment from an ISO date and time; without an offset it is Thailand's."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as error:
        message = tk._("“{found}” is no date and time; expected as in {expected}.")
        raise tk.Invalid(message.format(found=value, expected="2026-08-31T16:30")) from error
    return found if found.tzinfo else found.replace(tzinfo=BANGKOK)


def text(value: Any) -> str:
    """Return a text of bounded length; browsers send an end of line as two characters."""
    found = str(value).replace("\r\n", "\n").strip()
    if len(found) > _TEXT_MAX:
        raise tk.Invalid(tk._("At most {most} characters.").format(most=_TEXT_MAX))
    return found


def weights(value: Any) -> dict[str, dict[str, float]]:
    """Return weights by category and criterion; every category has a criterion that counts."""
    found = _object(value)
    result = {}
    for category in codelists.awards("categories"):
        given = _object(found.pop(category, {}))
        for name in given:
            known(name, codelists.awards("criteria"), tk._("criterion"))
        result[category] = {
            name: _number(given.get(name, 0), _WEIGHT_MAX) for name in codelists.awards("criteria")
        }
        if not any(result[category].values()):
            raise tk.Invalid(tk._("At least one criterion of each category needs a weight."))
    for name in found:
        known(name, codelists.awards("categories"), tk._("category"))
    return result


def levels(value: list[str]) -> list[str]:
    """Return ids of levels in the order of the code list."""
    for name in value:
        known(name, codelists.awards("levels"), tk._("level"))
    return [name for name in codelists.awards("levels") if name in value]


def category(value: str) -> str:
    """Return the id of a category."""
    return known(str(value), codelists.awards("categories"), tk._("category"))


def _by_criterion(check: Callable[[Any], Any]) -> Callable[..., None]:
    """Return a validator of values by criterion; the criterion whose value is wrong is named."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Any
    ) -> None:
        kept = {}
        for name, value in _object(data[key]).items():
            known(name, codelists.awards("criteria"), tk._("criterion"))
            if value is None or not str(value).strip():
                continue
            try:
                kept[name] = check(value)
            except tk.Invalid as error:
                errors.setdefault((name,), []).append(error.error)
        data[key] = kept

    return validator


def facts(value: Any) -> dict[str, Any]:
    """Return what is known of a round held before the portal."""
    found = _object(value)
    if not {"source", "verified"} <= set(found) <= {"source", "verified", "date", "cities"}:
        raise tk.Invalid(tk._("Expected an object, such as {example}.").format(example=_EXAMPLE))
    return found


_EXAMPLE = '{"date": "2025-10-31", "cities": 16, "source": "https://…", "verified": false}'


def _object(value: Any) -> dict[str, Any]:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, Mapping):
        raise tk.Invalid(tk._("Expected an object, such as {example}.").format(example='{"…": …}'))
    return dict(found)


def _number(value: Any, most: float) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = -1
    if not 0 <= found <= most:
        message = tk._("“{found}” is no number from 0 to {most}.")
        raise tk.Invalid(message.format(found=value, most=most))
    return found


def score(value: Any) -> float:
    """Return a reviewer's score, or how far two may be apart."""
    return _number(value, SCORE_MAX)


def days(value: Any) -> int:
    """Return a number of whole days."""
    return int(_number(value, _APPEAL_DAYS_MAX))


def _calendar(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Any
) -> None:
    """Refuse a calendar that does not run forward."""
    given = [(name, data.get((name,))) for name in CALENDAR]
    for (before, earlier), (name, later) in pairwise(given):
        if isinstance(earlier, datetime) and isinstance(later, datetime) and later <= earlier:
            message = tk._("This has to be later than “{before}”.").format(before=before)
            errors.setdefault((name,), []).append(message)


@validator_args
def round_definition(not_empty: Validator, ignore_empty: Validator, default: Factory) -> Schema:
    """A round of the awards."""
    list_, boolean = tk.get_validator("learningcity_list"), tk.get_validator("boolean_validator")
    standard = {entry["id"]: entry["weight"] for entry in codelists.awards("criteria").values()}
    every = json.dumps(dict.fromkeys(codelists.awards("categories"), standard))
    return only(
        {
            "id": [not_empty, round_id],
            "year": [not_empty, year],
            "title": [not_empty, both_languages],
            **{name: [not_empty, moment] for name in CALENDAR},
            "weights": [default(every), weights],
            "levels": [default(",".join(codelists.awards("levels"))), list_, levels],
            "spread_max": [default(3), score],
            "appeal_days": [default(7), days],
            "demonstration": [default(False), boolean],
            "reason": [ignore_empty, text],
            "__after": [_calendar],
        }
    )


@validator_args
def recorded_round(not_empty: Validator) -> Schema:
    """A round that was held before the portal."""
    return only(
        {
            "id": [not_empty, round_id],
            "year": [not_empty, year],
            "title": [not_empty, both_languages],
            "facts": [not_empty, facts],
        }
    )


@validator_args
def round_(not_empty: Validator) -> Schema:
    """One round."""
    return only({"id": [not_empty, round_id]})


@validator_args
def application_create(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """A city that applies in a category of a round."""
    return only(
        {
            "round": [not_empty, round_id],
            "category": [not_empty, category],
            "organization": [not_empty, unicode_safe],
        }
    )


@validator_args
def application_list(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """The applications of a round, of one category or all."""
    return only({"round": [not_empty, round_id], "category": [ignore_empty, category]})


@validator_args
def application_update(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Parts of an application; those that are not named stay."""
    return only(
        {
            "id": [not_empty, text],
            "title": [ignore_missing, two_languages, short],
            "summary": [ignore_missing, two_languages],
            "answers": [ignore_missing, _by_criterion(text)],
        }
    )


@validator_args
def figure(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """An indicator in an application."""
    indicator = [not_empty, tk.get_validator("learningcity_list"), learningcity_indicators]
    return only(
        {"id": [not_empty, text], "indicator": indicator, "area": [ignore_empty, learningcity_area]}
    )


@validator_args
def file_add(not_empty: Validator, not_missing: Validator) -> Schema:
    """A file of evidence."""
    return only({"id": [not_empty, text], "upload": [not_missing]})


@validator_args
def one_file(not_empty: Validator) -> Schema:
    """A file of an application."""
    return only({"id": [not_empty, text], "file": [not_empty, text]})


@validator_args
def because(not_empty: Validator) -> Schema:
    """A thing, and a reason."""
    return only({"id": [not_empty, text], "reason": [not_empty, text, not_empty]})


@validator_args
def extend(not_empty: Validator) -> Schema:
    """Until when one application is taken, and why."""
    reason = [not_empty, text, not_empty]
    return only({"id": [not_empty, text], "until": [not_empty, moment], "reason": reason})


@validator_args
def assign(not_empty: Validator) -> Schema:
    """A reviewer for an application."""
    return only({"id": [not_empty, text], "reviewer": [not_empty, text]})


@validator_args
def review_update(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """A reviewer's scores and comments so far."""
    return only(
        {
            "id": [not_empty, text],
            "scores": [ignore_missing, _by_criterion(score)],
            "comments": [ignore_missing, _by_criterion(text)],
        }
    )


@validator_args
def decide(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """A level or none, and why."""
    return only(
        {
            "id": [not_empty, text],
            "level": [ignore_empty, text],
            "reason": [not_empty, text, not_empty],
        }
    )


@validator_args
def appeal_answer(not_empty: Validator) -> Schema:
    """Whether an appeal reopens the decision, and why."""
    boolean = tk.get_validator("boolean_validator")
    return only(
        {
            "id": [not_empty, text],
            "reopen": [not_empty, boolean],
            "reason": [not_empty, text, not_empty],
        }
    )


@validator_args
def trail(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """What happened in a round, or to one of its applications."""
    return only({"round": [not_empty, round_id], "application": [ignore_empty, text]})
