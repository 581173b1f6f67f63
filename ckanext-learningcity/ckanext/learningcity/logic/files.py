"""Files given to an action."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Any

import ckan.plugins.toolkit as tk

_MEGABYTE = 1024**2
_LONGEST_NAME = 200


def content(upload: Any) -> bytes:
    """Return the bytes of an upload.

    :raises ValidationError: it is no file, or larger than `ckanext.learningcity.upload_max`
    """
    if not hasattr(upload, "read"):
        raise tk.ValidationError({"upload": [tk._("Give a file.")]})
    return capped(upload.read(_largest() + 1))


def capped(given: bytes) -> bytes:
    """Return `given`.

    :raises ValidationError: it is larger than `ckanext.learningcity.upload_max`
    """
    if len(given) > _largest():
        size = _largest() // _MEGABYTE
        message = tk._("The file is larger than {size} MB.").format(size=size)
        raise tk.ValidationError({"upload": [message]})
    return given


def name(upload: Any) -> str:
    """Return the file's own name without folders, whichever system it comes from."""
    given = getattr(upload, "filename", None) or getattr(upload, "name", None) or ""
    return PureWindowsPath(str(given)).name[-_LONGEST_NAME:] or tk._("unnamed")


def _largest() -> int:
    return tk.config["ckanext.learningcity.upload_max"] * _MEGABYTE
