"""What can go wrong with a source, named by what happens next.

None of these ever deletes anything: the last good release stays. A dataset is withdrawn only when
a complete listing (`Source.refs` that ended without an error) no longer names it, or names it as
deleted.
"""

from __future__ import annotations

from typing import ClassVar


class SourceError(Exception):
    """A source did not give a dataset.

    :param detail: what was found, without secrets
    :param url: the address asked, with secrets masked
    :param status: HTTP status, where there was one
    """

    code: ClassVar[str] = "source_error"
    meaning: ClassVar[str] = "The source could not be harvested."
    remedy: ClassVar[str] = "Read the detail and look at the source."

    def __init__(self, detail: str, *, url: str = "", status: int | None = None) -> None:
        super().__init__(f"{detail} [{url}]" if url else detail)
        self.detail = detail
        self.url = url
        self.status = status


class Unavailable(SourceError):
    """The source does not answer now; the next run asks again.

    :param retry_after: seconds that the source asked us to wait, where it said so
    """

    code = "unavailable"
    meaning = "The source did not answer, or asked us to come back later."
    remedy = "Nothing to do: the next run tries again. Ask the agency if it lasts for days."

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
    meaning = "The answer broke off before its end, or its pages do not add up."
    remedy = (
        "Nothing to do: the next run tries again. If it lasts, the agency's server is at fault."
    )


class Refused(SourceError):
    """The question was wrong, even where the source said so with status 200."""

    code = "refused"
    meaning = "The source understood the question and refused it."
    remedy = "Check the source's address, codes and key."


class Blocked(Refused):
    """The address is one that this portal must not ask (private network, other scheme)."""

    code = "blocked"
    meaning = "The address leads into a private network or is not http(s)."
    remedy = "Correct the address. Only the operator can allow a private host, by its name."


class Changed(SourceError):
    """The answer has another format than the adapter knows."""

    code = "changed"
    meaning = "The source answered in a format that the adapter does not know."
    remedy = "Look at the address in a browser; the adapter may have to follow a new format."


class Empty(SourceError):
    """The source answered rightly that it has nothing."""

    code = "empty"
    meaning = "The source has no data for this question."
    remedy = "Nothing to do. If there was data before, ask the agency whether it moved."
