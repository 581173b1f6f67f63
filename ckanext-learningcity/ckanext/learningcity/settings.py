"""Settings of CKAN that this plugin needs, where the administrator has not chosen."""

from __future__ import annotations

from pathlib import Path

from ckan.common import CKANConfig

from .indicators.files import STORAGE

_STORAGE = f"ckan.files.storage.{STORAGE}"


def fill(config: CKANConfig) -> None:
    """Let the files of releases lie beside CKAN's uploads, unless another storage is named."""
    config.setdefault(f"{_STORAGE}.type", "ckan:fs")
    config.setdefault(f"{_STORAGE}.initialize", "true")
    config.setdefault(f"{_STORAGE}.overwrite_existing", "false")
    if config.get("ckan.storage_path"):
        folder = Path(config["ckan.storage_path"]).absolute() / "learningcity" / "releases"
        config.setdefault(f"{_STORAGE}.path", str(folder))
