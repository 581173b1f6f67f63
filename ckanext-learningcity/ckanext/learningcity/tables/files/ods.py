"""The sheets of an ODS."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from ..layout import TEMPLATE
from .sheet import (
    Sheet,
    attribute,
    ends,
    local,
    mark_template,
    shown_number,
    starts_and_ends,
)

#: Spans within spans; no program nests them deeper.
_DEEPEST = 20

_CONCEALED = ("collapse", "filter")

_CELLS = ("table-cell", "covered-table-cell")


def sheets(parts: Mapping[str, bytes]) -> list[Sheet]:
    """Return the sheets of a workbook from its unpacked parts.

    :raises sheet.TooLargeError: the workbook spans too many cells
    :raises xml.etree.ElementTree.ParseError: the content is not well-formed
    :raises LookupError: it names an encoding that does not exist
    :raises defusedxml.common.DefusedXmlException: it declares a document type or entities
    """
    concealing = _concealing(parts["content.xml"])
    found: list[Sheet] = []
    row = column = 0
    content = parts["content.xml"]
    for name, element in starts_and_ends(content, "table", "table-column", "table-row"):
        if name == "table":
            taken = found[-1].size if found else 0
            sheet = Sheet(attribute(element, "name") or "", taken)
            sheet.visible = attribute(element, "style-name") not in concealing
            found.append(sheet)
            row = column = 0
        elif found and name == "table-column":
            columns = _count(element, "number-columns-repeated")
            if attribute(element, "visibility") in _CONCEALED:
                found[-1].hide_columns(column, column + columns)
            column += columns
        elif found:
            row = _read(element, row, found[-1])
            element.clear()
    if TEMPLATE.encode() in parts["content.xml"]:  # else it need not be read once more
        for _, element in ends(parts["content.xml"], "named-range"):
            target = attribute(element, "cell-range-address") or ""
            mark_template(found, attribute(element, "name"), target)
    return found


def _concealing(part: bytes) -> set[str | None]:
    """Return the names of the styles that hide a sheet; they stand before the sheets."""
    names: set[str | None] = set()
    for name, element in ends(part, "style", "automatic-styles"):
        if name == "automatic-styles":
            break
        if any(attribute(properties, "display") == "false" for properties in element):
            names.add(attribute(element, "name"))
    return names


def _read(element: Element, row: int, sheet: Sheet) -> int:
    """Take in one row, which may stand for many; return the number of the next."""
    rows, column, filled = _count(element, "number-rows-repeated"), 0, False
    for cell in element:
        if local(cell.tag) not in _CELLS:
            continue
        columns = _count(cell, "number-columns-repeated")
        text = _shown(cell)
        if text:
            sheet.put(row, column, text, rows=rows, columns=columns)
            filled = True
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            sheet.merged.append((row, column, row + down - 1, column + across - 1))
        column += columns
    if filled and attribute(element, "visibility") in _CONCEALED:
        sheet.hidden.update(range(row, row + rows))
    return row + rows


def _shown(cell: Element) -> str | None:
    """Return what a cell shows; a formula that nobody calculated shows itself."""
    kind, formula = attribute(cell, "value-type"), attribute(cell, "formula")
    text = "\n".join(_text(child) for child in cell if local(child.tag) == "p")
    if formula and text.startswith(("#", "Err:")):
        return text
    if formula and kind is None and not text:
        return f"={formula.partition('=')[2]}"
    value = attribute(cell, "value")
    if kind in ("float", "currency", "percentage") and value:
        return shown_number(value, percent=kind == "percentage")
    if kind == "boolean":
        return (attribute(cell, "boolean-value") or text).upper()
    if kind == "date":
        return (attribute(cell, "date-value") or text).removesuffix("T00:00:00")
    return text or attribute(cell, "string-value")


def _text(element: Element, depth: int = 0) -> str:
    """Return the text of a paragraph with its spans; runs of spaces are elements of their own."""
    name = local(element.tag)
    if name == "s":
        return " " * min(_count(element, "c"), 100)
    if name in ("tab", "line-break"):
        return "\n" if name == "line-break" else "\t"
    if name in ("note", "annotation") or depth > _DEEPEST:
        return ""
    inner = "".join(_text(child, depth + 1) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def _count(element: Element, name: str) -> int:
    count = attribute(element, name) or "1"
    return max(int(count), 1) if count.isascii() and count.isdigit() and len(count) < 9 else 1
