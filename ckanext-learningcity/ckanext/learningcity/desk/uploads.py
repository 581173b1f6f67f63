"""Uploaded files, found by the SHA-256 of their bytes, for as long as a submission needs them."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from file_keeper.core.exceptions import MissingFileError

from ckanext.learningcity.indicators.files import checksum

from .model import submission

STORAGE = "learningcity_uploads"


class GoneError(Exception):
    """The file of a submission is no longer kept."""


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

    :raises GoneError: it is no longer kept
    """
    try:
        return files.get_storage(STORAGE).content(files.FileData(_location(digest)))
    except MissingFileError as error:
        raise GoneError(digest) from error


def forget(submission_id: str, digest: str) -> None:
    """Give up a submission's file; its bytes go when no other submission has the same."""
    row = submission.update().where(submission.c.id == submission_id)
    model.Session.execute(row.values(file_kept=False))
    others = sa.select(submission.c.id).where(
        submission.c.sha256 == digest, submission.c.file_kept.is_(True)
    )
    if model.Session.execute(others.limit(1)).first() is None:
        files.get_storage(STORAGE).remove(files.FileData(_location(digest)))
    model.Session.commit()


def _location(digest: str) -> files.Location:
    return files.Location(f"{digest[:2]}/{digest}")
