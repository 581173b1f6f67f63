"""Pages for people: cities, indicators and the network's activities."""

from __future__ import annotations

from flask import Blueprint

from ckanext.learningcity.views.fonts import fonts

from .city import city
from .indicator import indicator


def blueprints() -> list[Blueprint]:
    """Return the blueprints of every page."""
    return [city, fonts, indicator]
