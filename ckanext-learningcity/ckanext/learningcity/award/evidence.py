"""Files of evidence: kept apart from public storage, found by the SHA-256 of their bytes."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from file_keeper.core.exceptions import MissingFileError

from ckanext.learningcity.indicators.files import checksum

from .model import file

STORAGE = "learningcity_awards"

_ZIP = b"PK\x03\x04"

#: What may be given: the beginnings of a file by the end of its name.
FORMATS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "docx": (_ZIP,),
    "xlsx": (_ZIP,),
    "pptx": (_ZIP,),
    "odt": (_ZIP,),
}


class GoneError(Exception):
    """The bytes are not there."""


def kind(name: str, content: bytes) -> str | None:
    """Return the format of a file; None where its name or its bytes are not of a known one."""
    ending = name.rpartition(".")[2].lower()
    begins = FORMATS.get(ending)
    return ending if begins and content.startswith(begins) else None


def keep(content: bytes) -> str:
    """Store `content` unless it is there already, and return its checksum."""
    digest = checksum(content)
    storage = files.get_storage(STORAGE)
    data = files.FileData(_location(digest))
    if not storage.exists(data):
        storage.upload(data.location, files.make_upload(content))
    return digest


def content(digest: str) -> bytes:
    """Return a stored file.

    :raises GoneError: it is not there
    """
    try:
        return files.get_storage(STORAGE).content(files.FileData(_location(digest)))
    except MissingFileError as error:
        raise GoneError(digest) from error


def forget(digest: str) -> None:
    """Remove the bytes that no file of evidence needs any more."""
    needed = sa.select(file.c.id).where(file.c.sha256 == digest, file.c.removed.is_(None))
    if model.Session.execute(needed.limit(1)).first() is None:
        files.get_storage(STORAGE).remove(files.FileData(_location(digest)))


def _location(digest: str) -> files.Location:
    return files.Location(f"{digest[:2]}/{digest}")
