"""The YAML files of the schemas, as they are."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

FOLDER = files("ckanext.learningcity.schemas")


@pytest.fixture
def document():
    """Read a YAML file by its path within `schemas/`."""

    def read(path: str):
        return yaml.safe_load(FOLDER.joinpath(path).read_text(encoding="utf-8"))

    return read
