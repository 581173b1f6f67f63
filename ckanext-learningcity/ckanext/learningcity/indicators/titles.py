"""Two-language texts as CKAN keeps them: JSON in the extras of datasets and organizations."""

from __future__ import annotations

import json
from collections.abc import Mapping


def texts(extras: Mapping[str, str], field: str) -> dict[str, str]:
    """Return a two-language text by language; empty where there is none."""
    return json.loads(extras.get(field) or "{}")
