"""The envelope of a World Bank answer: `[header, rows]`, or an error sent with status 200.

Counts arrive as numbers or strings, `rows` as a list or null, and XML may come where JSON was
asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .base import Answer
from .errors import Changed, Refused, SourceError, Unavailable

#: Message ids by which the service reports its own trouble; all others mean a wrong question.
PASSING_TROUBLE = frozenset({"105", "199", "500"})

_XML_MESSAGE = re.compile(r"<wb:message\s[^>]*?id=\"(\d+)\"[^>]*>([^<]*)")


@dataclass(frozen=True)
class Page:
    """One page; `updated` is the day on which the World Bank renewed the database."""

    answer: Answer
    page: int
    pages: int
    total: int
    updated: str | None
    rows: list[Mapping[str, Any]]


def page(answer: Answer) -> Page:
    """Return the page in `answer`.

    :raises Refused: the World Bank says that the question was wrong
    :raises Unavailable: it says that it is in trouble
    :raises Changed: the envelope is another
    """
    if answer.body.lstrip()[:1] == b"<":
        raise _from_xml(answer)
    match answer.json():
        case [{"message": [*messages]}, *_]:
            raise _error(answer, messages)
        case [{"total": 0 | "0"}, *_]:
            return Page(answer, 1, 1, 0, None, [])
        case [Mapping() as header, list() as rows] if all(isinstance(row, Mapping) for row in rows):
            return Page(
                answer,
                _count(answer, header, "page"),
                _count(answer, header, "pages"),
                _count(answer, header, "total"),
                str(header.get("lastupdated") or "") or None,
                rows,
            )
    raise Changed("expected [header, rows]", url=answer.url)


def _count(answer: Answer, header: Mapping[str, Any], name: str) -> int:
    found = str(header.get(name))
    if not re.fullmatch(r"\d{1,9}", found, re.ASCII):
        raise Changed(f"{name}: expected a number, found {found[:40]!r}", url=answer.url)
    return int(found)


def _error(answer: Answer, messages: list[Any]) -> SourceError:
    known = [message for message in messages if isinstance(message, Mapping)]
    text = "; ".join(f"{each.get('id')} {each.get('value') or each.get('key')}" for each in known)
    ids = {str(message.get("id")) for message in known}
    kind = Unavailable if ids and ids <= PASSING_TROUBLE else Refused
    return kind(text[:300] or "an error without a message", url=answer.url)


def _from_xml(answer: Answer) -> SourceError:
    messages = _XML_MESSAGE.findall(answer.text())
    if messages:
        return _error(answer, [{"id": number, "value": text} for number, text in messages])
    start = answer.text().lstrip()[:40]
    return Changed(f"expected JSON, found {start!r}", url=answer.url)
