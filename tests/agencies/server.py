"""A small HTTP server that plays an agency, with faults on demand.

    with AgencyServer() as server:
        server.add("/data", Reply(b"[1]"), Reply(status=503))

Each path has a queue of replies; the last one is repeated. What was asked is in `server.requests`.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

#: How the body of a reply goes wrong.
FAULTS = ("reset", "short", "drip")


@dataclass(frozen=True)
class Reply:
    """One answer.

    `fault`: `reset` cuts the connection in mid-body, `short` sends half of the announced length,
    `drip` sends byte by byte and never ends, until the client leaves.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True)
class Request:
    """What a client asked; `query` has the last value of each parameter, `address` all of them."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    method: str = "GET"
    address: str = ""


#: Makes a faulty answer of a good one.
Distortion = Callable[[Reply], Reply]


def compressed(reply: Reply) -> Reply:
    """Return `reply` with a gzip body."""
    headers = {**reply.headers, "Content-Encoding": "gzip"}
    return Reply(gzip.compress(reply.body), reply.status, reply.content_type, headers, reply.fault)


def gzip_bomb(megabytes: int) -> Reply:
    """Return a small reply that swells to `megabytes`."""
    return compressed(Reply(b"0" * (megabytes * 1024 * 1024)))


def redirect(target: str, status: int = 302) -> Reply:
    """Return a redirect to `target`."""
    return Reply(status=status, headers={"Location": target})


class AgencyServer:
    """Serves on a free port of 127.0.0.1 while the context lasts."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._first: list[Reply | Distortion] = []
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """`127.0.0.1:port`, as `Session(allow_hosts=…)` takes it."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://{self.host}"

    def add(self, path: str, *replies: Reply) -> None:
        """Queue `replies` for `path`."""
        self._replies[path].extend(replies)

    def first(self, *replies: Reply | Distortion, after: int = 0) -> None:
        """Answer the next GETs with `replies`, whatever they ask; `after` pass undisturbed.

        A distortion is given what would have been answered.
        """
        self._first = [_undisturbed] * after + list(replies)

    def respond(self, request: Request) -> Reply:
        """Return the answer to `request`; protocols override this."""
        queue = self._replies.get(request.path)
        if not queue:
            return Reply(b"no such page", 404, "text/plain")
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def answer(self, request: Request) -> Reply:
        """Take note of `request` and return what is sent; a question for a mark meets no fault."""
        self.requests.append(request)
        if request.method == "HEAD":
            return self.respond(request)
        reply = self._first.pop(0) if self._first else _undisturbed
        return reply if isinstance(reply, Reply) else reply(self.respond(request))


def _undisturbed(reply: Reply) -> Reply:
    return reply


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, agency: AgencyServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.agency = agency


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Request(parts.path, query, dict(self.headers), self.command, self.path)
        reply = self.server.agency.answer(asked)
        with contextlib.suppress(ConnectionError):
            self._send(reply)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.fault:
            self.close_connection = True
        if reply.fault == "drip":
            self.end_headers()
            self._drip()
            return
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        half = len(reply.body) // 2
        self.wfile.write(reply.body[:half] if reply.fault else reply.body)
        if reply.fault == "reset":
            self._reset()

    def _drip(self) -> None:
        while not self.server.agency.closing.wait(0.01):
            self.wfile.write(b" ")

    def _reset(self) -> None:
        """Close with RST, which a client cannot take for an orderly end."""
        self.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""
