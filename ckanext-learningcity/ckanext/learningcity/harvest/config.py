"""A harvest source of ckanext-harvest as a `Source` of `harvesters/`."""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.harvest.model import HarvestSource

from ckanext.learningcity.harvesters.base import Source
from ckanext.learningcity.harvesters.facts import FactsError
from ckanext.learningcity.harvesters.registry import source
from ckanext.learningcity.harvesters.session import Session

#: The type of harvest sources that this bridge answers for.
TYPE = "learningcity"

#: How often sources run where nobody says, by the cadence of their facts: an agency does not say on
#: which day it publishes, and a look at a source without anything new costs one question.
FREQUENCIES = {
    "day": "DAILY",
    "quarter": "MONTHLY",
    "half-year": "MONTHLY",
    "year": "MONTHLY",
}
FREQUENCY = "WEEKLY"


def validated(text: str) -> str:
    """Return the configuration of a harvest source, checked.

    It is a JSON object: `source` names an entry of `sources.yaml`, everything else replaces facts
    of that entry: `{"source": "worldbank", "country": "TH"}`.

    :raises ValueError: what is wrong, as ckanext-harvest's form shows it
    """
    try:
        facts = json.loads(text or "{}")
    except ValueError as error:
        raise ValueError(
            tk._("The configuration is not JSON: {error}").format(error=error)
        ) from error
    if not isinstance(facts, dict) or not isinstance(facts.get("source"), str):
        raise ValueError(tk._('The configuration must be like {"source": "worldbank"}.'))
    try:
        source(facts.pop("source"), **facts)
    except FactsError as error:
        raise ValueError(str(error)) from error
    return text


def frequency(text: str) -> str:
    """Return how often a source with the configuration `text` runs where nobody says.

    :raises ValueError: the configuration is not valid
    """
    facts = json.loads(validated(text))
    return FREQUENCIES.get(source(facts.pop("source"), **facts).facts.cadence, FREQUENCY)


def source_of(harvest_source: HarvestSource) -> Source:
    """Return the adapter of a harvest source; its address is the one that the form shows.

    :raises FactsError: its configuration is not valid any more
    """
    facts: dict[str, Any] = json.loads(harvest_source.config or "{}")
    return source(facts.pop("source", ""), **{**facts, "url": harvest_source.url})


def session() -> Session:
    """Return a session with the portal's settings."""
    contact = tk.config["ckanext.learningcity.harvest.contact"] or tk.config["ckan.site_url"]
    hosts = tk.config["ckanext.learningcity.harvest.allow_hosts"]
    return Session(contact, allow_hosts=hosts, keys=_keys())


def _keys() -> dict[str, dict[str, str]]:
    """Return the headers with secrets by host; each is configured as `host/header=secret`."""
    keys: dict[str, dict[str, str]] = {}
    for entry in tk.config["ckanext.learningcity.harvest.keys"]:
        host, _, header = entry.partition("/")
        name, _, secret = header.partition("=")
        keys.setdefault(host.lower(), {})[name] = secret
    return keys
