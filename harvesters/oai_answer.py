"""The envelope of OAI-PMH 2.0: errors come inside XML with status 200.

Source: https://www.openarchives.org/OAI/2.0/openarchivesprotocol.htm
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Only the type and the writer; what came from outside is parsed by defusedxml.
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .base import Answer
from .errors import Changed, Empty, Refused, SourceError, Truncated

OAI = "{http://www.openarchives.org/OAI/2.0/}"

#: Characters that XML forbids and repositories copy out of PDF files.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class BadToken(Truncated):
    """The repository does not know its resumption token any more: only a new listing helps."""


@dataclass(frozen=True)
class Page:
    """One page of a listing; `token` is empty on the last."""

    answer: Answer
    records: list[Element]
    token: str


def content(answer: Answer, verb: str) -> Element:
    """Return what `verb` was answered with.

    :raises Empty: no record matches
    :raises BadToken: the token has expired
    :raises Refused: the repository says that the question was wrong
    :raises Changed: it is no OAI-PMH
    """
    root = parsed(answer)
    if root.tag != f"{OAI}OAI-PMH":
        raise Changed(f"expected OAI-PMH, found {root.tag[:80]!r}", url=answer.url)
    errors = root.findall(f"{OAI}error")
    if errors:
        raise _error(answer, errors)
    found = root.find(f"{OAI}{verb}")
    if found is None:
        raise Changed(f"expected {verb}", url=answer.url)
    return found


def page(answer: Answer) -> Page:
    """Return a page of records."""
    listed = content(answer, "ListRecords")
    records = listed.findall(f"{OAI}record")
    if not records:
        raise Changed("a listing without records", url=answer.url)
    return Page(answer, records, text(listed, "resumptionToken"))


def text(element: Element, name: str) -> str:
    """Return the text of a child, empty where it has none."""
    return (element.findtext(f"{OAI}{name}") or "").strip()


def parsed(answer: Answer) -> Element:
    """Return the XML in `answer`.

    :raises Changed: it is none, or declares entities or a document type
    """
    try:
        return fromstring(_FORBIDDEN.sub(" ", answer.text()), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Changed(f"expected XML: {str(error)[:120]}", url=answer.url) from None


def packed(element: Element) -> bytes:
    """Return `element` as bytes that `parsed` reads."""
    return tostring(element, encoding="utf-8")


def _error(answer: Answer, errors: list[Element]) -> SourceError:
    codes = {error.get("code", "") for error in errors}
    said = "; ".join(f"{each.get('code')}: {(each.text or '').strip()}" for each in errors)[:300]
    kinds: dict[str, Any] = {"noRecordsMatch": Empty, "badResumptionToken": BadToken}
    kind = kinds.get(codes.pop(), Refused) if len(codes) == 1 else Refused
    return kind(said, url=answer.url)
