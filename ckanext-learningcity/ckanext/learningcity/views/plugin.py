"""The plugin `learningcity_views`: charts and resource views."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from .blueprint import chart
from .cards import card
from .embed import embed
from .resource_view import ObservationView


@tk.blanket.blueprints([card, chart, embed])
class LearningCityViewsPlugin(ObservationView, p.SingletonPlugin):
    """Serves the charts that the portal's pages, resource views and other sites show."""
