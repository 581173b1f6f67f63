"""One dataset of a Thai government CKAN: its metadata in our codes.

Values of the standard are Thai texts; lists come as lists or as JSON inside a text, letters as
`\\u0e01`, years in either era. What has no code stands in the problems.

Source: ckanext-thai_gdc, `ckan_dataset.json`
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ckanext.learningcity.tables import gd_catalog
from ckanext.learningcity.tables.periods import PeriodError, parse_period
from ckanext.learningcity.tables.report import Issue, Report

from .base import Link
from .texts import by_language, one, several

Record = Mapping[str, Any]

_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_NO = ("false", "no", "ไม่", "ไม่ใช่", "ไม่ยินยอม", "ไม่อนุญาต")
_YES = ("true", "yes", "ใช่", "ยินยอม", "อนุญาต")


def flat(record: Record) -> dict[str, Any]:
    """Return `record` with its extras, which is where older portals keep the standard's fields."""
    extras = record.get("extras")
    found = (
        [each for each in extras if isinstance(each, Mapping)] if isinstance(extras, list) else []
    )
    return {**{str(each.get("key")): each.get("value") for each in found}, **record}


def withheld(record: Record) -> str:
    """Return why a dataset must not be passed on, as a code of the messages, or nothing."""
    if record.get("private") is True or record.get("state", "active") != "active":
        return "source_private"
    if one(record.get("allow_harvest")).casefold() in _NO:
        return "source_no_consent"
    categories, unknown = gd_catalog.codes("data_category", several(record.get("data_category")))
    if unknown or not set(categories) <= {"public", "unknown"}:
        return "source_not_public"
    return ""


def fields(record: Record, problems: Report) -> dict[str, Any]:
    """Return the fields of our dataset schema that `record` gives."""
    given: dict[str, Any] = {}
    for name in gd_catalog.PRESETS:
        codes, unknown = gd_catalog.codes(name, several(record.get(name)))
        problems.add(_unknown(name, text) for text in unknown)
        if codes:
            given[name] = codes if name in gd_catalog.MULTIPLE else codes[0]
    for name in ("maintainer", "data_source"):
        given[name] = one(record.get(name))
    given["maintainer_email"] = _email(record, problems)
    given["url"] = _address(one(record.get("url")))
    given["update_frequency_interval"] = _whole(one(record.get("update_frequency_interval")))
    given["allow_harvest"] = _boolean(one(record.get("allow_harvest")))
    given["official_statistics"] = _boolean(one(record.get("official_statistics")))
    given |= _span(record, problems)
    return {name: value for name, value in given.items() if value not in ("", None)}


def licence(record: Record, problems: Report) -> str | None:
    """Return the CKAN id of the record's licence; None where it gives none."""
    text = one(record.get("license_id")) or one(record.get("license_title"))
    if not text:
        return None
    found = gd_catalog.licence(text)
    if found is None:
        problems.add([_unknown("license_id", text)])
    return found or gd_catalog.NOT_SPECIFIED


def links(record: Record, problems: Report) -> tuple[Link, ...]:
    """Return the record's files, which stay where they are."""
    found = []
    for number, resource in enumerate(resources(record), start=1):
        address = one(resource.get("url"))
        if not _address(address):
            problems.add([Issue("link_refused", number, "resources", address)])
            continue
        title = one(resource.get("name")) or PurePosixPath(urlsplit(address).path).name or address
        found.append(Link(address, by_language(title), one(resource.get("format"))))
    return tuple(found)


def resources(record: Record) -> list[Record]:
    """Return the resources of `record` that may be passed on."""
    listed = record.get("resources")
    found = (
        [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    )
    return [each for each in found if one(each.get("resource_private")).casefold() not in _YES]


def _span(record: Record, problems: Report) -> dict[str, str]:
    """Return the first and last day of the data, from years of either era."""
    days: dict[str, str] = {}
    for name, field, side in (
        ("first_year_of_data", "period_start", "start"),
        ("last_year_of_data", "period_end", "end"),
    ):
        text = one(record.get(name))
        try:
            if text:
                days[field] = getattr(parse_period(text), side).isoformat()
        except PeriodError as error:
            problems.add([Issue(error.code, None, name, text, "2567, 2024")])
    if days.get("period_start", "") > days.get("period_end", "9"):
        text = f"{record.get('first_year_of_data')} – {record.get('last_year_of_data')}"
        problems.add([Issue("period_range", None, "last_year_of_data", text, "2567, 2024")])
        return {}
    return days


def _email(record: Record, problems: Report) -> str:
    text = one(record.get("maintainer_email"))
    if text and not _EMAIL.fullmatch(text):
        problems.add([Issue("contact_invalid", None, "maintainer_email", text)])
        return ""
    return text


def _address(text: str) -> str:
    """Return `text` if it is an address that a browser may be sent to."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None


def _boolean(text: str) -> bool | None:
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None


def _unknown(name: str, text: str) -> Issue:
    return Issue("metadata_unknown", None, name, text)
