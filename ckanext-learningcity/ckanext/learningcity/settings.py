"""Settings of CKAN that this plugin needs, where the administrator has not chosen."""

from __future__ import annotations

from pathlib import Path

from ckan.common import CKANConfig

from .award.evidence import STORAGE as EVIDENCE
from .desk.uploads import STORAGE as UPLOADS
from .indicators.files import STORAGE as RELEASES

_FOLDERS = {RELEASES: "releases", UPLOADS: "uploads", EVIDENCE: "awards"}


def fill(config: CKANConfig) -> None:
    """Let our files lie beside CKAN's uploads, unless another storage is named for them."""
    for name, folder in _FOLDERS.items():
        storage = f"ckan.files.storage.{name}"
        config.setdefault(f"{storage}.type", "ckan:fs")
        config.setdefault(f"{storage}.initialize", "true")
        config.setdefault(f"{storage}.overwrite_existing", "false")
        if config.get("ckan.storage_path"):
            path = Path(config["ckan.storage_path"]).absolute() / "learningcity" / folder
            config.setdefault(f"{storage}.path", str(path))
