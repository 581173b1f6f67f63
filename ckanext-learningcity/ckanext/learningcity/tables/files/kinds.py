"""The kind of a file, told from its bytes and never from its name."""

from __future__ import annotations

#: What the portal reads, as a message names it.
READ = "CSV, TSV, XLSX, ODS"

_SIGNATURES: dict[bytes, str] = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"RIFF": "RIFF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "GZIP",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
    b"{\\rtf": "RTF",
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP: dict[bytes, str] = {
    b"<!doctype html": "HTML",
    b"<html": "HTML",
    b"<table": "HTML",
    b"<?xml": "XML",
}


def is_zip(content: bytes) -> bool:
    """Return whether `content` is an archive, as XLSX and ODS are."""
    return content.startswith(_ZIP)


def is_encrypted(content: bytes) -> bool:
    """Return whether `content` is a workbook of Microsoft Office behind a password."""
    return content.startswith(_OLE) and _ENCRYPTED in content


def refused(content: bytes) -> str | None:
    """Return the name of the kind of `content` where it is known and not read."""
    if content.startswith(_OLE):
        return "XLS/DOC (Microsoft Office 97–2003)"
    for signature, kind in _SIGNATURES.items():
        # Two letters are a signature only where bytes follow that no text has.
        if content.startswith(signature) and (len(signature) > 2 or b"\0" in content[:64]):
            return kind
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, kind in _MARKUP.items():
        if head.startswith(start):
            return kind
    return None
