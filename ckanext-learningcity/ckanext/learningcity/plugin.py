"""The portal's schemas, actions and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation
from ckan.types import Action, AuthFunction, CKANApp

from . import lasting, settings
from .helpers import HELPERS
from .indicators.visibility import PublicationLabels
from .logic.action import ACTIONS
from .logic.auth import AUTH_FUNCTIONS
from .logic.due_dates import DueDates
from .logic.readers_language import ReadersLanguage
from .logic.search_page import SearchPage
from .pages import blueprints
from .pages.kept_front import KeptFront
from .standards.observations import observations
from .tabular.queue import TableQueue
from .week.keeping import SignUps


@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.validators
class LearningCityPlugin(
    DefaultTranslation,
    DueDates,
    PublicationLabels,
    SearchPage,
    SignUps,
    TableQueue,
    ReadersLanguage,
    p.SingletonPlugin,
):
    """Schemas, actions, pages."""

    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IConfigurer)
    p.implements(p.IBlueprint)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(p.ITranslation)

    def update_config(self, config: CKANConfig) -> None:
        """Make templates and styles known to CKAN."""
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "learningcity")
        settings.fill(config)

    def get_actions(self) -> dict[str, Action]:
        """Return the actions."""
        return ACTIONS

    def get_auth_functions(self) -> dict[str, AuthFunction]:
        """Return who may call them."""
        return AUTH_FUNCTIONS

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        """Return the template helpers."""
        return HELPERS

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002 - as CKAN calls
        """Put kept pages in front of the application, and what is said of lasting files behind."""
        lasting.say_last(app)
        app.wsgi_app = KeptFront(app.wsgi_app)
        return app

    def get_blueprint(self) -> list[object]:
        """Return the pages and the downloads."""
        return [*blueprints(), observations]
