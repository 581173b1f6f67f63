"""The actions, a module for each thing they are about."""

from __future__ import annotations

from ckanext.learningcity.logic.gather import functions

from . import (
    adoptions,
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
    readers_language,
    readings,
    releases,
    scorecards,
    sessions,
    signups,
    sources,
    state,
    submissions,
    tabular,
    view_defaults,
)

ACTIONS = functions(
    adoptions,
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
    readers_language,
    readings,
    releases,
    scorecards,
    sessions,
    signups,
    sources,
    state,
    submissions,
    tabular,
    view_defaults,
)
