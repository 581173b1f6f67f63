"""Facts about a source: what `sources.yaml` says about it, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

LANGUAGES = ("en", "th")
CADENCES = ("day", "week", "month", "quarter", "half-year", "year", "irregular", "unknown")


class FactsError(ValueError):
    """A fact is missing, unknown or of the wrong kind; the message says what is accepted."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One source. Two-language texts are `{en: …, th: …}`.

    `organization` is the name of the CKAN organization that owns the datasets, `licence` a CKAN
    licence id, `citation` the agency's terms with `{dataset}` and `{code}` to fill in, `country`
    a place in the code list. `unverified` names the facts that nobody could confirm yet. `options`
    belong to the adapter and are named there.
    """

    id: str
    title: Mapping[str, str]
    organization: str
    adapter: str
    url: str
    licence: str
    citation: str
    cadence: str = "unknown"
    language: str = "en"
    country: str = "TH"
    homepage: str = ""
    keywords: Mapping[str, list[str]] = field(default_factory=dict)
    unverified: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("id", "organization", "adapter", "url", "licence", "citation"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise FactsError(f"{name}: expected a text, found {value!r}")
        for name in ("title", "keywords", "options"):
            if not isinstance(getattr(self, name), Mapping):
                raise FactsError(f"{name}: expected a mapping, found {getattr(self, name)!r}")
        unknown = sorted(set(self.unverified) - {fact.name for fact in fields(Facts)})
        if unknown:
            raise FactsError(f"unverified: {unknown[0]!r} is not a fact")
        if set(self.title) != set(LANGUAGES):
            raise FactsError(f"title: expected the languages en and th, found {list(self.title)}")
        if self.cadence not in CADENCES:
            raise FactsError(f"cadence: expected one of {CADENCES}, found {self.cadence!r}")


def facts_from(mapping: Mapping[str, Any]) -> Facts:
    """Return the facts that `mapping` holds.

    :raises FactsError: a fact is missing, unknown or of the wrong kind
    """
    known = {fact.name: fact for fact in fields(Facts)}
    unknown = sorted(set(mapping) - set(known))
    if unknown:
        raise FactsError(f"{unknown[0]}: unknown fact; known are {', '.join(known)}")
    for name, fact in known.items():
        needed = fact.default is MISSING and fact.default_factory is MISSING
        if needed and name not in mapping:
            raise FactsError(f"{name}: this fact is missing")
    return Facts(**mapping)
