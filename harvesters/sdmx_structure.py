"""The structures that SDMX services describe their data with, in SDMX-ML 2.1 and 3.0.

Elements are known by their local names, which both versions share.

Source: https://github.com/sdmx-twg/sdmx-ml
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from .base import Answer, Text
from .errors import Changed

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DIMENSIONS = ("Dimension", "MeasureDimension")


@dataclass(frozen=True)
class Dataflow:
    """A flow of data of one structure; texts are by language, as far as the service has them."""

    id: str
    version: str
    name: Text
    description: Text


def dataflows(answer: Answer) -> Iterator[Dataflow]:
    """Yield the dataflows that `answer` lists, as they come.

    :raises Changed: it is no SDMX-ML structure message
    """
    for element in elements(answer, "Structure"):
        if local(element) == "Dataflow":
            yield Dataflow(
                element.get("id", ""),
                element.get("version", "1.0"),
                _texts(element, "Name"),
                _texts(element, "Description"),
            )
            element.clear()


def dimensions(answer: Answer) -> list[str]:
    """Return the ids of the dimensions in the order in which a key has them, without time.

    :raises Changed: `answer` does not describe a data structure
    """
    found: list[tuple[int, str]] = []
    for element in elements(answer, "Structure"):
        if local(element) != "DimensionList":
            continue
        for each in element:
            if local(each) in _DIMENSIONS:
                position = each.get("position", "")
                known = re.fullmatch(r"\d{1,4}", position, re.ASCII)
                found.append((int(position) if known else len(found), _component(each)))
    if not found or not all(name for _, name in found):
        raise Changed("expected a data structure with dimensions", url=answer.url)
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]


def elements(answer: Answer, root: str) -> Iterator[Element]:
    """Yield every element of an SDMX-ML message when its end has come.

    :param root: how the local name of the outermost element must end
    :raises Changed: `answer` is no such message, or no XML, or XML that may do harm
    """
    outermost = ""
    try:
        for event, element in iterparse(io.BytesIO(answer.body), events=("start", "end")):
            if not outermost:
                outermost = local(element)
                if not outermost.endswith(root):
                    raise Changed(f"expected SDMX-ML, found <{outermost[:40]}>", url=answer.url)
            if event == "end":
                yield element
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        start = answer.body[:40].decode("ascii", "replace")
        raise Changed(f"expected SDMX-ML, found: {start!r}", url=answer.url) from None


def local(element: Element) -> str:
    """Return the name of `element` without its namespace."""
    return element.tag.rpartition("}")[2]


def _component(element: Element) -> str:
    """Return the id of a dimension; older structures give only its concept's."""
    if element.get("id"):
        return element.get("id", "")
    concepts = [each for each in element.iter() if local(each) == "Ref"]
    return concepts[0].get("id", "") if concepts else ""


def _texts(element: Element, name: str) -> dict[str, str]:
    found = [each for each in element if local(each) == name]
    texts = {each.get(_LANGUAGE, "en"): " ".join((each.text or "").split()) for each in found}
    return {language: text for language, text in texts.items() if text}
