"""The body of an answer, read within limits of size and time."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from requests import Response
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import HTTPResponse

from .errors import Changed, Refused, Truncated, Unavailable

_CHUNK = 64 * 1024
#: zlib's own number for "gzip or zlib, whichever the header says".
_EITHER = 32 + zlib.MAX_WBITS


class BodyReader:
    """Reads bodies.

    :param max_bytes: largest body in bytes, before and after decompression alike
    :param max_seconds: longest time for one body; a server that drips a byte now and then keeps
        every single read short and would hold the job for days
    :param clock: gives seconds, only differences count
    """

    def __init__(self, max_bytes: int, max_seconds: float, clock: Callable[[], float]) -> None:
        self.max_bytes = max_bytes
        self.max_seconds = max_seconds
        self.clock = clock

    def read(self, response: Response) -> bytes:
        """Return the decompressed body of a streamed `response`.

        :raises Refused: it is larger than `max_bytes`
        :raises Truncated: it ends before its announced length or inside the compression
        :raises Unavailable: it takes longer than `max_seconds`
        :raises Changed: its compression is unknown or damaged
        """
        try:
            body = self._wire(response)
        except ReadTimeoutError:
            raise Unavailable("the answer stopped in the middle") from None
        except (HTTPError, OSError):
            raise Truncated("the connection broke off") from None
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding in ("", "identity"):
            return body
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise Changed(f"unknown compression {encoding[:40]!r}")
        return self._decompress(body)

    def _wire(self, response: Response) -> bytes:
        announced = response.headers.get("Content-Length", "")
        length = int(announced) if re.fullmatch(r"\d{1,15}", announced, re.ASCII) else None
        self._check_size(length or 0)
        raw: HTTPResponse = response.raw
        deadline = self.clock() + self.max_seconds
        body = bytearray()
        # read1 returns what has arrived; read would wait for a whole chunk and miss the deadline
        while chunk := raw.read1(_CHUNK, decode_content=False):
            body += chunk
            self._check_size(len(body))
            if self.clock() > deadline:
                raise Unavailable(f"the answer took longer than {self.max_seconds:g} seconds")
        if length is not None and len(body) < length:
            raise Truncated(f"{length} bytes announced, {len(body)} came")
        return bytes(body)

    def _decompress(self, body: bytes) -> bytes:
        inflater = zlib.decompressobj(_EITHER)
        try:
            plain = inflater.decompress(body, self.max_bytes + 1)
        except zlib.error as error:
            raise Changed(f"damaged compression: {error}") from None
        self._check_size(len(plain))
        if not inflater.eof:
            raise Truncated("the answer ends inside its compression")
        if inflater.unused_data:
            raise Changed("the answer goes on after the end of its compression")
        return plain

    def _check_size(self, size: int) -> None:
        if size > self.max_bytes:
            raise Refused(f"the answer is larger than {self.max_bytes} bytes")
