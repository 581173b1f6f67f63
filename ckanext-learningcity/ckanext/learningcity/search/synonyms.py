"""Names that mean the same thing, from ``synonyms.yaml``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_ABBREVIATION = re.compile("[\u0e01-\u0e2e]+")


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """Every list of names, as written."""
    text = Path(__file__).with_name("synonyms.yaml").read_text("utf-8")
    return tuple(tuple(names) for names in yaml.safe_load(text)["synonyms"])


@cache
def abbreviations() -> frozenset[str]:
    """Thai abbreviations (consonants only): the word splitter must not cut them."""
    names = {name for names in groups() for name in names}
    return frozenset(name for name in names if _ABBREVIATION.fullmatch(name))
