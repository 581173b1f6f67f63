"""The plugin `learningcity_thai`: core texts in Thai where CKAN's own catalogue lacks them.

A catalogue of its own, because updating ours from our sources would drop texts of other programs.
"""

from __future__ import annotations

from pathlib import Path

import ckan.plugins as p
from ckan.lib.plugins import DefaultTranslation


class LearningCityThaiPlugin(DefaultTranslation, p.SingletonPlugin):
    """Completes CKAN's Thai; CKAN lets a plugin's catalogue go before its own."""

    p.implements(p.ITranslation)

    def i18n_directory(self) -> str:
        """Return the folder of the catalogue."""
        return str(Path(__file__).parent / "i18n")
