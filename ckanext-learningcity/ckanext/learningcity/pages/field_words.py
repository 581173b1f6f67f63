"""Forms drawn by CKAN's macros: the fault and the help beside a field are said to belong to it.

The macros print both as text near the field, which shows to the eye alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html
from lxml.etree import _Element as Element
from markupsafe import Markup, escape

_FIELDS = ".//*[self::input[not(@type='hidden')] or self::select or self::textarea]"
_OF_CLASS = "descendant-or-self::*[contains(concat(' ', @class, ' '), ' {} ')]"
_GROUP = "ancestor::*[@role='group'][1]"


def learningcity_described(form: Markup) -> Markup:
    """Return a form in which each field names its fault and its help (`aria-describedby`)."""
    root = html.fragment_fromstring(str(form), create_parent=True)
    for block in _blocks(root):
        fields = block.xpath(_FIELDS)
        if fields:
            _describe(block, fields)
    parts = [escape(root.text or ""), *(html.tostring(child, encoding="unicode") for child in root)]
    return Markup("".join(parts))  # noqa: S704 - what was markup, parsed and written again


def _blocks(root: Element) -> Iterator[Element]:
    """Yield what belongs to one field: a block of the macros, or a group of them."""
    seen: set[Element] = set()
    for block in root.xpath(_OF_CLASS.format("form-group")):
        whole = next(iter(block.xpath(_GROUP)), block)
        if whole not in seen:
            seen.add(whole)
            yield whole


def _describe(block: Element, fields: list[Element]) -> None:
    key = fields[0].get("id") or fields[0].get("name")
    faults = block.xpath(_OF_CLASS.format("error-block"))
    told = [_named(text, f"{key}-fault") for text in faults[:1]]
    told += [_named(text, f"{key}-help") for text in _helps(block)]
    boxes = block.xpath(".//fieldset")
    if boxes:
        _name_boxes(block, boxes[0], f"{key}-label")
    for field in fields:
        if faults:
            field.set("aria-invalid", "true")
    for field in boxes or fields:
        if told:
            field.set("aria-describedby", " ".join(told))


def _helps(block: Element) -> list[Element]:
    """Return the help in a block, or the one that stands right behind it."""
    after = block.getnext()
    behind = [] if after is None or "info-block" not in after.get("class", "") else [after]
    return [*block.xpath(_OF_CLASS.format("info-block")), *behind][:1]


def _named(text: Element, name: str) -> str:
    text.set("id", text.get("id") or name)
    return text.get("id")


def _name_boxes(block: Element, boxes: Element, name: str) -> None:
    """Let the label of several boxes to tick be that of their set: it belongs to no single one."""
    for label in block.xpath(".//label[@for='']"):
        del label.attrib["for"]
        boxes.set("aria-labelledby", _named(label, name))
