"""Uploaded files and their changes, found by SHA-256, for as long as a submission needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def forget(row: Mapping[str, Any]) -> None:
    """Give up a submission's files; their bytes go when no other submission has the same."""
    given_up = submission.update().where(submission.c.id == row["id"])
    model.Session.execute(given_up.values(file_kept=False))
    for digest in filter(None, (row["sha256"], row["changes"])):
        drop(digest)
    model.Session.commit()


def drop(digest: str) -> None:
    """Remove a stored file that no submission has any more."""
    having = sa.select(submission.c.id).where(
        sa.or_(submission.c.sha256 == digest, submission.c.changes == digest),
        submission.c.file_kept.is_(True),
    )
    if model.Session.execute(having.limit(1)).first() is None:
        files.get_storage(STORAGE).remove(files.FileData(_location(digest)))


def _location(digest: str) -> files.Location:
    return files.Location(f"{digest[:2]}/{digest}")
