"""Addresses: their origin, where a redirect leads, and which secrets belong to their host."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urljoin, urlsplit

from .errors import Blocked, Refused
from .masking import mask


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of `url`.

    :raises ValueError: it is no address
    """
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port


def checked(url: str) -> tuple[str, str, int | None]:
    """Return the origin of an address that may be asked, as far as its spelling goes.

    :raises Refused: it is no address
    :raises Blocked: it is not of the web, or carries a user name
    """
    try:
        scheme, host, port = origin(url)
        user = urlsplit(url).username
    except ValueError:
        raise Refused("this is not an address", url=mask(url)) from None
    if scheme not in ("http", "https") or not host:
        raise Blocked("only http and https addresses are asked", url=mask(url))
    if user is not None:
        raise Blocked("an address must not carry a user name", url=mask(url))
    return scheme, host, port


def redirected(address: str, target: str) -> str:
    """Return the whole address that `address` redirects to.

    :raises Refused: it is none, or would lead from https to http
    """
    try:
        url = urljoin(address, target)
        schemes = origin(address)[0], origin(url)[0]
    except ValueError:
        raise Refused("redirected to something that is no address", url=mask(address)) from None
    if schemes == ("https", "http"):
        raise Blocked("redirected from https to http", url=mask(url))
    return url


class Keys:
    """Headers with secrets, bound to the host that gets them.

    :param headers: by host, as `name` or `name:port`
    :param in_clear: hosts that get them without TLS, too
    """

    def __init__(
        self, headers: Mapping[str, Mapping[str, str]], in_clear: Collection[str] = ()
    ) -> None:
        self._headers = dict(headers)
        self._in_clear = frozenset(in_clear)

    def of(self, url: str) -> Mapping[str, str]:
        """Return the headers for `url`."""
        scheme, host, port = origin(url)
        names = (host, f"{host}:{port}")
        if scheme != "https" and not self._in_clear.intersection(names):
            return {}
        return next((self._headers[name] for name in names if name in self._headers), {})

    def cut_from(self, body: bytes, url: str) -> bytes:
        """Return `body` without the secrets for `url`; a server may quote one in a message."""
        for secret in self.of(url).values():
            body = body.replace(secret.encode(), b"***")
        return body
