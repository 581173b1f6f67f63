"""What the actions of evaluations accept."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.learningcity.tables import codelists

from .parameters import learningcity_area, learningcity_areas, learningcity_indicators
from .schema import only

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
_YEARS = range(1990, 2101)
_TEXT_MAX = 5000


def _object(value: Any) -> dict[str, Any]:
    """Return an object from itself or its JSON."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise tk.Invalid(tk._("Expected an object, such as {example}.").format(example='{"…": …}'))
    return found


def address(value: str) -> str:
    """Return the id of an evaluation, as it stands in its address."""
    if not _ID.fullmatch(str(value)):
        raise tk.Invalid(tk._("Use 2 to 41 small Latin letters, digits and hyphens: “2026”."))
    return value


def title(value: Any) -> dict[str, str]:
    """Return a title by language; both are needed, because the results are published in both."""
    found = _object(value)
    if set(found) != {"en", "th"} or not all(str(text).strip() for text in found.values()):
        raise tk.Invalid(tk._("Give the title in Thai and in English."))
    return {language: str(text).strip() for language, text in found.items()}


def year(value: Any) -> int:
    """Return a Gregorian year."""
    try:
        found = int(value)
    except (TypeError, ValueError):
        found = 0
    if found not in _YEARS:
        raise tk.Invalid(
            tk._("“{found}” is no year of the Gregorian calendar, such as 2026.").format(
                found=value
            )
        )
    return found


def weights(value: Any) -> dict[str, float]:
    """Return weights by focal area, of which at least one is more than nothing."""
    found = _object(value)
    for code, weight in found.items():
        if code not in codelists.focal_areas():
            raise tk.Invalid(tk._("“{found}” is no focal area.").format(found=code))
        found[code] = _number(weight)
        if not 0 <= found[code] <= 100:
            raise tk.Invalid(
                tk._("A weight is a number from 0 to 100, not {found}.").format(found=weight)
            )
    if len(found) == len(codelists.focal_areas()) and not any(found.values()):
        raise tk.Invalid(tk._("At least one focal area needs a weight."))
    return found


def targets(value: Any) -> dict[str, dict[str, Any]]:
    """Return targets by indicator: `value`, `year` and `source`."""
    return {code: _target(code, target) for code, target in _object(value).items()}


def _target(code: str, target: Any) -> dict[str, Any]:
    learningcity_indicators([code])
    target = _object(target)
    if set(target) != {"value", "year", "source"} or not str(target["source"]).strip():
        raise tk.Invalid(
            tk._("{indicator}: a target has a value, a year and a source.").format(indicator=code)
        )
    return {
        "value": _number(target["value"]),
        "year": year(target["year"]),
        "source": str(target["source"]).strip(),
    }


def _number(value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if found - found != 0:  # not finite
        raise tk.Invalid(tk._("“{found}” is not a number.").format(found=value))
    return found


def share(value: Any) -> float:
    """Return a share from 0 to 1."""
    found = _number(value)
    if not 0 <= found <= 1:
        raise tk.Invalid(tk._("“{found}” is not from 0 to 1.").format(found=value))
    return found


def organizations(value: list[str]) -> list[str]:
    """Return the names of organizations, which must be there."""
    for name in value:
        found = model.Group.get(name)
        if found is None or not found.is_organization or found.state != model.State.ACTIVE:
            raise tk.Invalid(tk._("There is no organization “{found}”.").format(found=name))
    return value


def grade(value: Any) -> int:
    """Return a grade of the rubric."""
    try:
        found = int(value)
    except (TypeError, ValueError):
        found = -1
    if found not in codelists.grades():
        raise tk.Invalid(tk._("“{found}” is no grade; expected 0 to 4.").format(found=value))
    return found


def graded_indicator(value: str) -> str:
    """Return the id of a qualitative indicator."""
    (found,) = learningcity_indicators([value])
    if codelists.indicators()[found]["measure"] != "qualitative":
        raise tk.Invalid(tk._("{indicator} is measured, not graded.").format(indicator=found))
    return found


def web_address(value: str) -> str:
    """Return the address of a page."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise tk.Invalid(tk._("Give the address of a page: https://…"))
    return value


def text(value: Any) -> str:
    """Return a text of bounded length."""
    found = str(value).strip()
    if len(found) > _TEXT_MAX:
        raise tk.Invalid(tk._("At most {number} characters.").format(number=_TEXT_MAX))
    return found


@validator_args
def definition(
    not_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """What an evaluation compares and how; see `assessment.rounds`."""
    list_ = tk.get_validator("learningcity_list")
    return only(
        {
            "id": [not_empty, address],
            "title": [not_empty, title],
            "year": [not_empty, year],
            "areas": [not_empty, list_, learningcity_areas, _several],
            "normalisation": [
                default("min_max"),
                one_of(list(codelists.evaluation_words("normalisations"))),
            ],
            "missing": [default("share"), one_of(list(codelists.evaluation_words("missing")))],
            "coverage": [default(0.5), share],
            "weights": [default("{}"), weights],
            "targets": [default("{}"), targets],
            "fresh_years": [default(3), natural_number_validator],
            "readers": [default(""), list_, organizations],
        }
    )


def _several(value: list[str]) -> list[str]:
    found = list(dict.fromkeys(value))
    if len(found) < 2:
        raise tk.Invalid(tk._("An evaluation compares at least two places."))
    return found


@validator_args
def move(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """One evaluation, and why it moves on."""
    return only({"id": [not_empty, address], "reason": [ignore_missing, text]})


@validator_args
def scorecard(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """One place in one evaluation."""
    return only(
        {
            "id": [not_empty, learningcity_area],
            "evaluation": [ignore_missing, address],
            "peers": [ignore_missing, tk.get_validator("learningcity_list"), learningcity_areas],
            "as_of": [ignore_missing, _moment],
        }
    )


@validator_args
def composite(not_empty: Validator, ignore_missing: Validator, one_of: ValidatorFactory) -> Schema:
    """One evaluation, by its own method or another."""
    return only(
        {
            "id": [not_empty, address],
            "normalisation": [
                ignore_missing,
                one_of(list(codelists.evaluation_words("normalisations"))),
            ],
            "missing": [ignore_missing, one_of(list(codelists.evaluation_words("missing")))],
            "as_of": [ignore_missing, _moment],
        }
    )


def _moment(value: Any) -> Any:
    found = tk.get_validator("learningcity_moment")(value)  # pyright: ignore[reportCallIssue]
    if isinstance(found, int):
        raise tk.Invalid(
            tk._("“{found}” is no date: an evaluation reads many datasets.").format(found=value)
        )
    return found


@validator_args
def reading_list(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """The grades of an evaluation, of one place or all."""
    return only({"evaluation": [not_empty, address], "area": [ignore_missing, learningcity_area]})


@validator_args
def reading_create(
    not_empty: Validator,
    ignore_missing: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
) -> Schema:
    """One grade."""
    return only(
        {
            "evaluation": [not_empty, address],
            "area": [not_empty, learningcity_area],
            "indicator": [not_empty, graded_indicator],
            "role": [ignore_missing, one_of(["own", "second", "decision"])],
            "grade": [not_empty, grade],
            "evidence": [default(""), _evidence],
            "comment": [default(""), text],
        }
    )


def _evidence(value: str) -> str:
    return web_address(value) if value else ""
