"""The archive that a workbook is, opened so that no byte of it can do harm.

Only the parts that carry tables are unpacked, into memory, each within limits that hold while it
unpacks and not by what the archive says of itself: nested archives, paths that climb and false
sizes end here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..report import Issue, Report

#: What a workbook may be unpacked; a million cells are a fifth of it.
MOST_BYTES_UNPACKED = 256 * 1024**2

#: How much smaller an archive makes a part that a person filled; ten million zeros do far better.
MOST_RATIO = 200
_RATIO_COUNTS_FROM = 4 * 1024**2

#: A workbook with many charts has some hundreds of parts.
MOST_PARTS = 5000

_KINDS = {"xl/workbook.xml": "XLSX", "content.xml": "ODS"}
_OTHERS = {"word/document.xml": "DOCX", "ppt/presentation.xml": "PPTX", "xl/workbook.bin": "XLSB"}
_WANTED = {
    "XLSX": re.compile(
        r"xl/(?:workbook\.xml|_rels/workbook\.xml\.rels|(?i:sharedstrings|styles)\.xml|worksheets/[^/]+\.xml)"
    ),
    "ODS": re.compile(r"content\.xml|META-INF/manifest\.xml"),
}
_SHEETS_OF_ODS = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Archive:
    """The parts of a workbook that carry tables: `kind` is `XLSX` or `ODS`."""

    kind: str
    parts: dict[str, bytes]


def opened(content: bytes, report: Report) -> Archive | None:
    """Return the parts of the workbook in `content`, or None with the fault in `report`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked(archive, report)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as error:
        report.add([Issue("file_damaged", found=_reason(error))])
    except RuntimeError:  # how zipfile says that a part is encrypted
        report.add([Issue("file_encrypted")])
    return None


def _checked(archive: zipfile.ZipFile, report: Report) -> Archive | None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MOST_PARTS or len(set(names)) < len(names):
        report.add([Issue("file_unsafe", found=f"ZIP: {len(infos)}")])
        return None
    kind = next((kind for name, kind in _KINDS.items() if name in names), None)
    if kind == "ODS" and _first_bytes(archive, "mimetype") != _SHEETS_OF_ODS.encode():
        kind = None
    if kind is None:
        other = next((other for name, other in _OTHERS.items() if name in names), "ZIP")
        report.add([Issue("file_kind", found=other, expected="CSV, TSV, XLSX, ODS")])
        return None
    wanted = [info for info in infos if _WANTED[kind].fullmatch(info.filename)]
    parts = _unpacked(archive, wanted, report)
    if parts is None:
        return None
    if kind == "ODS" and b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        report.add([Issue("file_encrypted")])
        return None
    return Archive(kind, parts)


def _unpacked(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], report: Report
) -> dict[str, bytes] | None:
    """Return the parts by name, or None as soon as they are larger than a workbook is."""
    parts: dict[str, bytes] = {}
    left = MOST_BYTES_UNPACKED
    for info in infos:
        pieces: list[bytes] = []
        for piece in _pieces(archive, info):
            pieces.append(piece)
            left -= len(piece)
            if left < 0:
                limit = f"{MOST_BYTES_UNPACKED // 1024**2} MB"
                report.add([Issue("file_too_large", found=f"> {limit}", expected=limit)])
                return None
        part = b"".join(pieces)
        ratio = len(part) // max(info.compress_size, 1)
        if len(part) > _RATIO_COUNTS_FROM and ratio > MOST_RATIO:
            report.add([Issue("file_unsafe", found=f"ZIP {ratio}:1")])
            return None
        parts[info.filename] = part
    return parts


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as part:
        while piece := part.read(1024**2):
            yield piece


def _first_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(100).strip()


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:100]
