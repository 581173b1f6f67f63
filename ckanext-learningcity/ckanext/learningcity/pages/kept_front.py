"""Answers strangers with kept pages before CKAN has begun with a request.

It stands in front of the whole application. Where it cannot be sure that a stranger asks (a cookie
of a session, a token, a plugin that knows readers by something else) it passes the request on.
"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
from ckan.common import config
from ckan.lib.redis import connect_to_redis
from redis import RedisError
from werkzeug.datastructures import Headers
from werkzeug.http import parse_accept_header, parse_etags

from .fragments import day_and_version, last_mark, must_ask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

ASKED = "learningcity.asked"  # what was asked, before CKAN took the language off the path
KEEP = "learningcity.keep_as"  # set by kept_pages: the answer is the same for every stranger
ERA_COOKIE = "learningcity_era"

_LONGEST_QUERY = 200  # addresses that nobody asks for twice shall not fill Redis
_OF_ONE_ANSWER = ("content-length", "content-encoding", "date", "set-cookie", "etag")


@dataclass
class Kept:
    """A page as it is kept: the head of the answer, and its body compressed."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def dump(self) -> bytes:
        """Return what Redis keeps."""
        return json.dumps(self.headers).encode() + b"\n" + self.body

    @classmethod
    def load(cls, kept: bytes) -> Kept:
        """Return what `dump` made."""
        head, _, body = kept.partition(b"\n")
        return cls([(name, value) for name, value in json.loads(head)], body)


def kept_key(asked: str, mark: str) -> str:
    """Return the key of a page as it is in a public state."""
    parts = (asked, *day_and_version(), mark)
    return f"learningcity:page/{sha256('|'.join(parts).encode()).hexdigest()}"


def find(key: str) -> Kept | None:
    """Return a kept page, if there is one and Redis answers."""
    try:
        found = connect_to_redis().get(key)
    except RedisError as error:
        log.warning("Pages are rendered anew each time: Redis does not answer (%s)", error)
        return None
    return Kept.load(found) if isinstance(found, bytes) else None


class KeptFront:
    """A WSGI application in front of CKAN's."""

    def __init__(self, application: WSGIApplication) -> None:
        """Remember whom to pass requests on to."""
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from Redis, or pass on and keep what may be kept."""
        if not _may_be_asked(environ):
            return self._application(environ, start_response)
        environ[ASKED] = asked = _asked(environ)
        mark = last_mark()
        found = find(kept_key(asked, mark)) if mark and _is_stranger(environ) else None
        # Only who asks for a page that is kept goes on to ask for the mark.
        if found and not must_ask():
            return _send(found, environ, start_response)
        return self._pass_on(environ, start_response)

    def _pass_on(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer: dict[str, Any] = {}

        def note(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            answer["headers"] = headers
            return start_response(status, headers, *error)

        parts = self._application(environ, note)
        key = environ.get(KEEP)
        if not key or Headers(answer["headers"]).get("Set-Cookie"):
            return parts
        body = b"".join(parts)
        if callable(close := getattr(parts, "close", None)):
            close()
        _keep(key, answer["headers"], body)
        return [body]


def _may_be_asked(environ: WSGIEnvironment) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and len(environ.get("QUERY_STRING", "")) <= _LONGEST_QUERY
        and config["ckanext.learningcity.kept_page_seconds"] > 0
        and not config["debug"]
    )


def _asked(environ: WSGIEnvironment) -> str:
    """Return what an answer to a stranger hangs on: address, question and era."""
    era = _cookies(environ).get(ERA_COOKIE, "")
    return "|".join((environ["PATH_INFO"], environ.get("QUERY_STRING", ""), era))


def _is_stranger(environ: WSGIEnvironment) -> bool:
    """Whether nothing in a request can tell CKAN who asks."""
    token = config["apitoken_header_name"].upper().replace("-", "_")
    return (
        set(_cookies(environ)) <= {ERA_COOKIE}
        and not {f"HTTP_{token}", "HTTP_AUTHORIZATION", "REMOTE_USER"} & set(environ)
        and not any(True for _ in p.PluginImplementations(p.IAuthenticator))
    )


def _cookies(environ: WSGIEnvironment) -> dict[str, str]:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return {"unreadable": ""}
    return {name: morsel.value for name, morsel in found.items()}


def _keep(key: str, headers: list[tuple[str, str]], body: bytes) -> None:
    zipped = Headers(headers).get("Content-Encoding") == "gzip"
    body = body if zipped else gzip.compress(body)
    head = [(name, value) for name, value in headers if name.lower() not in _OF_ONE_ANSWER]
    page = Kept([*head, ("ETag", f'W/"{sha256(body).hexdigest()[:32]}"')], body)
    seconds = config["ckanext.learningcity.kept_page_seconds"]
    try:
        connect_to_redis().set(key, page.dump(), ex=seconds)
    except RedisError as error:
        log.warning("A page was not kept: Redis does not answer (%s)", error)


def _send(page: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    headers = Headers(page.headers)
    known = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
    if known.contains_raw(headers["ETag"]):
        start_response("304 Not Modified", [*headers])
        return []
    body = page.body
    if parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))["gzip"]:
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    headers["Content-Length"] = str(len(body))
    start_response("200 OK", [*headers])
    return [body]
