"""What can go wrong with a source, named by what happens next.

None of these ever deletes anything: the last good release stays. A dataset is withdrawn only when
a complete listing (`Source.refs` that ended without an error) no longer names it, or names it as
deleted.
"""

from __future__ import annotations

from typing import ClassVar

from ckanext.learningcity.tables import codelists


class SourceError(Exception):
    """A source did not give a dataset.

    :param detail: what was found, without secrets
    :param url: the address asked, with secrets masked
    :param status: HTTP status, where there was one
    """

    code: ClassVar[str] = "source_error"

    def __init__(self, detail: str, *, url: str = "", status: int | None = None) -> None:
        super().__init__(f"{detail} [{url}]" if url else detail)
        self.detail = detail
        self.url = url
        self.status = status

    @property
    def meaning(self) -> str:
        """What has happened, in English; `schemas/outcomes.yaml` has it in both languages."""
        return codelists.outcomes()[self.code]["meaning"]["en"]

    @property
    def remedy(self) -> str:
        """What to do, in English; `schemas/outcomes.yaml` has it in both languages."""
        return codelists.outcomes()[self.code]["remedy"]["en"]


class Unavailable(SourceError):
    """The source does not answer now; the next run asks again.

    :param retry_after: seconds that the source asked us to wait, where it said so
    """

    code = "unavailable"

    def __init__(
        self,
        detail: str,
        *,
        url: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, url=url, status=status)
        self.retry_after = retry_after


class Truncated(Unavailable):
    """The answer broke off, or its parts do not add up; the next run asks again."""

    code = "truncated"


class Refused(SourceError):
    """The question was wrong, even where the source said so with status 200."""

    code = "refused"


class Blocked(Refused):
    """The address is one that this portal must not ask (private network, other scheme)."""

    code = "blocked"


class Changed(SourceError):
    """The answer has another format than the adapter knows."""

    code = "changed"


class Empty(SourceError):
    """The source answered rightly that it has nothing."""

    code = "empty"
