"""The template helpers, from the rooms whose words they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import days, words
from .logic import (
    award_helpers,
    booster_helpers,
    choices,
    content_helpers,
    forum_helpers,
    quality_helpers,
    readers_language,
    source_helpers,
    week_helpers,
)
from .logic.gather import functions
from .pages import (
    desk_words,
    dot_map,
    error_words,
    evaluation_words,
    field_words,
    menu,
    own_files,
    pager,
    problem_words,
    scripts,
)
from .standards import helpers as standard_helpers
from .views import addresses, cards, era, fonts, shapes, sparkline, view_helpers

_ROOMS = (
    addresses,
    award_helpers,
    booster_helpers,
    cards,
    choices,
    content_helpers,
    days,
    desk_words,
    dot_map,
    error_words,
    evaluation_words,
    field_words,
    forum_helpers,
    menu,
    own_files,
    pager,
    problem_words,
    quality_helpers,
    readers_language,
    shapes,
    source_helpers,
    standard_helpers,
    view_helpers,
    week_helpers,
    words,
)

#: Helpers of core that are said in the reader's language.
_OF_CORE = (
    content_helpers.build_nav_icon,
    content_helpers.humanize_entity_type,
    days.render_datetime,
    readers_language.get_organization,
    readers_language.list_dict_filter,
    readers_language.organizations_available,
    readers_language.render_markdown,
    scripts.render_assets,
)

HELPERS: dict[str, Callable[..., Any]] = {
    **{name: each for name, each in functions(*_ROOMS).items() if name.startswith("learningcity_")},
    **{each.__name__: each for each in _OF_CORE},
    "learningcity_era": era.era,
    "learningcity_font_faces": fonts.font_faces,
    "learningcity_sparkline": sparkline.sparkline,
    "learningcity_strip": sparkline.strip,
}
