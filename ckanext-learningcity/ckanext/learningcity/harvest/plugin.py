"""The harvester that runs the adapters of `harvesters/` inside ckanext-harvest's jobs."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestJob, HarvestObject

from . import config, work
from .guarded import GuardedSources


@tk.blanket.config_declarations
class LearningCityHarvestPlugin(GuardedSources, p.SingletonPlugin):
    """One harvest source type for every agency; which one, the source's configuration says."""

    p.implements(IHarvester)

    def info(self) -> dict[str, str]:
        """Return how the form for sources names this type."""
        return {
            "name": config.TYPE,
            "title": "Partner agency",
            "description": "Indicators of a partner agency, read by an adapter",
            "form_config_interface": "Text",
        }

    def validate_config(self, text: str) -> str:
        """Check a source's configuration; an error names what is wrong with it."""
        return config.validated(text)

    def gather_stage(self, job: HarvestJob) -> list[str]:
        """Do the whole run: a batch of records at a time is faster than one object after another.

        :returns: no object is left to fetch
        """
        work.do(job)
        return []

    def fetch_stage(self, harvest_object: HarvestObject) -> str:  # noqa: ARG002 - it is done
        """Do nothing: what was gathered was taken in."""
        return "unchanged"

    def import_stage(self, harvest_object: HarvestObject) -> str:  # noqa: ARG002 - it is done
        """Do nothing: what was gathered was taken in."""
        return "unchanged"
