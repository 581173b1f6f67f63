"""Texts of sources: which language they are in, and what bad software did to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_THAI = re.compile(r"[\u0E01-\u0E5B]")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")
#: Core CKAN's rule for tags, with Thai.
_NO_TAG = re.compile(r"[^\w\u0E01-\u0E3A\u0E40-\u0E5B \-.]+")
_TAG_LENGTHS = range(2, 101)
_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc|-nd|-sa)*)|publicdomain/(zero|mark))"
)


def language_of(text: str) -> str:
    """Return `th` for text with a Thai letter, else `en`."""
    return "th" if _THAI.search(text) else "en"


def by_language(text: str) -> dict[str, str]:
    """Return `text` under its language; nothing for an empty one."""
    return {language_of(text): text} if text else {}


def keywords(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return keywords by language, in the form in which CKAN takes tags."""
    found: dict[str, dict[str, None]] = {}
    for word in words:
        tag = " ".join(_NO_TAG.sub(" ", word).split())
        if len(tag) in _TAG_LENGTHS:
            found.setdefault(language_of(tag), {})[tag] = None
    return {language: tuple(tags) for language, tags in found.items()}


def creative_commons(text: str) -> str | None:
    """Return the CKAN id of the Creative Commons licence whose address stands in `text`."""
    found = _CREATIVE_COMMONS.search(text.lower())
    if not found:
        return None
    if found[2]:
        return "cc-zero" if found[2] == "zero" else "other-pd"
    terms = found[1].split("-")
    if "nd" in terms:
        return "other-closed"
    return "cc-nc" if "nc" in terms else "cc-by-sa" if "sa" in terms else "cc-by"


def mended(text: str) -> str:
    r"""Return `text` with Thai letters for what was written `\u0e01`, or read as Latin-1."""
    if _ESCAPED.search(text):
        text = _ESCAPED.sub(lambda found: json.loads(f'"{found[0]}"'), text)
    if not _THAI.search(text) and "à¸" in text:
        try:
            return text.encode("latin-1").decode("utf-8")
        except ValueError:
            return text
    return text


def several(value: object) -> list[str]:
    """Return the texts of a field that holds several: a list, JSON text of one, or one text."""
    if isinstance(value, str):
        try:
            read = json.loads(value)
        except ValueError:
            read = None
        value = read if isinstance(read, list) else [value]
    if not isinstance(value, list):
        return []
    texts = [mended(text).strip() for text in value if isinstance(text, str)]
    return [text for text in texts if text]


def one(value: object) -> str:
    """Return the text of a field that holds one."""
    return mended(str(value)).strip() if isinstance(value, str | int | float) else ""
