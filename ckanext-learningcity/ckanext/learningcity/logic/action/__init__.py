"""The actions, a module for each thing they are about."""

from __future__ import annotations

from ckanext.learningcity.logic.gather import functions

from . import (
    adoptions,
    areas,
    cities,
    content,
    decisions,
    indicators,
    network,
    observations,
    publishing,
    quality,
    releases,
    sessions,
    signups,
    sources,
    submissions,
    tabular,
)

ACTIONS = functions(
    adoptions,
    areas,
    cities,
    content,
    decisions,
    indicators,
    network,
    observations,
    publishing,
    quality,
    releases,
    sessions,
    signups,
    sources,
    submissions,
    tabular,
)
