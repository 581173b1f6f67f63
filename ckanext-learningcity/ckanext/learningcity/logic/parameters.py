"""Validators of the actions' parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timezone
from difflib import get_close_matches
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.periods import PeriodError, parse_period


def learningcity_refuse_unknown(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse parameters that the action does not know: ignored ones give wrong answers."""
    unknown = data.pop(key, None) or {}
    for name in unknown:
        errors[(str(name[0] if isinstance(name, tuple) else name),)] = [
            tk._("This parameter is not known.")
        ]


def learningcity_list(value: Any) -> list[str]:
    """Return a list from one, from repeated parameters or from text with commas."""
    parts = value if isinstance(value, list) else [value]
    return [item.strip() for part in parts for item in str(part).split(",") if item.strip()]


def learningcity_area(value: str) -> str:
    """Return the id of a place, in capitals as the code list has it."""
    return known(str(value).upper(), codelists.areas(), tk._("place"))


def learningcity_areas(value: list[str]) -> list[str]:
    """Return the ids of places."""
    return [learningcity_area(item) for item in value]


def learningcity_area_levels(value: Any) -> list[str]:
    """Return administrative levels."""
    return [
        known(item, codelists.area_levels(), tk._("level")) for item in learningcity_list(value)
    ]


def learningcity_indicators(value: list[str]) -> list[str]:
    """Return the ids of indicators."""
    return [known(item.upper(), codelists.indicators(), tk._("indicator")) for item in value]


def learningcity_breakdown(dimension: str) -> Callable[[list[str]], list[str]]:
    """Return a validator of codes of a breakdown dimension."""

    def validate(value: list[str]) -> list[str]:
        codes = codelists.breakdowns()[dimension]["codes"]
        return [known(item.upper(), codes, dimension) for item in value if item != "_T"] + [
            item for item in value if item == "_T"
        ]

    return validate


def learningcity_period(value: str) -> str:
    """Return a year or period as the store has it: Gregorian."""
    try:
        return parse_period(value).time_period
    except PeriodError as error:
        raise tk.Invalid(
            tk._("“{found}” is not a year or period; expected 2024, 2567 or 2024-Q1.").format(
                found=value
            )
        ) from error


def learningcity_yes_or_no(value: Any) -> bool:
    """Return a truth value; what is neither is refused, because `dry_run=perhaps` is not no."""
    try:
        return tk.asbool(value)
    except ValueError as error:
        message = tk._("“{found}” is neither true nor false.").format(found=value)
        raise tk.Invalid(message) from error


def learningcity_moment(value: Any) -> datetime | int:
    """Return a moment from an ISO date or date and time, or the number of a release.

    A date means its end, in UTC.
    """
    value = str(value)
    if value.isdecimal() and len(value) < len("20260131"):
        return int(value)
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        expected = "2026-01-31, 2026-01-31T12:00:00Z, 3"
        raise tk.Invalid(
            tk._("“{found}” is no date and no release; expected as in {expected}.").format(
                found=value, expected=expected
            )
        ) from error
    if len(value) == len("2026-01-31"):
        moment = datetime.combine(moment.date(), time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def learningcity_page_size(value: Any) -> Any:
    """Refuse a page that is too large; cutting it silently would look like all there is.

    What is no number has been refused before; CKAN asks the next validator all the same.
    """
    largest = tk.config["ckanext.learningcity.observations.page_max"]
    if isinstance(value, int) and value > largest:
        raise tk.Invalid(
            tk._("At most {largest} a page; follow next_cursor for more.").format(largest=largest)
        )
    return value


def known(value: str, among: Mapping[str, Any], kind: str) -> str:
    """Return `value` if it is a key of `among`; else say what may be meant.

    :raises Invalid: it is none
    """
    if value in among:
        return value
    raise tk.Invalid(
        tk._("“{found}” is not a known {kind}.").format(found=value, kind=kind)
        + _suggestion(value, among)
    )


def _suggestion(value: str, known: Iterable[str]) -> str:
    close = get_close_matches(value, list(known), n=3)
    return " " + tk._("Did you mean {ids}?").format(ids=", ".join(close)) if close else ""
