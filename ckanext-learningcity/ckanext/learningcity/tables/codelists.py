"""The code lists of `schemas/codelists/` and `schemas/frameworks/`, read once.

Every function returns an ordered mapping from id to the entry as the YAML has it. Entries are
shared between callers: read them, never change them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Entry = Mapping[str, Any]


def areas() -> Mapping[str, Entry]:
    """Return every place: the country, regions, provinces and below."""
    return _by_id("codelists/areas.yaml", "areas")


def area_kinds() -> Mapping[str, Entry]:
    """Return the kinds of local government."""
    return _by_id("codelists/areas.yaml", "kinds")


def network(kind: str) -> Mapping[str, Entry]:
    """Return what is known of the network beside its cities: partners, mentoring, milestones."""
    return _by_id("codelists/network.yaml", kind)


@cache
def network_sources() -> Mapping[str, Entry]:
    """Return the documents that say who takes part in the network: `title` and perhaps `url`."""
    return {
        **_by_id("codelists/areas.yaml", "source"),
        **_by_id("codelists/network.yaml", "source"),
    }


def area_levels() -> Mapping[str, Entry]:
    """Return the administrative levels, from the largest to the smallest."""
    return _by_id("codelists/areas.yaml", "levels")


def indicators() -> Mapping[str, Entry]:
    """Return every indicator's definition."""
    return _by_id("codelists/indicators.yaml", "indicators")


def reported_indicators() -> Mapping[str, Entry]:
    """Return the indicators that places report: all but the results of evaluations."""
    return {code: entry for code, entry in indicators().items() if not entry.get("result")}


def units() -> Mapping[str, Entry]:
    """Return the units of measure."""
    return _by_id("codelists/units.yaml", "units")


def statuses() -> Mapping[str, Entry]:
    """Return the observation statuses (SDMX CL_OBS_STATUS)."""
    return _by_id("codelists/statuses.yaml", "statuses")


def period_types() -> Mapping[str, Entry]:
    """Return the kinds of year: calendar, fiscal, academic."""
    return _by_id("codelists/period_types.yaml", "period_types")


def breakdowns() -> Mapping[str, Entry]:
    """Return the breakdown dimensions (SEX, AGE, …), each with its `codes`."""
    return _document("codelists/breakdowns.yaml")["breakdowns"]


def columns() -> Mapping[str, Entry]:
    """Return the columns that a table may carry, with the headings they are known by."""
    return _by_id("codelists/columns.yaml", "columns")


def derived_columns() -> frozenset[str]:
    """Return the columns of a download that are worked out again when it is read back."""
    return frozenset(_document("codelists/columns.yaml")["derived"])


def place_columns() -> Mapping[str, Entry]:
    """Return the headings of columns of places, by the level of the places below them."""
    return _by_id("codelists/columns.yaml", "places")


def column_words(kind: str) -> Mapping[str, Entry]:
    """Return other words of headings and labels: counters, targets, total_rows, multiples."""
    return _by_id("codelists/columns.yaml", kind)


def marks(kind: str) -> Mapping[str, Entry]:
    """Return what stands in a cell for a number or beside it: missing, letters, units, notes."""
    return _by_id("codelists/marks.yaml", kind)


def messages() -> Mapping[str, Entry]:
    """Return what a check of a table can find, by code."""
    return _by_id("messages.yaml", "messages")


def outcomes() -> Mapping[str, Entry]:
    """Return how a harvest can end, by code."""
    return _by_id("outcomes.yaml", "outcomes")


def workbook_words(kind: str) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of workbooks by id and language: notes, cells, findings."""
    return {key: entry["text"] for key, entry in _by_id("workbooks.yaml", kind).items()}


def template_instructions() -> Sequence[Entry]:
    """Return the lines of the instructions in the template; `needs` says where a line stands."""
    return _document("workbooks.yaml")["instructions"]


def focal_areas() -> Mapping[str, Entry]:
    """Return the twelve focal areas of the UNESCO Key Features of Learning Cities."""
    return _by_id("frameworks/key_features.yaml", "focal_areas")


def content(kind: str) -> Mapping[str, Entry]:
    """Return the types of content (`types`), or the choices of one of their fields."""
    return _by_id("codelists/content.yaml", kind)


def awards(kind: str) -> Mapping[str, Entry]:
    """Return the awards' categories, criteria or levels, or the words of states of their parts."""
    return _by_id("codelists/awards.yaml", kind)


def focal_areas_of(ids: Iterable[str]) -> tuple[str, ...]:
    """Return the focal areas of some indicators, in their order."""
    found = {indicators()[each].get("focal_area") for each in ids}
    return tuple(area for area in focal_areas() if area in found)


@cache
def choices(preset: str) -> Mapping[str, Entry]:
    """Return the choices of a preset of `presets.yaml`, by value.

    :raises KeyError: there is no such preset
    """
    presets = {entry["preset_name"]: entry for entry in _document("presets.yaml")["presets"]}
    return {choice["value"]: choice for choice in presets[preset]["values"]["choices"]}


def gd_licences() -> Mapping[str, Entry]:
    """Return the licences that GD-Catalog has a text for, by CKAN's id."""
    return _by_id("codelists/gd_licences.yaml", "licences")


def focal_area_groups() -> Mapping[str, Entry]:
    """Return the three groups of focal areas."""
    return _by_id("frameworks/key_features.yaml", "groups")


def report_words() -> Mapping[str, Entry]:
    """Return the texts of the progress report by id; each has its `text` by language."""
    return _by_id("progress_report.yaml", "words")


def evaluation_words(kind: str) -> Mapping[str, Entry]:
    """Return words of evaluations: states, normalisations, missing, readings, trends."""
    return _by_id("frameworks/evaluation.yaml", kind)


@cache
def area_names() -> Mapping[str, tuple[str, ...]]:
    """Return the known spellings of places: folded name to the ids that it may mean.

    A level's own words may stand before or behind a name: จังหวัดพะเยา, จ.พะเยา, Phayao Province.
    """
    names: dict[str, list[str]] = {}
    for area in areas().values():
        spellings = [*area["name"].values(), *area.get("aliases", [])]
        level = area_levels()[area["level"]]
        worded = [prefix + name for prefix in level["prefixes"] for name in spellings]
        worded += [f"{name} {suffix}" for suffix in level["suffixes"] for name in spellings]
        for name in {fold(spelling) for spelling in (area["id"], *spellings, *worded)}:
            names.setdefault(name, []).append(area["id"])
    return {name: tuple(ids) for name, ids in names.items()}


@cache
def tiles() -> Mapping[str, Entry]:
    """Return the squares of the provinces on the tile map: `{id, row, column, label}`.

    Rows count from the north, columns from the west; a label is short enough for its square.
    """
    document = _document("maps/tiles.yaml")
    places = [
        (row, column, f"TH-{digits}")
        for row, line in enumerate(document["grid"].splitlines())
        for column, digits in enumerate(line.split())
        if digits != "--"
    ]
    return {
        place: {"id": place, "row": row, "column": column, "label": document["labels"][place]}
        for row, column, place in places
    }


def grades() -> Mapping[float, Entry]:
    """Return the scale of qualitative indicators, by value."""
    return {
        float(grade["value"]): grade for grade in _document("codelists/indicators.yaml")["grades"]
    }


def area_ancestors(area_id: str) -> list[Entry]:
    """Return the places that contain `area_id`, the largest first.

    :raises KeyError: the place is not in the code list
    """
    chain: list[Entry] = []
    parent = areas()[area_id].get("parent")
    while parent:
        chain.insert(0, areas()[parent])
        parent = areas()[parent].get("parent")
    return chain


def fold(text: str) -> str:
    """Return `text` as it is compared: one Unicode form, no case, single spaces."""
    composed = unicodedata.normalize("NFKC", text).replace("เเ", "แ")
    return " ".join(composed.replace("ํา", "ำ").replace(". ", ".").casefold().split())


@cache
def _document(path: str) -> Mapping[str, Any]:
    folder = files("ckanext.learningcity.schemas")
    return yaml.safe_load(folder.joinpath(path).read_text(encoding="utf-8"))


@cache
def _by_id(path: str, key: str) -> Mapping[str, Entry]:
    return {entry["id"]: entry for entry in _document(path)[key]}
