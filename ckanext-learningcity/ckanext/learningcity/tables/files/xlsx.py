"""The sheets of an XLSX."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from . import formats
from .sheet import Sheet, attribute, ends, local, mark_template, shown_number

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True)
class _Book:
    """What the cells of all sheets refer to."""

    texts: Mapping[int, str]
    kinds: Mapping[str, str]
    from_1904: bool


def sheets(parts: Mapping[str, bytes]) -> list[Sheet]:
    """Return the sheets of a workbook from its unpacked parts.

    :raises sheet.TooLargeError: the workbook spans too many cells
    :raises xml.etree.ElementTree.ParseError: a part is not well-formed
    :raises LookupError: something refers to what the workbook does not have
    :raises defusedxml.common.DefusedXmlException: a part declares a document type or entities
    """
    targets = _targets(parts)
    book = _Book(
        _texts(_by_end(parts, "sharedstrings.xml")),
        formats.kinds(_by_end(parts, "styles.xml")),
        _from_1904(parts["xl/workbook.xml"]),
    )
    found: list[Sheet] = []
    for _, element in ends(parts["xl/workbook.xml"], "sheet"):
        relation = next((text for key, text in element.items() if key.endswith("}id")), "")
        path = targets.get(relation, "")
        if path.startswith("xl/worksheets/"):  # others hold one chart
            sheet = Sheet(element.get("name", ""), taken=found[-1].size if found else 0)
            sheet.visible = element.get("state", "visible") == "visible"
            _read(parts[path], book, sheet)
            found.append(sheet)
    for _, element in ends(parts["xl/workbook.xml"], "definedName"):
        mark_template(found, element.get("name"), element.text or "")
    return found


def _by_end(parts: Mapping[str, bytes], end: str) -> bytes:
    return next((part for name, part in parts.items() if name.lower() == f"xl/{end}"), b"<none/>")


def _targets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the path of each part that the workbook refers to, by the id of the relation."""
    targets: dict[str, str] = {}
    for _, element in ends(parts["xl/_rels/workbook.xml.rels"], "Relationship"):
        path = posixpath.normpath(posixpath.join("/xl", element.get("Target", "")))
        targets[element.get("Id", "")] = path.lstrip("/")
    return targets


def _from_1904(workbook: bytes) -> bool:
    """Return whether dates count from 1904, as on old Macs."""
    return any(
        attribute(element, "date1904") in ("1", "true")
        for _, element in ends(workbook, "workbookPr")
    )


def _texts(part: bytes) -> dict[int, str]:
    """Return the texts that cells share, by their number."""
    texts: dict[int, str] = {}
    for _, element in ends(part, "si"):
        texts[len(texts)] = _text(element)
        element.clear()
    return texts


def _text(element: Element) -> str:
    """Return the text of an element and its runs, without hints at pronunciation."""
    runs = [run for run in element if local(run.tag) == "r"]
    pieces = [piece for holder in (element, *runs) for piece in holder if local(piece.tag) == "t"]
    return "".join(piece.text or "" for piece in pieces)


def _read(part: bytes, book: _Book, sheet: Sheet) -> None:
    row = -1
    for name, element in ends(part, "row", "mergeCell", "col"):
        if name == "row":
            row = _place(f"A{element.get('r', '')}", row + 1, 0)[0]
            if element.get("hidden") in ("1", "true"):
                sheet.hidden.add(row)
            column = -1
            for cell in element:
                row, column = _place(cell.get("r"), row, column + 1)
                text = _shown(cell, book)
                if text:
                    sheet.put(row, column, text)
            element.clear()
        elif name == "col":
            if element.get("hidden") in ("1", "true"):
                sheet.hide_columns(int(element.get("min", "1")) - 1, int(element.get("max", "1")))
        else:
            first, _, last = element.get("ref", "").partition(":")
            if last:
                sheet.merged.append((*_place(first, 0, 0), *_place(last, 0, 0)))


def _shown(cell: Element, book: _Book) -> str | None:
    """Return what a cell shows; a formula that nobody calculated shows itself."""
    value = formula = None
    for child in cell:
        name = local(child.tag)
        if name == "v":
            value = child.text
        elif name == "f":
            formula = child.text or ""
        elif name == "is":
            return _text(child)
    if value is None:
        return None if formula is None else f"={formula}"
    kind = cell.get("t", "n")
    if kind == "s":
        return book.texts[int(value)]
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind == "d":
        return value.removesuffix("T00:00:00")
    return _number(value, book.kinds.get(cell.get("s", "")), book) if kind == "n" else value


def _number(value: str, kind: str | None, book: _Book) -> str:
    if kind == formats.DATE:
        return formats.shown_date(value, from_1904=book.from_1904)
    return shown_number(value, percent=kind == formats.PERCENT)


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """Return row and column of `D7`, or those given where the reference is none."""
    match = _REFERENCE.fullmatch(reference or "")
    if not match or int(match[2]) < 1:
        return row, column
    position = 0
    for letter in match[1]:
        position = position * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, position - 1
