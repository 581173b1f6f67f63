"""The addresses of the portal's own files: another content, another address."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

import ckan.plugins.toolkit as tk

_PATH = "/learningcity/"
_FOLDER = files("ckanext.learningcity") / "public/learningcity"


def learningcity_file(name: str) -> str:
    """Return the address of a file of `public/learningcity`, which browsers keep for a year."""
    return tk.h.url_for_static(f"{_PATH}{name}", v=_mark(name))


def is_current(path: str, mark: str) -> bool:
    """Return whether a file is ours, and `mark` that of its content."""
    name = path.removeprefix(_PATH)
    return name != path and (_FOLDER / name).is_file() and mark == _mark(name)


@cache
def _mark(name: str) -> str:
    return sha256((_FOLDER / name).read_bytes()).hexdigest()[:8]
