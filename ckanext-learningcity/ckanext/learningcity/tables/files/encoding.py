"""The encoding of a text file, told from its bytes."""

from __future__ import annotations

import codecs
import re

from ..report import Issue, Report

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_THAI_NAME = "Windows-874 (TIS-620)"
_BROKEN_UTF8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LONE_MARK = re.compile("(?:^|[^\u0e01-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


def decoded(content: bytes, report: Report) -> str | None:
    """Return the text of `content`, or None where its encoding cannot be told.

    Strict UTF-8 wins, since hardly any other text happens to be valid in it; then UTF-16, then the
    Thai encoding of Windows, also where a single word is Thai.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding, report)
    if b"\0" in content[:4096]:
        encoding = _wide_encoding(content)
        if encoding:
            return _strict(content, encoding, report)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _thai(content, error.start, report)


def _strict(content: bytes, encoding: str, report: Report) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count("\n".encode(encoding), 0, error.start) + 1
        report.add([Issue("file_encoding", row, found=encoding.upper())])
        return None


def _wide_encoding(content: bytes) -> str | None:
    """Return the UTF-16 that `content` is in, which its zero bytes betray."""
    even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
    if len(content) % 2 or not even + odd or min(even, odd):
        return None
    return "utf-16-be" if even else "utf-16-le"


def _thai(content: bytes, start: int, report: Report) -> str | None:
    """Return the text in cp874, which has TIS-620 in it, unless it cannot be that.

    Broken UTF-8 and Western text decode to Thai letters too. The first still shows its sequences of
    three bytes, the second puts vowel marks where Thai never has them.
    """
    high = len(_HIGH.findall(content))
    broken = 3 * len(_BROKEN_UTF8.findall(content)) > high / 2
    try:
        text = None if broken else content.decode("cp874")
    except UnicodeDecodeError as error:
        start, text = error.start, None
    if text is None or _LONE_MARK.search(text):
        report.add([Issue("file_encoding", content.count(b"\n", 0, start) + 1)])
        return None
    report.add([Issue("file_read_as", found=_THAI_NAME)])
    return text
