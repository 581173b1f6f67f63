"""The portal's schemas, actions and pages."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation

from . import settings
from .indicators.visibility import PublicationLabels
from .logic.due_dates import DueDates
from .pages import blueprints
from .standards.observations import observations
from .tabular.queue import TableQueue


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.cli
@tk.blanket.config_declarations
@tk.blanket.helpers
@tk.blanket.validators
class LearningCityPlugin(
    DefaultTranslation, DueDates, PublicationLabels, TableQueue, p.SingletonPlugin
):
    """Schemas, actions, pages."""

    p.implements(p.IConfigurer)
    p.implements(p.IBlueprint)
    p.implements(p.ITranslation)

    def update_config(self, config: CKANConfig) -> None:
        """Make templates and styles known to CKAN."""
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "learningcity")
        settings.fill(config)

    def get_blueprint(self) -> list[object]:
        """Return the pages and the downloads."""
        return [*blueprints(), observations]
