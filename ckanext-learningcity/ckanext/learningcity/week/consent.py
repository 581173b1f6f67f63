"""What a person agrees to who signs up; `schemas/consent.yaml` has every version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def current() -> Mapping[str, Any]:
    """Return the newest version: `id` and `text` by language, with `{days}` and `{host}` in it."""
    return _versions()[-1]


@cache
def _versions() -> list[Mapping[str, Any]]:
    path = files("ckanext.learningcity.schemas").joinpath("consent.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))["consents"]
