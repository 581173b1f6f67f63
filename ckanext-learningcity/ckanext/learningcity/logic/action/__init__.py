"""The actions, a module for each thing they are about."""

from __future__ import annotations

from ckanext.learningcity.logic.gather import functions

from . import (
    areas,
    cities,
    content,
    decisions,
    evaluations,
    imports,
    indicators,
    network,
    observations,
    publishing,
    quality,
    readings,
    releases,
    scorecards,
    sources,
    submissions,
    tabular,
)

ACTIONS = functions(
    areas,
    cities,
    content,
    decisions,
    evaluations,
    imports,
    indicators,
    network,
    observations,
    publishing,
    quality,
    readings,
    releases,
    scorecards,
    sources,
    submissions,
    tabular,
)
