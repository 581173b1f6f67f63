"""The texts that the Thai Government Data Catalog (GD-Catalog) stores, for our codes and back.

Source: the field definitions of ckanext-thai_gdc; the choices stand in `schemas/presets.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from . import codelists
from .codelists import fold

#: Fields whose values are choices of the standard, and the preset that lists them.
PRESETS: Mapping[str, str] = {
    "data_type": "learningcity_gd_data_type",
    "objective": "learningcity_gd_objective",
    "update_frequency_unit": "learningcity_gd_frequency",
    "geo_coverage": "learningcity_gd_coverage",
    "data_format": "learningcity_gd_format",
    "data_category": "learningcity_gd_category",
}

#: Those of them that hold several.
MULTIPLE = frozenset({"objective", "data_format"})

OTHER = "อื่นๆ"
NOT_SPECIFIED = "notspecified"


def codes(field: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the codes of `texts`, each once, and the texts that are no choice of `field`."""
    known = _codes(field)
    found = {text: known.get(_compared(text)) for text in texts}
    mapped = dict.fromkeys(code for code in found.values() if code)
    return list(mapped), [text for text, code in found.items() if code is None]


def texts(field: str, values: Iterable[str]) -> list[str]:
    """Return the texts of codes, as GD-Catalog stores them.

    :raises KeyError: a code is no choice of `field`
    """
    choices = codelists.choices(PRESETS[field])
    return [choices[code]["label"]["th"] for code in values]


def licence(text: str) -> str | None:
    """Return the CKAN id of a licence that is given by GD-Catalog's text or by its id."""
    return NOT_SPECIFIED if text.strip() == OTHER else _licences().get(_compared(text))


def licence_text(licence_id: str) -> str:
    """Return GD-Catalog's text for a CKAN licence id."""
    entry = codelists.gd_licences().get(licence_id)
    return entry["text"] if entry else OTHER


@cache
def _codes(field: str) -> Mapping[str, str]:
    """Return the codes by every spelling: Thai, English and the code itself."""
    choices = codelists.choices(PRESETS[field])
    return {
        _compared(spelling): code
        for code, choice in choices.items()
        for spelling in (code, *choice["label"].values())
    }


@cache
def _licences() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for licence_id, entry in codelists.gd_licences().items():
        for spelling in (entry["text"], licence_id):
            found.setdefault(_compared(spelling), licence_id)
    return found


def _compared(text: str) -> str:
    return fold(text).replace(" ", "")
