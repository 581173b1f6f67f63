"""Observations as a ZIP that explains itself, made while it is sent."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk

from .about import About
from .citations import bibtex, cff, ris
from .dictionary import Codes, as_csv
from .packages import datapackage

OLDEST = datetime(1980, 1, 1, tzinfo=timezone.utc)  # a ZIP knows no earlier day
_FILE_MODE = 0o644 << 16

Chunks = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Member:
    """A file in the archive.

    `packed` is False for what is compressed already. `large` makes room for more than 2 GB, which
    some old programs cannot unpack.
    """

    name: str
    chunks: Chunks
    packed: bool = True
    large: bool = False


class _Outbox(io.RawIOBase):
    """Takes what `zipfile` writes until it is sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        parts, self._parts = b"".join(self._parts), []
        return parts


def members(about: About, data: Iterable[Member], codes: Codes) -> Iterator[Member]:
    """Yield the files of an archive: the data among what explains it.

    Whatever needs CKAN is done before the first is yielded: an archive is sent when the request is
    over.

    :param codes: has seen every code of the data when the data have been sent
    """
    texts = explanations(about)
    return _members(texts, data, about.columns, codes)


def explanations(about: About) -> dict[str, str]:
    """Return what explains the data, by the names of the files."""
    shown = {"about": about}
    return {
        "README.md": tk.render("learningcity/download/README.md", shown),
        "LICENCE.txt": tk.render("learningcity/download/LICENCE.txt", shown),
        "citation.bib": "\n".join(map(bibtex, about.citations)),
        "citation.ris": "\r\n".join(map(ris, about.citations)),
        **({"CITATION.cff": cff(about.citations[0])} if len(about.citations) == 1 else {}),
        "metadata.json": _json(about.metadata()),
        "datapackage.json": _json(datapackage(about)),
    }


def stream(files: Iterable[Member], moment: datetime | None) -> Iterator[bytes]:
    """Yield an archive of `files` and their checksums; the same input makes the same bytes.

    :param moment: the time of every file, in UTC
    """
    outbox = _Outbox()
    digests: list[str] = []
    date = max(moment or OLDEST, OLDEST).timetuple()[:6]
    with zipfile.ZipFile(outbox, "w") as archive:
        for file in files:
            digest = hashlib.sha256()
            info = _entry(file.name, date, packed=file.packed)
            with archive.open(info, "w", force_zip64=file.large) as entry:
                for chunk in file.chunks():
                    digest.update(chunk)
                    entry.write(chunk)
                    if part := outbox.take():
                        yield part
            digests.append(f"{digest.hexdigest()}  {file.name}\n")
        archive.writestr(_entry("SHA256SUMS", date), "".join(digests))
    yield outbox.take()


def _members(
    texts: dict[str, str], data: Iterable[Member], columns: tuple[str, ...], codes: Codes
) -> Iterator[Member]:
    for name, text in texts.items():
        yield Member(name, lambda text=text: [text.encode()])
    yield from data
    yield Member("dictionary.csv", lambda: [as_csv(codes.rows(columns)).encode("utf-8-sig")])


def _entry(name: str, date: tuple[int, ...], *, packed: bool = True) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date)  # pyright: ignore[reportArgumentType]
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = _FILE_MODE
    entry.create_system = 3  # Unix, on every machine
    return entry


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
