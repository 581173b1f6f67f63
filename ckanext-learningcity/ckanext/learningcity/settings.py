"""Settings of other plugins that this one needs, where the administrator has not chosen."""

from __future__ import annotations

from pathlib import Path

from ckan.common import CKANConfig

from .indicators.files import STORAGE

_SCHEMAS = "ckanext.learningcity.schemas"
_STORAGE = f"ckan.files.storage.{STORAGE}"

DEFAULTS = {
    "scheming.dataset_schemas": f"{_SCHEMAS}:dataset.yaml",
    "scheming.organization_schemas": f"{_SCHEMAS}:organization.yaml",
    "scheming.presets": f"ckanext.scheming:presets.json {_SCHEMAS}:presets.yaml",
    f"{_STORAGE}.type": "ckan:fs",
    f"{_STORAGE}.initialize": "true",
    f"{_STORAGE}.overwrite_existing": "false",
}


def fill(config: CKANConfig) -> None:
    """Set what is not set."""
    for key, value in DEFAULTS.items():
        config.setdefault(key, value)
    if config.get("ckan.storage_path"):
        folder = Path(config["ckan.storage_path"]).absolute() / "learningcity" / "releases"
        config.setdefault(f"{_STORAGE}.path", str(folder))
