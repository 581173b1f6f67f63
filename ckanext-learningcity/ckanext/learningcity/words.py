"""Template helpers: text, numbers, periods and addresses in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from babel.dates import get_month_names
from babel.numbers import format_decimal

from ckanext.learningcity.logic.readers_language import learningcity_half, organization_texts
from ckanext.learningcity.tables import codelists
from ckanext.learningcity.tables.periods import BUDDHIST_OFFSET
from ckanext.learningcity.views.era import era

Record = Mapping[str, Any]
Text = Mapping[str, str] | str | None

_NEWEST = 5  # releases on the home page

_NOTHING: tuple[Any, ...] = (None, "", [], {})

_CODE_LISTS: dict[str, Callable[[], Mapping[str, Mapping[str, Any]]]] = {
    "area_kind": codelists.area_kinds,
    "area_level": codelists.area_levels,
    "focal_area": codelists.focal_areas,
    "indicator": codelists.indicators,
    "period_type": codelists.period_types,
    "status": codelists.statuses,
    "unit": codelists.units,
}


def learningcity_title(thing: Mapping[str, Any]) -> str:
    """Return the title of a dataset or organization in the reader's language, else its own."""
    if thing.get("type") == "organization":
        thing = organization_texts(thing)
    return learningcity_text(thing.get("title_translated")) or thing["title"] or thing["name"]


def learningcity_filled(schema: Mapping[str, Any], dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scheming schema with only those dataset fields that `dataset` has a value for."""
    fields = schema["dataset_fields"]
    filled = [field for field in fields if dataset.get(field["field_name"]) not in _NOTHING]
    return {**schema, "dataset_fields": filled}


def learningcity_text(value: Text) -> str:
    """Return a two-language text in the reader's language, else in the language it has.

    :param value: `{"en": …, "th": …}`, or a string, which is returned as it is; nothing, also
        where a template finds no such field, is an empty text
    """
    if not value:
        return ""
    if isinstance(value, str):
        return value
    return value.get(tk.h.lang()) or next((text for text in value.values() if text), "")


def faults_by_field(error: tk.ValidationError) -> dict[str, list[str]]:
    """Return the sentences of a refusal by field; an action may also give one alone."""
    return {
        name: list(map(str, texts)) if isinstance(texts, list) else [str(texts)]
        for name, texts in error.error_dict.items()
    }


def learningcity_site_title() -> str:
    """Return the portal's name; a configured name that our catalogue knows is translated."""
    title = tk.config["ckan.site_title"]
    return {"Learning City Open Data": tk._("Learning City Open Data")}.get(title) or str(title)


def learningcity_code_name(code_list: str, code: str) -> str:
    """Return the name of a code; a code that the list lacks is its own name.

    :param code_list: `area_kind`, `area_level`, `focal_area`, `indicator`, `period_type`,
        `status`, `unit`
    """
    entry = _CODE_LISTS[code_list]().get(code)
    return learningcity_text(entry["name"]) if entry else code


def learningcity_area_name(area_id: str) -> str:
    """Return the name of a place; a code that the list lacks is its own name."""
    entry = codelists.areas().get(area_id)
    return learningcity_text(entry["name"]) if entry else area_id


def learningcity_area_names(area_ids: Iterable[str]) -> str:
    """Return the names of places in one line."""
    return ", ".join(map(learningcity_area_name, area_ids))


def learningcity_dimension(dimension: str) -> str:
    """Return the name of a breakdown: `SEX` → `Sex`."""
    return learningcity_text(codelists.breakdowns()[dimension]["name"])


def learningcity_breakdown(record: Record) -> str:
    """Return the breakdowns of an observation, `Female · 15 to 24 years`, empty for a total."""
    names = []
    for dimension, entry in codelists.breakdowns().items():
        code = record.get(dimension) or "_T"
        if code != "_T":
            names.append(learningcity_text(_languages(entry["codes"].get(code))) or code)
    return " · ".join(names)


def learningcity_year(period: str) -> str:
    """Return the year of a Gregorian period as the reader counts it.

    Thai readers get the Buddhist era unless `ckanext.learningcity.buddhist_era` is off; every
    reader may choose the other one.

    :param period: `2024`, `2024-Q1`, `2024-03` or `2024-03-01`
    """
    year = int(period[:4])
    return str(year + BUDDHIST_OFFSET if era() == "be" else year)


def learningcity_period(record: Record) -> str:
    """Return an observation's period in words: `2024`, `Fiscal year 2024`, `Q1 2024`."""
    period, kind = record["TIME_PERIOD"], record.get("PERIOD_TYPE") or "calendar"
    year, part = learningcity_year(period), period[5:]
    if part.startswith("Q"):
        text = tk._("Q{number} {year}").format(number=part[1:], year=year)
    elif part.startswith("S"):
        text = tk._("Half {number} of {year}").format(number=part[1:], year=year)
    elif part:
        month = get_month_names("abbreviated", locale=tk.h.lang())[int(part[:2])]
        text = f"{month} {year}"
    else:
        text = year
    return text if kind == "calendar" else f"{learningcity_code_name('period_type', kind)} {text}"


def learningcity_number(value: float | None, decimals: int = 0) -> str:
    """Return a number with the reader's separators, or a dash for a missing one."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=tk.h.lang())


def learningcity_unit(unit: str) -> str:
    """Return what stands after a number of this unit: `%`, ` years`, or nothing."""
    entry = codelists.units().get(unit)
    if not entry:
        return f" {unit}"
    symbol = learningcity_text(entry["symbol"])
    return symbol if symbol == entry["suffix"] else f" {symbol}"


def learningcity_value(record: Record, indicator: Mapping[str, Any]) -> str:
    """Return an observation's value with the indicator's decimals and unit: `94.1%`."""
    number = learningcity_number(record["OBS_VALUE"], indicator["decimals"])
    return number if record["OBS_VALUE"] is None else number + learningcity_unit(indicator["unit"])


def learningcity_exact_value(record: Record, indicator_id: str) -> str:
    """Return a value with all its digits and unit: rounded, two that differ may look the same."""
    if record["OBS_VALUE"] is None:
        return "–"
    number = format_decimal(record["OBS_VALUE"], format="#,##0.###############", locale=tk.h.lang())
    return number + learningcity_unit(codelists.indicators()[indicator_id]["unit"])


def learningcity_note(record: Record) -> str:
    """Return the note of an observation; of one in both languages the reader's half."""
    return learningcity_half(record.get("COMMENT_OBS") or "")


def learningcity_record_value(record: Record) -> str:
    """Return an observation's value with the unit and decimals of its indicator."""
    return learningcity_value(record, codelists.indicators()[record["INDICATOR"]])


def learningcity_standing(indicator: Mapping[str, Any], peers: Record, level: str) -> str:
    """Return in words how a place stands among those of its level: `2 of 77, the best first`."""
    if indicator["direction"] in ("up", "down"):
        text = tk._("{level}: {rank} of {places}, the best first")
    else:
        text = tk._("{level}: {rank} of {places}, the highest first")
    return text.format(
        rank=learningcity_number(peers["rank"]),
        places=learningcity_number(peers["places"]),
        level=learningcity_code_name("area_level", level),
    )


def learningcity_trend(
    indicator: Mapping[str, Any], latest: Record, previous: Record | None
) -> dict[str, str] | None:
    """Return how a value moved: `{arrow: up|down|flat, tone: better|worse|neutral, text}`.

    None where the two values must not be compared: one is missing, the series breaks at the latest
    value, or the kinds of year differ.
    """
    if not previous or None in (latest["OBS_VALUE"], previous["OBS_VALUE"]):
        return None
    if latest["OBS_STATUS"] == "B" or latest["PERIOD_TYPE"] != previous["PERIOD_TYPE"]:
        return None
    change = round(latest["OBS_VALUE"] - previous["OBS_VALUE"], indicator["decimals"])
    arrow = "up" if change > 0 else "down" if change < 0 else "flat"
    tone = "neutral"
    if change and indicator["direction"] in ("up", "down"):
        tone = "better" if arrow == indicator["direction"] else "worse"
    wording = {
        "up": tk._("up {change} from {period}"),
        "down": tk._("down {change} from {period}"),
        "flat": tk._("unchanged from {period}"),
    }
    text = wording[arrow].format(
        change=learningcity_number(abs(change), indicator["decimals"]),
        period=learningcity_period(previous),
    )
    return {"arrow": arrow, "tone": tone, "text": text}


def learningcity_download_url(extension: str, **filters: str) -> str:
    """Return the address of a slice of the observations: same filters as the action."""
    return tk.h.url_for(f"/observations.{extension}", locale="default", **filters)


def learningcity_page_url(locale: str | None = None) -> str:
    """Return the address of this page with its query, in another language if one is given."""
    url = tk.h.current_url()
    return tk.h.url_for(url, locale=locale) if locale else url


def learningcity_home() -> dict[str, Any]:
    """Return what the home page tells: `{cities, tiles, …}` and counts.

    `cities` are the members of the global network, the newest members first; `tiles` are provinces
    (see `codelists.tiles`) with `name` and `members`, the ids of the members in them; `datasets`,
    `indicators`, `places` and `release_count` are counts.
    """
    list_areas = tk.get_action("learningcity_area_list")
    cities = list_areas({}, {"gnlc": True})
    releases = tk.get_action("learningcity_release_list")({}, {"limit": _NEWEST})
    return {
        "cities": sorted(cities, key=lambda area: (-area["gnlc"]["joined"], area["id"])),
        "tiles": _tiles(cities),
        "places": len(list_areas({}, {})),
        "datasets": _public_count("dataset"),
        "indicators": len(tk.get_action("learningcity_indicator_list")({}, {})),
        "releases": releases["results"],
        "release_count": releases["count"],
    }


def _tiles(members: Iterable[Record]) -> list[dict[str, Any]]:
    areas = codelists.areas()
    of: dict[str, list[str]] = {}
    for member in members:
        province = member["id"] if member["level"] == "province" else member["parent"]
        of.setdefault(province, []).append(member["id"])
    return [
        {**tile, "name": areas[place]["name"], "members": of.get(place, [])}
        for place, tile in codelists.tiles().items()
    ]


def _public_count(type_: str) -> int:
    asked = {"fq": f"dataset_type:{type_}", "rows": 0, "facet": "false"}
    return tk.get_action("package_search")({}, asked)["count"]


def _languages(entry: Mapping[str, Any] | None) -> dict[str, str]:
    return {lang: entry[lang] for lang in ("en", "th") if lang in entry} if entry else {}
