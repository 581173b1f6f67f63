"""Pages for people: cities, indicators and the network's activities."""

from __future__ import annotations

from flask import Blueprint

from ckanext.learningcity.standards.release_files import release_files
from ckanext.learningcity.views.era import eras
from ckanext.learningcity.views.fonts import fonts

from .award import award
from .award_application import award_application, award_file
from .award_desk import award_desk
from .award_review import award_review
from .board import board
from .booster import booster
from .city import city
from .compare import compare
from .content import content
from .delivery import delivery
from .desk import desk
from .evaluation import evaluation
from .evaluation_desk import evaluation_desk
from .explore import explore
from .forum import forum
from .forum_feed import forum_feed
from .forum_mail import forum_mail
from .forum_moderate import forum_moderate
from .forum_write import forum_write
from .indicator import indicator
from .kept_pages import kept_pages
from .network import network
from .problem import problem
from .progress_report import progress_report
from .quality import quality
from .release import release
from .signup import signup
from .source import source
from .space_imports import space_imports
from .tabular import tabular
from .template import template
from .week import week


def blueprints() -> list[Blueprint]:
    """Return the blueprints of every page."""
    return [
        award,
        award_application,
        award_desk,
        award_file,
        award_review,
        board,
        booster,
        city,
        compare,
        content,
        delivery,
        desk,
        evaluation,
        evaluation_desk,
        eras,
        explore,
        fonts,
        forum,
        forum_feed,
        forum_mail,
        forum_moderate,
        forum_write,
        indicator,
        kept_pages,
        network,
        problem,
        progress_report,
        quality,
        release,
        release_files,
        space_imports,
        signup,
        source,
        tabular,
        template,
        week,
    ]
