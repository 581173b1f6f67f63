"""Files of evidence: kept apart from public storage, found by the SHA-256 of their bytes."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ckanext.learningcity import addressed

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


def kind(name: str, content: bytes) -> str | None:
    """Return the format of a file; None where its name or its bytes are not of a known one."""
    ending = name.rpartition(".")[2].lower()
    begins = FORMATS.get(ending)
    return ending if begins and content.startswith(begins) else None


def keep(content: bytes) -> str:
    """Store `content` unless it is there already, and return its checksum."""
    return addressed.keep(STORAGE, content)


def content(digest: str) -> bytes:
    """Return a stored file.

    :raises addressed.GoneError: it is no longer kept
    """
    return addressed.content(STORAGE, digest)


def forget(digest: str) -> None:
    """Remove the bytes that no file of evidence needs any more."""
    needed = sa.select(file.c.id).where(file.c.sha256 == digest, file.c.removed.is_(None))
    if model.Session.execute(needed.limit(1)).first() is None:
        addressed.remove(STORAGE, digest)
