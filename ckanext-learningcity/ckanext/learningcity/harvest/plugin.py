"""The harvester that runs the adapters of `harvesters/` inside ckanext-harvest's jobs."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckanext.harvest.interfaces import IHarvester
from ckanext.harvest.model import HarvestJob, HarvestObject

from . import config, stages


@tk.blanket.config_declarations
class LearningCityHarvestPlugin(p.SingletonPlugin):
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
        """List what the source has."""
        return stages.gather(job)

    def fetch_stage(self, harvest_object: HarvestObject) -> bool:
        """Bring one dataset's bytes."""
        return stages.fetch(harvest_object)

    def import_stage(self, harvest_object: HarvestObject) -> Any:
        """Make the dataset and its next release."""
        return stages.take_in(harvest_object)
