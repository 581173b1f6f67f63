"""The rules of `schemas/frameworks/quality.yaml`, read once.

Entries are shared between callers: read them, never change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Entry = Mapping[str, Any]


def items() -> Mapping[str, Entry]:
    """Return the fourteen mandatory metadata items."""
    return _by_id("items")


def parts() -> Mapping[str, Entry]:
    """Return the five parts of the grade, each with its `points`."""
    return _by_id("parts")


def grades() -> Mapping[str, Entry]:
    """Return the grades, the best first, each with the points it begins at (`from`)."""
    return _by_id("grades")


def states() -> Mapping[str, Entry]:
    """Return the states of freshness, the worst first."""
    return _by_id("states")


def frequencies() -> Mapping[str, Entry]:
    """Return how long each frequency of update may take."""
    return _by_id("frequencies")


@cache
def _by_id(key: str) -> Mapping[str, Entry]:
    folder = files("ckanext.learningcity.schemas")
    text = folder.joinpath("frameworks/quality.yaml").read_text(encoding="utf-8")
    return {entry["id"]: entry for entry in yaml.safe_load(text)[key]}
