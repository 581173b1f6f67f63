"""The sessions of an event: rows of a form or a list of the API, checked row by row."""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.learningcity.tables import codelists
from ckanext.learningcity.week import sessions

from .content_fields import learningcity_local_time, learningcity_time_zone
from .languages import LANGUAGES, language_of
from .parameters import known, learningcity_list

#: Fields of a session, in the order of the form.
FIELDS = (
    *("id", "title", "starts", "ends", "time_zone", "repeats", "until", "skipped"),
    *("venue", "online_url", "language", "capacity"),
)

MOST = 100  # sessions of an event

#: What a session says in two languages: `{en, th}`, or a text in one.
TEXTS = ("title", "venue")

_INPUT = re.compile(r"sessions-(\d{1,3})-([a-z_]+)")
_ID = re.compile(r"[a-z0-9-]{1,36}")
_LONGEST = 300
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Row = dict[str, Any]


def learningcity_event_span(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Take the sessions from the form, and let begin and end of the event follow from them.

    It comes before all fields, because `ends` is looked at before `sessions`, by the alphabet.
    """
    unknown = data.get(("__extras",)) or {}
    named = [name for name in unknown if _INPUT.fullmatch(str(name))]
    if named:
        data[("sessions",)] = rows_of({name: unknown.pop(name) for name in named})
    rows = _listed(data.get(("sessions",)))
    zone = data.get(("time_zone",)) or "Asia/Bangkok"
    try:
        listed = [{**row, "id": "new"} for row in rows or ()]
        span = sessions.span({"time_zone": zone, "sessions": listed})
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # the field's own validator says what is wrong
    if span:
        local = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in span]
        data[("starts",)], data[("ends",)] = (m.isoformat(timespec="minutes") for m in local)


def learningcity_sessions(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Keep the sessions as JSON. Their errors are a list as long as theirs: by field, or empty."""
    rows = _listed(data.get(key))
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        raise tk.Invalid(tk._("Expected a list of sessions."))
    if len(rows) > MOST:
        raise tk.Invalid(tk._("At most {most} sessions.").format(most=MOST))
    checked, faulty, taken = [], [], set()
    for row in rows:
        good, faults = _checked(row, taken)
        taken.add(good["id"])
        checked.append(
            {name: value for name, value in good.items() if value not in (None, "", [], {})}
        )
        faulty.append({name: [text] for name, text in faults.items()})
    if any(faulty):
        errors[key].extend(faulty)  # one a row, so that each stands at its own
        raise tk.StopOnError
    data[key] = json.dumps(checked, ensure_ascii=False)


def rows_of(form: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a form's inputs `sessions-<number>-<field>`, without blank ones."""
    rows: dict[int, Row] = defaultdict(dict)
    for name, value in form.items():
        match = _INPUT.fullmatch(str(name))
        if match:
            rows[int(match[1])][match[2]] = value
    told = {"id", "time_zone", "repeats"}  # what a row has of itself says nothing
    return [
        _folded(rows[number])
        for number in sorted(rows)
        if any(value for name, value in rows[number].items() if name not in told)
    ]


def learningcity_session_rows(data: Mapping[str, Any]) -> list[Row]:
    """Return what a form shows: the rows that were typed, or those that are stored.

    A text in two languages is `title_th` and `title_en` there.
    """
    rows = rows_of(data)
    if not rows and not any(_INPUT.fullmatch(str(name)) for name in data):
        stored = _listed(data.get("sessions"))
        rows = [{**row, "language": _text(row.get("language"))} for row in stored or ()]
    return [{**row, **_unfolded(row)} for row in rows]


def _folded(row: Row) -> Row:
    """Return a row of the form with its inputs in one language each put together."""
    for name in TEXTS:
        inputs = {language: row.pop(f"{name}_{language}", None) for language in LANGUAGES}
        if any(text is not None for text in inputs.values()):
            row[name] = {language: text for language, text in inputs.items() if text}
    return row


def _unfolded(row: Mapping[str, Any]) -> Row:
    found: Row = {}
    for name in TEXTS:
        value = row.get(name) or {}
        texts = value if isinstance(value, Mapping) else {language_of(str(value)): value}
        found |= {f"{name}_{language}": texts.get(language, "") for language in LANGUAGES}
    return found


def _listed(value: Any) -> list[Any] | None:
    if value in (None, "", tk.missing):
        return []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, list) else None


def _checked(row: Mapping[str, Any], taken: set[str]) -> tuple[Row, dict[str, str]]:
    """Return a row as it is stored, and what is wrong with it by field."""
    good: Row = {"id": "", **dict.fromkeys(FIELDS[1:])}
    faults = {str(name): tk._("This field is not known.") for name in row if name not in FIELDS}
    for name in FIELDS:
        good[name], fault = _validated(name, row.get(name) or "")
        if fault:
            faults[name] = fault
    good["id"] = good["id"] or uuid.uuid4().hex[:8]
    if good["id"] in taken:
        faults["id"] = tk._("Two sessions have the same id.")
    faults.update({name: text for name, text in _fitting(good).items() if name not in faults})
    return good, faults


def _validated(name: str, value: Any) -> tuple[Any, str]:
    try:
        return _VALIDATORS[name](value), ""
    except tk.Invalid as error:
        return None, str(error.error)


def _fitting(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what does not fit together within a row."""
    if row["starts"] and row["ends"] and row["ends"] < row["starts"]:
        return {"ends": tk._("The end comes before the beginning.")}
    if row["repeats"] and not row["until"]:
        return {"until": tk._("Say until which day it repeats.")}
    if row["repeats"] and row["starts"]:
        if row["until"] < row["starts"][:10]:
            return {"until": tk._("The end comes before the beginning.")}
        if (
            len(sessions.sessions({"sessions": [{**row, "skipped": ""}]})[0].times())
            >= sessions.MOST
        ):
            return {"until": tk._("It may repeat {most} times at most.").format(most=sessions.MOST)}
    return {}


def _moment(value: Any) -> str:
    if not value:
        raise tk.Invalid(tk._("Missing value"))
    return _maybe_moment(value)


def _maybe_moment(value: Any) -> str:
    if not value:
        return ""
    data: FlattenDataDict = {("moment",): value}
    learningcity_local_time(("moment",), data, defaultdict(list), {})
    return data[("moment",)]


def _zone(value: Any) -> str:
    return learningcity_time_zone(value) if value else ""


def _repeats(value: Any) -> str:
    return known(str(value), sessions.REPEATS, tk._("way of repeating")) if value else ""


def _day(value: Any) -> str:
    return _maybe_moment(f"{value}T00:00")[:10] if value else ""


def _days(value: Any) -> list[str]:
    return sorted({_day(day) for day in learningcity_list(value)}) if value else []


def _line_or_languages(value: Any) -> str | dict[str, str]:
    if not isinstance(value, Mapping):
        return _line(value)
    if not value.keys() <= set(LANGUAGES):
        expected = ", ".join(LANGUAGES)
        raise tk.Invalid(
            tk._("Expected texts by language: {languages}.").format(languages=expected)
        )
    return {language: line for language, text in value.items() if (line := _line(text))}


def _line(value: Any) -> str:
    text = " ".join(str(value).split())
    if len(text) > _LONGEST:
        raise tk.Invalid(tk._("At most {most} characters.").format(most=_LONGEST))
    return text


def _link(value: Any) -> str:
    text = str(value).strip()
    if text and not (text.startswith(("https://", "http://")) and not re.search(r"\s", text)):
        raise tk.Invalid(tk._("Please provide a valid URL"))
    return text


def _languages(value: Any) -> list[str]:
    codes = learningcity_list(value) if value else []
    return [known(code, codelists.content("languages"), tk._("language")) for code in codes]


def _capacity(value: Any) -> int | None:
    if value == "":
        return None
    if not str(value).strip().isdecimal() or int(str(value)) < 1:
        raise tk.Invalid(tk._("Expected a number of places, or nothing for no limit."))
    return int(str(value))


def _id(value: Any) -> str:
    if value and not _ID.fullmatch(str(value)):
        raise tk.Invalid(tk._("An id has small letters, digits and hyphens, 36 at most."))
    return str(value)


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


_VALIDATORS: Mapping[str, Callable[[Any], Any]] = {
    "id": _id,
    "title": _line_or_languages,
    "starts": _moment,
    "ends": _maybe_moment,
    "time_zone": _zone,
    "repeats": _repeats,
    "until": _day,
    "skipped": _days,
    "venue": _line_or_languages,
    "online_url": _link,
    "language": _languages,
    "capacity": _capacity,
}
