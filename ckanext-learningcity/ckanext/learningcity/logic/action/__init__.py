"""The actions, a module for each thing they are about."""

from __future__ import annotations

from .areas import learningcity_area_list, learningcity_area_show
from .cities import learningcity_city_profile
from .indicators import learningcity_indicator_list, learningcity_indicator_show
from .observations import learningcity_observation_publish, learningcity_observation_search
from .releases import learningcity_release_list, learningcity_release_show
from .sources import learningcity_source_list, learningcity_source_run

__all__ = [
    "learningcity_area_list",
    "learningcity_area_show",
    "learningcity_city_profile",
    "learningcity_indicator_list",
    "learningcity_indicator_show",
    "learningcity_observation_publish",
    "learningcity_observation_search",
    "learningcity_release_list",
    "learningcity_release_show",
    "learningcity_source_list",
    "learningcity_source_run",
]
