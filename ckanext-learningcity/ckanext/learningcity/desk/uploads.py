"""Uploaded files and their changes, found by SHA-256, for as long as a submission needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.learningcity import addressed

from .model import submission

STORAGE = "learningcity_uploads"


def keep(content: bytes) -> str:
    """Store `content` unless it is there already, and return its checksum."""
    return addressed.keep(STORAGE, content)


def content(digest: str) -> bytes:
    """Return a stored file.

    :raises addressed.GoneError: it is no longer kept
    """
    return addressed.content(STORAGE, digest)


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
        addressed.remove(STORAGE, digest)
