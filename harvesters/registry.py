"""Which sources there are, and which class reads each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .base import Source
from .facts import Facts, FactsError, facts_from
from .gdcatalog import GDCatalog
from .ilo import Ilo
from .oai import Repository
from .sdmx import Sdmx
from .stathub import StatHub
from .table import Table
from .uis import Uis
from .worldbank import WorldBank

#: Adapter names, as `sources.yaml` uses them.
ADAPTERS: Mapping[str, type[Source]] = {
    "gdcatalog": GDCatalog,
    "oai": Repository,
    "table": Table,
    "worldbank": WorldBank,
    "uis": Uis,
    "ilo": Ilo,
    "stathub": StatHub,
    "sdmx": Sdmx,
}


@cache
def sources() -> Mapping[str, Facts]:
    """Return the facts of every source in `sources.yaml`, by id."""
    text = (
        files("ckanext.learningcity.harvesters")
        .joinpath("sources.yaml")
        .read_text(encoding="utf-8")
    )
    every = [facts_from(entry) for entry in yaml.safe_load(text)["sources"]]
    return {facts.id: facts for facts in every}


def source(source_id: str, **overrides: Any) -> Source:
    """Return the source `source_id`; `overrides` replace facts, such as `url`.

    :raises FactsError: there is no such source, or an override is not a fact
    """
    if source_id not in sources():
        raise FactsError(f"id: no source {source_id!r}; there are {', '.join(sources())}")
    return build(facts_from({**asdict(sources()[source_id]), **overrides}))


def build(facts: Facts) -> Source:
    """Return the source that `facts` describe, which need not be in `sources.yaml`.

    :raises FactsError: there is no such adapter, or an option is unknown or of the wrong type
    """
    adapter = ADAPTERS.get(facts.adapter)
    if adapter is None:
        raise FactsError(f"adapter: no {facts.adapter!r}; there are {', '.join(ADAPTERS)}")
    known = {**adapter.options, **adapter.optional}
    unknown = sorted(set(facts.options) - set(known))
    if unknown:
        has = ", ".join(known) or "none"
        raise FactsError(f"options.{unknown[0]}: unknown option; {facts.adapter} has {has}")
    for name in {**adapter.options, **facts.options}:
        value = facts.options.get(name)
        if not isinstance(value, known[name]):
            raise FactsError(f"options.{name}: expected {known[name].__name__}, found {value!r}")
    return adapter(facts)
