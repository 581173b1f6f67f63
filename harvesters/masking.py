"""Secrets are cut out of every text that may be stored, shown or logged."""

from __future__ import annotations

import logging
import re

_QUERY_SECRET = re.compile(
    r"([?&;][^=&;\s]*(?:key|token|secret|passw(?:or)?d|signature|credential)=)[^&;#\s\"']*",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]+@")


def mask(text: str) -> str:
    """Return `text` with the values of secret query parameters and user names in URLs masked."""
    return _USERINFO.sub("", _QUERY_SECRET.sub(r"\1***", text))


class MaskingFilter(logging.Filter):
    """Masks secrets in the log records of a library that writes whole addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record's text in place and let it pass."""
        record.msg, record.args = mask(record.getMessage()), None
        return True
