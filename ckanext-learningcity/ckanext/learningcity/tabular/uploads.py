"""Uploaded files that hold a table: which they are, and their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import file_keeper as fk
from ckan.lib import files, uploader

#: Old workbooks are among them so that their publishers are told to save them in today's format.
_FORMATS = frozenset({"csv", "tsv", "tab", "xlsx", "ods", "xls"})


class MissingFileError(Exception):
    """A resource says that it has an upload, and the storage has no such file."""


def holds_table(resource: Mapping[str, Any]) -> bool:
    """Whether a resource's record names an uploaded table; observations have their own way in."""
    if resource.get("url_type") != "upload" or resource.get("observations"):
        return False
    kind = str(resource.get("format") or Path(str(resource.get("url") or "")).suffix)
    return kind.strip(" .").lower() in _FORMATS


def version(resource: Mapping[str, Any]) -> str:
    """Return what changes when another file is uploaded, and not when a title is corrected."""
    return f"{resource.get('last_modified') or ''} {str(resource.get('url') or '').split('/')[-1]}"


def content(resource: Mapping[str, Any], most: int) -> bytes | None:
    """Return the bytes of a resource's file, None where they are more than `most`.

    :raises MissingFileError: there is no file
    """
    upload = uploader.get_resource_uploader(dict(resource))
    place = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    try:
        if isinstance(storage, fk.Storage):
            file = files.FileData(files.Location(place))
            return None if storage.size(file.location) > most else storage.content(file)
        path = Path(place)
        return None if path.stat().st_size > most else path.read_bytes()
    except (files.exc.MissingFileError, FileNotFoundError) as error:
        raise MissingFileError(place) from error
