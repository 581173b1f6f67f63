"""The plugin `learningcity_thai`: core texts in Thai where CKAN's own catalogue lacks them.

A catalogue of its own, because updating ours from our sources would drop texts of other programs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation


class LearningCityThaiPlugin(DefaultTranslation, p.SingletonPlugin):
    """Completes CKAN's Thai; CKAN lets a plugin's catalogue go before its own."""

    p.implements(p.ITranslation)
    p.implements(p.ITemplateHelpers)

    def i18n_directory(self) -> str:
        """Return the folder of the catalogue."""
        return str(Path(__file__).parent / "i18n")

    def get_helpers(self) -> dict[str, Callable[..., str]]:
        """Return what replaces helpers of the plugins that are switched on."""
        table = datatablesview_get_language_file_path
        loaded = p.plugin_loaded("datatables_view")
        return {table.__name__: table} if loaded else {}


@tk.chained_helper
def datatablesview_get_language_file_path(next_helper: Callable[[str], str], lang: str) -> str:
    """Return the address of what the library DataTables says; its own Thai lacks half of that."""
    return tk.h.learningcity_file("datatables-th.json") if lang == "th" else next_helper(lang)
