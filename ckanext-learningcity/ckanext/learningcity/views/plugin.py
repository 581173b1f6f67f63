"""The plugin `learningcity_views`: charts."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from .blueprint import chart


@tk.blanket.blueprints([chart])
class LearningCityViewsPlugin(p.SingletonPlugin):
    """Serves the pictures that the portal's pages and other sites embed."""
