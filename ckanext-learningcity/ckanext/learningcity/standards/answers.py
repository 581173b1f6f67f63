"""Answers with files: cached, resumed and compressed as HTTP has it (RFC 9110, 9111, 9530)."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from werkzeug.datastructures import Headers

_LEVEL = 4  # of gzip: half a CSV's time at the usual 6, a few per cent more bytes

#: Until when a copy of what never changes is used unasked. Not longer: a release may be withdrawn.
_LASTING = "max-age=86400, immutable"

_READABLE = "ETag, Link, Repr-Digest, Content-Disposition, Content-Range, Accept-Ranges"


@dataclass(frozen=True)
class Kind:
    """A kind of file; `text` compresses well."""

    mimetype: str
    text: bool = False


KINDS = {
    "csv": Kind("text/csv; charset=utf-8", text=True),
    "json": Kind("application/json", text=True),
    "parquet": Kind("application/vnd.apache.parquet"),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": Kind("application/zip"),
    "bib": Kind("application/x-bibtex; charset=utf-8", text=True),
    "ris": Kind("application/x-research-info-systems; charset=utf-8", text=True),
    "cff": Kind("application/yaml; charset=utf-8", text=True),
}


@dataclass(frozen=True)
class File:
    """A file to answer with.

    `tag` differs whenever its bytes do. `content` gives its chunks and, if known, their bytes in
    all; it is not called where no bytes are asked for. A file that `lasts` never changes and has
    its `size`, its `sha256` and `part`, which gives the chunks of a length from a start.
    """

    kind: str
    name: str
    tag: str
    public: bool
    content: Callable[[], tuple[Iterable[bytes], int | None]]
    modified: datetime | None = None
    links: Sequence[tuple[str, str]] = ()
    lasts: bool = False
    size: int | None = None
    sha256: str | None = None
    part: Callable[[int, int], Iterable[bytes]] | None = None


class _Answer(Response):
    """An answer that says itself who may keep it; CKAN writes its own word over that of others."""

    keep = "private"

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["Cache-Control"] = self.keep
        return headers


def send(file: File) -> Response:
    """Return the answer to this request for `file`: all of it, a part, or that it is unchanged."""
    packed = KINDS[file.kind].text and request.accept_encodings["gzip"] > 0 and not request.range
    tag = f"{file.tag}-gzip" if packed else file.tag
    answer = _Answer(content_type=KINDS[file.kind].mimetype)
    _describe(answer, file, tag)
    if _unchanged(file, tag):
        answer.status_code = 304
        del answer.headers["Content-Type"]
        return answer
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    else:
        _declare(answer, file)
    span = None if packed else _span(file)
    if span:
        _send_part(answer, file, span)
    else:
        _send_whole(answer, file, packed=packed)
    return answer


def refuse(status: int, errors: dict[str, Any], kind: str) -> Response:
    """Return a refusal that programs and people can read: JSON for `.json`, else lines of text.

    :param errors: messages by parameter, or one under `message`
    """
    if kind == "json":
        answer = jsonify({"success": False, "error": errors})
        answer.status_code = status
        return answer
    lines = [
        text if name == "message" else f"{name}: {text}"
        for name, messages in errors.items()
        for text in ([messages] if isinstance(messages, str) else messages)
    ]
    return Response("\n".join(lines) + "\n", status, mimetype="text/plain")


def gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `chunks` as gzip; the first is sent at once, so that a reader sees an answer."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, wbits=31)
    started = False
    for chunk in chunks:
        packed = packer.compress(chunk)
        if not started:
            packed += packer.flush(zlib.Z_SYNC_FLUSH)
            started = True
        if packed:
            yield packed
    yield packer.flush()


def _describe(answer: _Answer, file: File, tag: str) -> None:
    """Set what an unchanged file's answer carries too."""
    answer.set_etag(tag)
    answer.last_modified = file.modified
    answer.vary.add("Accept-Encoding")
    if file.public:
        answer.keep = f"public, {_LASTING if file.lasts else 'no-cache'}"
    else:
        answer.keep = "private, no-cache"
    if not file.lasts:  # the same address gives a member of an organization more
        answer.vary.update(("Cookie", "Authorization"))
    for address, relation in file.links:
        answer.headers.add("Link", f'<{address}>; rel="{relation}"')
    if request.headers.get("Origin"):
        answer.headers["Access-Control-Expose-Headers"] = _READABLE


def _declare(answer: _Answer, file: File) -> None:
    """Set what describes the bytes."""
    answer.headers["Content-Disposition"] = f"attachment; filename={file.name}"
    answer.headers["Accept-Ranges"] = "bytes" if file.part else "none"
    if file.sha256:
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        answer.headers["Repr-Digest"] = f"sha-256=:{digest}:"


def _unchanged(file: File, tag: str) -> bool:
    if request.if_none_match:
        return request.if_none_match.contains_weak(tag)
    # Who may read what can change what a slice holds without any release.
    since = request.if_modified_since
    return bool(file.lasts and file.modified and since) and _second(file.modified) <= since  # pyright: ignore[reportOperatorIssue]


def _span(file: File) -> tuple[int, int] | str | None:
    """Return the first byte wanted and that after the last, None for all, or why not."""
    wanted = request.range
    if not (file.part and file.size and wanted and wanted.units == "bytes"):
        return None
    if len(wanted.ranges) != 1:  # several parts at once are asked for by no program that matters
        return None
    condition = request.if_range
    if condition.etag not in (None, file.tag):
        return None
    if condition.date and file.modified and condition.date != _second(file.modified):
        return None
    return wanted.range_for_length(file.size) or "unsatisfiable"


def _send_whole(answer: _Answer, file: File, *, packed: bool) -> None:
    size = file.size
    if request.method != "HEAD":
        chunks, size = file.content()
        answer.response = gzipped(chunks) if packed else chunks
    if size is not None and not packed:
        answer.content_length = size


def _send_part(answer: _Answer, file: File, span: tuple[int, int] | str) -> None:
    if isinstance(span, str):
        answer.status_code = 416
        answer.headers["Content-Range"] = f"bytes */{file.size}"
        return
    start, end = span
    answer.status_code = 206
    answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    answer.content_length = end - start
    if request.method != "HEAD" and file.part:
        answer.response = file.part(start, end - start)


def _second(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(microsecond=0)
