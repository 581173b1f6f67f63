"""The environment of CKAN's processes."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import sysconfig
from pathlib import Path

CKAN = Path(sysconfig.get_path("scripts")) / "ckan"


def for_ckan(ini: Path) -> dict[str, str]:
    """Our own environment, pointing at `ini` and at a libmagic.

    CKAN imports python-magic, which ends the process where the C library is missing. The wheel
    pylibmagic carries it, and the loader only looks there if told before the process starts.
    """
    environment = {**os.environ, "CKAN_INI": str(ini), "PYTHONUNBUFFERED": "1"}
    spec = importlib.util.find_spec("pylibmagic")
    if spec and spec.origin and not ctypes.util.find_library("magic"):
        folder = Path(spec.origin).parent
        path = os.environ.get("LD_LIBRARY_PATH")
        environment["LD_LIBRARY_PATH"] = f"{folder}:{path}" if path else str(folder)
        environment["MAGIC"] = str(folder / "magic.mgc")
    return environment
