"""Checksums in permalinks: whole, or the first digits as a printed line carries them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CHECKSUM = re.compile(r"[0-9a-f]{8,64}")


def is_checksum(text: Any) -> bool:
    """Return whether `text` can be the beginning of a SHA-256 that tells releases apart."""
    return isinstance(text, str) and bool(_CHECKSUM.fullmatch(text.lower()))


def agrees(release: Mapping[str, Any], text: str) -> bool:
    """Return whether a release's CSV or Parquet file has this checksum."""
    return any(release[name].startswith(text.lower()) for name in ("sha256", "parquet_sha256"))
