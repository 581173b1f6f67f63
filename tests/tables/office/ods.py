"""A small writer of ODS, as LibreOffice lays the file out, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MOMENT = (2026, 1, 1, 0, 0, 0)


class Percent(str):
    """A number with a format of percentages, as it is shown: `93%`."""


def cell(value: object = None, **attributes: object) -> str:
    """Return one cell: text, number, date or nothing; attributes such as `repeated=3`."""
    given = {
        "repeated": "table:number-columns-repeated",
        "across": "table:number-columns-spanned",
        "down": "table:number-rows-spanned",
        "formula": "table:formula",
    }
    extra = "".join(f" {given[name]}={quoteattr(str(text))}" for name, text in attributes.items())
    if value is None:
        return f"<table:table-cell{extra}/>"
    if isinstance(value, Percent):
        number = float(value.rstrip("%")) / 100
        kind = f'office:value-type="percentage" office:value="{number!r}"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value!r}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    lines = str(value).split("\n")
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return f"<table:table-cell {kind}{extra}>{text}</table:table-cell>"


def covered(count: int = 1) -> str:
    """Return the cells that a merged one lies over."""
    return f'<table:covered-table-cell table:number-columns-repeated="{count}"/>'


def row(cells: Iterable[str], *, hidden: bool = False, repeated: int = 1) -> str:
    """Return one row of cells."""
    extra = ' table:visibility="filter"' if hidden else ""
    extra += f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{extra}>{''.join(cells)}</table:table-row>"


def content(sheets: dict[str, list[str]]) -> str:
    """Return `content.xml` with the rows of each sheet."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(rows)}</table:table>"
        for name, rows in sheets.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} '
        f'office:version="1.3"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def packed(xml: str) -> bytes:
    """Return the file around `content.xml`."""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _MOMENT), _TYPE)
        for name, text in (("content.xml", xml), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Return an ODS with the values of each sheet."""
    return packed(
        content(
            {name: [row(map(cell, values)) for values in rows] for name, rows in sheets.items()}
        )
    )
