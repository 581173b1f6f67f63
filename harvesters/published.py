"""Which series of a source are which of the portal's indicators, and how they are described."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.learningcity.tables import codelists

from .base import Text
from .facts import Facts, FactsError


def published(facts: Facts, code_list: str = "") -> Mapping[str, str]:
    """Return the source's series by indicator, in the order of the code list.

    They stand in `schemas/codelists/indicators.yaml` under `sources`, by `code_list` (the source's
    id unless given); the option `indicators` of a source adds to them and takes precedence.

    :raises FactsError: `indicators` names what is no indicator
    """
    own = facts.options.get("indicators", {})
    unknown = sorted(set(own) - set(codelists.indicators()))
    if unknown:
        raise FactsError(f"options.indicators: {unknown[0]!r} is not an indicator")
    known = {
        indicator: entry["sources"][code_list or facts.id]
        for indicator, entry in codelists.indicators().items()
        if entry.get("sources", {}).get(code_list or facts.id)
    }
    every = {**known, **{indicator: str(series) for indicator, series in own.items()}}
    return {
        indicator: every[indicator] for indicator in codelists.indicators() if indicator in every
    }


def title(facts: Facts, indicator: codelists.Entry) -> Text:
    """Return the title of the national series of `indicator`."""
    place = codelists.areas()[facts.country]["name"]
    return {
        "en": f"{indicator['name']['en']}, {place['en']} ({facts.title['en']})",
        "th": f"{indicator['name']['th']} {place['th']} ({facts.title['th']})",
    }


def notes(indicator: codelists.Entry, *said: Text) -> Text:
    """Return the indicator's definition, then what the source says about its series."""
    parts = (indicator.get("definition", {}), *said)
    return {
        language: "\n\n".join(part[language] for part in parts if part.get(language))
        for language in ("en", "th")
    }
