"""Validators of the schemas' fields, and those that other modules give to CKAN."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.validators import int_validator, tag_length_validator
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.periods import PeriodError, gregorian_year, parse_period

from .award_fields import learningcity_award_kept, learningcity_award_output
from .call_fields import learningcity_answers, learningcity_call_opens
from .content_fields import (
    learningcity_areas_of_owner,
    learningcity_authors,
    learningcity_doi,
    learningcity_featured,
    learningcity_latitude,
    learningcity_list_output,
    learningcity_local_time,
    learningcity_longitude,
    learningcity_number_output,
    learningcity_point,
    learningcity_related,
    learningcity_steps,
    learningcity_time_zone,
)
from .event_fields import learningcity_event_span, learningcity_sessions
from .fill import learningcity_fill, read_languages
from .kept import learningcity_kept_resource, learningcity_org_role
from .languages import LANGUAGES
from .parameters import (
    learningcity_area,
    learningcity_area_levels,
    learningcity_areas,
    learningcity_breakdown,
    learningcity_indicators,
    learningcity_list,
    learningcity_moment,
    learningcity_page_size,
    learningcity_period,
    learningcity_refuse_unknown,
    learningcity_yes_or_no,
)
from .thai import learningcity_name_from_title, tag_name_validator

__all__ = [
    "learningcity_answers",
    "learningcity_area",
    "learningcity_area_levels",
    "learningcity_areas",
    "learningcity_areas_of_owner",
    "learningcity_authors",
    "learningcity_award_kept",
    "learningcity_award_output",
    "learningcity_breakdown",
    "learningcity_call_opens",
    "learningcity_day",
    "learningcity_doi",
    "learningcity_event_span",
    "learningcity_featured",
    "learningcity_fill",
    "learningcity_first_day",
    "learningcity_gregorian_year",
    "learningcity_indicators",
    "learningcity_kept_resource",
    "learningcity_last_day",
    "learningcity_latitude",
    "learningcity_list",
    "learningcity_list_output",
    "learningcity_local_time",
    "learningcity_longitude",
    "learningcity_moment",
    "learningcity_name_from_title",
    "learningcity_number_output",
    "learningcity_org_role",
    "learningcity_page_size",
    "learningcity_period",
    "learningcity_point",
    "learningcity_refuse_unknown",
    "learningcity_related",
    "learningcity_sessions",
    "learningcity_steps",
    "learningcity_time_zone",
    "learningcity_two_languages",
    "learningcity_two_languages_list",
    "learningcity_two_languages_output",
    "learningcity_yes_or_no",
    "tag_name_validator",
    "tag_string_convert",
]

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")


def learningcity_two_languages(value: Any) -> str:
    """Return a text in two languages, `{"th": …, "en": …}`, as JSON for storage."""
    return _stored(value, lambda text: isinstance(text, str), tk._("a text"))


def learningcity_two_languages_list(value: Any) -> str:
    """Return keywords in two languages, `{"th": […], "en": […]}`, as JSON for storage."""
    return _stored(value, _is_words, tk._("a list of words"))


def learningcity_two_languages_output(value: Any) -> Any:
    """Return the mapping that was stored as JSON; what is no mapping stays as it is."""
    read = read_languages(value)
    return value if read is None else read


def learningcity_first_day(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make the first day of a period out of a day, year or period of either era.

    It runs after `learningcity_last_day`, because core validates fields by the alphabet; so the
    order of the two days is checked here.
    """
    start, _end = _days(data[key], data.get(("period_type",)))
    end = data.get(("period_end",))
    if isinstance(end, str) and not errors.get(("period_end",)) and end < start:
        raise tk.Invalid(tk._("The first day comes after the last day, {end}.").format(end=end))
    data[key] = start


def learningcity_last_day(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make the last day of a period out of a day, year or period of either era."""
    _start, data[key] = _days(data[key], data.get(("period_type",)))


def learningcity_day(value: Any) -> str:
    """Return the day, ISO, or the first day of a year of either era."""
    return _days(value, None)[0]


def tag_string_convert(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make tags out of text with commas, as core does, but accept Thai ones.

    Core's own calls its tag rule directly, past the one that plugins put in its place.
    """
    names = [name.strip() for name in str(data[key]).split(",") if name.strip()]
    taken = [found[1] for found in data if found[0] == "tags" and len(found) > 2]
    for position, name in enumerate(names, start=max(taken, default=-1) + 1):
        tag_length_validator(name, context)
        data[("tags", position, "name")] = tag_name_validator(name, context)


def learningcity_gregorian_year(value: Any, context: Context) -> int:
    """Return a Gregorian year from a year of either era."""
    year = int_validator(value, context)
    try:
        return gregorian_year(year)
    except PeriodError as error:
        raise tk.Invalid(_expected_year(value)) from error


def _stored(value: Any, accepts: Callable[[Any], bool], kind: str) -> str:
    languages = read_languages(value)
    if languages is None:
        raise tk.Invalid(
            tk._('Expected {kind} for each language: {{"th": …, "en": …}}.').format(kind=kind)
        )
    for language, content in languages.items():
        if language not in LANGUAGES:
            raise tk.Invalid(
                tk._("“{found}” is not a language here; expected {languages}.").format(
                    found=language, languages=", ".join(LANGUAGES)
                )
            )
        if not accepts(content):
            raise tk.Invalid(
                tk._("Expected {kind} for the language {language}.").format(
                    kind=kind, language=language
                )
            )
    return json.dumps(languages, ensure_ascii=False, sort_keys=True)


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _days(value: Any, period_type: Any) -> tuple[str, str]:
    """Return the first and last day, ISO, of what was written."""
    text = str(value).strip()
    kind = period_type if period_type in codelists.period_types() else "calendar"
    try:
        if day := _DAY.fullmatch(text):
            written = date(gregorian_year(int(day[1]), text), int(day[2]), int(day[3])).isoformat()
            return written, written
        period = parse_period(text, kind)
    except ValueError as error:  # PeriodError is one; so is 31 February
        raise tk.Invalid(_expected_year(value)) from error
    return period.start.isoformat(), period.end.isoformat()


def _expected_year(found: Any) -> str:
    return tk._("“{found}” is not a day or year; expected 2024-01-31, 2024 or 2567.").format(
        found=found
    )
