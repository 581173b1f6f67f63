"""Validators of the fields of content: ties, coordinates, authors, times, and what is featured."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.existing import extras
from ckanext.learningcity.tables.periods import PeriodError, gregorian_year

from .fill import stored_object

_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_DOI_HEAD = re.compile(r"(?i)^(https?://(dx\.)?doi\.org/|doi:\s*)")
_MOMENT = re.compile(r"(\d{4})(-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?")

#: The box around Thailand, in degrees: what lies outside is a slip, often the two swapped.
_LATITUDES, _LONGITUDES = (5.5, 20.6), (97.3, 105.7)
#: Of a degree: a tenth of a metre.
DECIMALS = 6


def learningcity_latitude(value: Any) -> float:
    """Return a latitude in Thailand."""
    return _degrees(value, *_LATITUDES)


def learningcity_longitude(value: Any) -> float:
    """Return a longitude in Thailand."""
    return _degrees(value, *_LONGITUDES)


def learningcity_point(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make GeoJSON of latitude and longitude, which are given both or not at all.

    Core validates fields by the alphabet, so `lat` and `lon` have been looked at before `spatial`.
    """
    lat, lon = (data.get((name,)) for name in ("lat", "lon"))
    given = {"lat": _is_number(lat), "lon": _is_number(lon)}
    if all(given.values()):
        data[key] = json.dumps({"type": "Point", "coordinates": [lon, lat]})
        return
    data[key] = tk.missing
    for name, there in given.items():
        if not there and any(given.values()) and not errors.get((name,)):
            errors[(name,)] = [tk._("Give latitude and longitude, or neither.")]


def learningcity_areas_of_owner(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Take the place of the organization where none is given."""
    if data.get(key) not in (tk.missing, None, "", [], "[]"):
        return
    owner = data.get(("owner_org",))
    organization = model.Group.get(owner) if isinstance(owner, str) and owner else None
    area = extras(organization).get("area")
    if area:
        data[key] = [area]


def learningcity_featured(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Let the secretariat alone change what is featured; whoever says nothing leaves it."""
    stored = stored_object(data, context)
    before = tk.asbool(stored.extras.get("featured", False)) if stored else False
    given = data.get(key)
    if given in (tk.missing, None, ""):
        data[key] = before
    elif _truth(given) != before and not _is_trusted(context):
        raise tk.Invalid(tk._("Only the network's secretariat features what cities share."))


def learningcity_related(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make a list of ids, as JSON, of names or ids of datasets and pages that the caller may see.

    What has been deleted since is dropped; what was tied before is kept, also if it is private.
    """
    stored = stored_object(data, context)
    before = set(_ids_of(stored.extras.get(key[0])) if stored else ())
    own = stored.id if stored else None
    data[key] = json.dumps(list(_known_ids(data[key], before, own, context)))


def learningcity_steps(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make a list of ids, as JSON, of learning resources in their order."""
    learningcity_related(key, data, errors, context)
    for package_id in json.loads(data[key]):
        package = model.Package.get(package_id)
        if package and package.type != "learning-resource":
            raise tk.Invalid(
                tk._("“{found}” is not a learning resource.").format(found=package.name)
            )


def learningcity_authors(value: Any) -> str:
    """Return authors as a JSON list, from a list or from text with semicolons."""
    parts = value if isinstance(value, list) else _list_in(value) or str(value).split(";")
    if not all(isinstance(part, str) for part in parts):
        raise tk.Invalid(tk._("Expected a list of authors, or text with semicolons."))
    names = [part.strip() for part in parts if part.strip()]
    return json.dumps(names, ensure_ascii=False)


def learningcity_doi(value: Any) -> str:
    """Return a DOI without the address in front of it."""
    doi = _DOI_HEAD.sub("", str(value).strip())
    if not _DOI.fullmatch(doi):
        raise tk.Invalid(
            tk._("“{found}” is not a DOI; expected as in {expected}.").format(
                found=value, expected="10.1234/abcd"
            )
        )
    return doi


def learningcity_local_time(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Return a date and time without a zone, `2026-11-25T09:00`, from a year of either era.

    `ends` has been looked at before `starts`, by the alphabet; so their order is checked there.
    """
    data[key] = _moment(data[key])
    end = data.get(("ends",))
    if key[0] == "starts" and isinstance(end, str) and end and end < data[key]:
        errors[("ends",)].append(tk._("The end comes before the beginning."))


def learningcity_time_zone(value: Any) -> str:
    """Return the name of a time zone of the IANA list."""
    if value in available_timezones():
        return str(value)
    raise tk.Invalid(
        tk._("“{found}” is not a time zone; expected as in {expected}.").format(
            found=value, expected="Asia/Bangkok"
        )
    )


def learningcity_list_output(value: Any) -> Any:
    """Return the list that was stored as JSON; what is no list stays as it is."""
    return _list_in(value) if isinstance(value, str) and _list_in(value) is not None else value


def learningcity_number_output(value: Any) -> Any:
    """Return the number that was stored as text; what is none stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() and "." not in value else number


def _known_ids(given: Any, before: set[str], own: str | None, context: Context) -> Iterable[str]:
    listed = _list_in(given) if isinstance(given, str) else given
    parts = str(given).split(",") if listed is None else listed
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise tk.Invalid(tk._("Expected a list of names, or text with commas."))
    ids = dict.fromkeys(_id(part.strip(), before, context) for part in parts if part.strip())
    return [package_id for package_id in ids if package_id and package_id != own]


def _id(reference: str, before: set[str], context: Context) -> str | None:
    """Return the id of a package; None where it has been deleted.

    :raises Invalid: there is none, or the caller may not see it
    """
    package = model.Package.get(reference.rsplit("/", 1)[-1])
    if package and (package.id in before or _may_see(package.id, context)):
        return None if package.state == model.State.DELETED else package.id
    raise tk.Invalid(
        tk._("There is no dataset or page “{found}” that you may see.").format(found=reference)
    )


def _may_see(package_id: str, context: Context) -> bool:
    if context.get("ignore_auth"):
        return True
    try:
        tk.check_access("package_show", Context(user=context.get("user", "")), {"id": package_id})
    except tk.NotAuthorized:
        return False
    return True


def _ids_of(value: Any) -> list[str]:
    return (_list_in(value) or []) if isinstance(value, str) else value or []


def _list_in(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    try:
        read = json.loads(value)
    except (TypeError, ValueError):
        return None
    return read if isinstance(read, list) else None


def _is_trusted(context: Context) -> bool:
    return bool(context.get("ignore_auth")) or may_curate(context.get("user"))


def _truth(given: Any) -> bool:
    try:
        return bool(tk.asbool(given))
    except ValueError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, float)


def _degrees(value: Any, least: float, most: float) -> float:
    try:
        degrees = round(float(str(value).strip()), DECIMALS)
    except ValueError:
        degrees = float("nan")
    if least <= degrees <= most:
        return degrees
    raise tk.Invalid(
        tk._("“{found}” does not lie in Thailand; expected {least} to {most} degrees.").format(
            found=value, least=least, most=most
        )
    )


def _moment(value: Any) -> str:
    match = _MOMENT.fullmatch(str(value).strip())
    try:
        if match:
            text = f"{gregorian_year(int(match[1])):04d}{match[2]}T{match[3]}"
            return datetime.fromisoformat(text).isoformat(timespec="minutes")
    except (PeriodError, ValueError):
        pass
    raise tk.Invalid(
        tk._("“{found}” is not a date and time; expected as in {expected}.").format(
            found=value, expected="2026-11-25T09:00"
        )
    )
