"""Facts about sources: complete, checked, and refused by name where they are wrong."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from ckanext.learningcity.harvesters import build, source, sources
from ckanext.learningcity.harvesters.facts import FactsError, facts_from
from ckanext.learningcity.harvesters.registry import ADAPTERS
from ckanext.learningcity.tables import codelists


@pytest.mark.parametrize("source_id", sources())
def test_every_source_can_be_built_and_stands_in_the_code_lists(source_id):
    facts = source(source_id).facts
    assert facts.id == source_id
    assert facts.country in codelists.areas()
    assert facts.url.startswith("https://")
    assert facts.citation.format(dataset="D", code="C")


def test_every_source_has_an_adapter():
    assert {facts.adapter for facts in sources().values()} <= set(ADAPTERS)


def test_what_nobody_could_confirm_is_named():
    assert "licence" in source("stathub").facts.unverified
    assert source("worldbank").facts.unverified == ()
    with pytest.raises(FactsError, match="licens"):
        source("worldbank", unverified=["licens"])


def test_an_override_replaces_a_fact_and_leaves_the_source_alone():
    assert source("worldbank", url="https://example.org/v2").facts.url == "https://example.org/v2"
    assert source("worldbank").facts.url == "https://api.worldbank.org/v2"


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"ulr": "x"}, "ulr"),
        ({"url": ""}, "url"),
        ({"url": None}, "url"),
        ({"adapter": "worldbnk"}, "worldbnk"),
        ({"title": "World Bank"}, "title"),
        ({"title": {"en": "World Bank"}}, "title"),
        ({"keywords": ["x"]}, "keywords"),
        ({"cadence": "yearly"}, "cadence"),
        ({"options": {"iso2": "TH"}}, "iso2"),
        ({"options": {"iso3": 764}}, "iso3"),
        ({"options": {}}, "iso3"),
    ],
)
def test_a_wrong_fact_is_named(overrides, named):
    with pytest.raises(FactsError, match=named):
        source("worldbank", **overrides)


def test_a_missing_fact_is_named():
    facts = asdict(sources()["worldbank"])
    del facts["licence"]
    with pytest.raises(FactsError, match="licence"):
        build(facts_from(facts))


def test_an_unknown_source_is_answered_with_those_there_are():
    with pytest.raises(FactsError, match="worldbank"):
        source("wrldbank")
