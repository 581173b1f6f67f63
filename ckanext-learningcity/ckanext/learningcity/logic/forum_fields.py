"""Validators of what people write in the forum, and of a space's address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .languages import LANGUAGES

LONGEST_TITLE = 150
LONGEST_BODY = 20_000
LONGEST_REASON = 1_000

# Line ends, and what Thai and other scripts need though it shows nothing.
_KEPT = "\n\t\u200b\u200c\u200d"
_SPACE_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,49}")
_ADDRESSES = ("topic", "moderation", "subscriptions", "new", "confirm", "leave", "post", "spaces")


def line(most: int) -> Callable[[str], str]:
    """Return a validator of text in one line."""

    def validate(value: str) -> str:
        return _written(" ".join(_plain(value).split()), most)

    return validate


def prose(most: int) -> Callable[[str], str]:
    """Return a validator of text in lines."""

    def validate(value: str) -> str:
        return _written(_plain(value).strip(), most)

    return validate


def space_id(value: str) -> str:
    """Return what a space is called in addresses."""
    if not _SPACE_ID.fullmatch(value) or value in _ADDRESSES:
        message = tk._("“{found}” is no address; expected small letters, digits and hyphens.")
        raise tk.Invalid(message.format(found=value))
    return value


def both_languages(value: Any) -> dict[str, str]:
    """Return a text in Thai and English."""
    texts = value if isinstance(value, Mapping) else {}
    found = {language: " ".join(str(texts.get(language) or "").split()) for language in LANGUAGES}
    if not all(found.values()):
        raise tk.Invalid(tk._("Expected in Thai and in English."))
    return found


def _plain(value: str) -> str:
    """Return text without characters that show nothing; lines are kept."""
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c)[0] != "C")


def _written(text: str, most: int) -> str:
    if not text:
        raise tk.Invalid(tk._("Missing value"))
    if len(text) > most:
        message = tk._("At most {most} characters; there are {found}.")
        raise tk.Invalid(message.format(most=most, found=len(text)))
    return text
