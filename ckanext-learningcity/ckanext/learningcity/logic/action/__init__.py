"""The actions, a module for each thing they are about."""

from __future__ import annotations

from .areas import learningcity_area_list, learningcity_area_show
from .cities import learningcity_city_profile
from .decisions import (
    learningcity_submission_approve,
    learningcity_submission_discard,
    learningcity_submission_publish,
    learningcity_submission_return,
    learningcity_submission_submit,
)
from .indicators import learningcity_indicator_list, learningcity_indicator_show
from .observations import learningcity_observation_search
from .publishing import learningcity_observation_publish
from .quality import learningcity_quality_list, learningcity_quality_show
from .releases import (
    learningcity_release_diff,
    learningcity_release_list,
    learningcity_release_rollback,
    learningcity_release_show,
    learningcity_release_withdraw,
)
from .sources import learningcity_source_list, learningcity_source_run
from .submissions import (
    learningcity_submission_create,
    learningcity_submission_diff,
    learningcity_submission_list,
    learningcity_submission_preview,
    learningcity_submission_show,
    learningcity_submission_update,
)
from .tabular import learningcity_tabular_load, learningcity_tabular_status

__all__ = [
    "learningcity_area_list",
    "learningcity_area_show",
    "learningcity_city_profile",
    "learningcity_indicator_list",
    "learningcity_indicator_show",
    "learningcity_observation_publish",
    "learningcity_observation_search",
    "learningcity_quality_list",
    "learningcity_quality_show",
    "learningcity_release_diff",
    "learningcity_release_list",
    "learningcity_release_rollback",
    "learningcity_release_show",
    "learningcity_release_withdraw",
    "learningcity_source_list",
    "learningcity_source_run",
    "learningcity_submission_approve",
    "learningcity_submission_create",
    "learningcity_submission_diff",
    "learningcity_submission_discard",
    "learningcity_submission_list",
    "learningcity_submission_preview",
    "learningcity_submission_publish",
    "learningcity_submission_return",
    "learningcity_submission_show",
    "learningcity_submission_submit",
    "learningcity_submission_update",
    "learningcity_tabular_load",
    "learningcity_tabular_status",
]
