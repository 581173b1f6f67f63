"""Files in storage that are found by the SHA-256 of their bytes, so that none is kept twice."""

from __future__ import annotations

import hashlib

from ckan.lib import files
from file_keeper.core.exceptions import MissingFileError


class GoneError(Exception):
    """A file is no longer kept."""


def checksum(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def location(digest: str, suffix: str = "") -> files.Location:
    """Return where a file is: in one of 256 folders, so that none grows too long."""
    return files.Location(f"{digest[:2]}/{digest}{suffix}")


def keep(storage: str, content: bytes, suffix: str = "") -> str:
    """Store `content` unless it is there already, and return its checksum."""
    digest = checksum(content)
    kept = files.get_storage(storage)
    data = files.FileData(location(digest, suffix))
    if not kept.exists(data):
        kept.upload(data.location, files.make_upload(content))
    return digest


def content(storage: str, digest: str) -> bytes:
    """Return a stored file.

    :raises GoneError: it is no longer kept
    """
    try:
        return files.get_storage(storage).content(files.FileData(location(digest)))
    except MissingFileError as error:
        raise GoneError(digest) from error


def remove(storage: str, digest: str) -> None:
    """Remove a stored file."""
    files.get_storage(storage).remove(files.FileData(location(digest)))
