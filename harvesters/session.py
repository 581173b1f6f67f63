"""The one way to the network: bounded, polite, only to public addresses.

Every failure comes out as a `SourceError`, and no secret of an address comes with it.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from .base import Answer
from .body import BodyReader
from .errors import Blocked, Refused, SourceError, Unavailable
from .guard import Guard, GuardedAdapter, Resolver, resolve
from .masking import MaskingFilter, mask

#: Statuses that may be another the next time.
PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_MASKING = MaskingFilter()
logging.getLogger("urllib3.connectionpool").addFilter(_MASKING)


@dataclass(frozen=True)
class Limits:
    """Bounds of one request; times in seconds, sizes in bytes.

    `interval` is the least time between two requests to one host, `longest_wait` the longest pause
    before another try: where a server asks for more, the next run is the next try.
    """

    connect: float = 10
    read: float = 60
    body: float = 300
    max_bytes: int = 64 * 1024 * 1024
    tries: int = 4
    redirects: int = 5
    interval: float = 0.2
    backoff: float = 1
    longest_wait: float = 60


class _OneStep(requests.Session):
    """Leaves redirects alone; `requests` reads their bodies without limit even when told not to."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target."""


class Session:
    """An HTTP session for sources.

    :param contact: where an agency's administrator can reach us, an address or e-mail; it is sent
        with every request
    :param allow_hosts: hosts in private networks that may be asked, `name` or `name:port`
    :param environment_proxy: whether to honour the proxy settings of the environment. The proxy
        then resolves names, so it has to keep requests out of private networks itself
    :param clock, sleep, now, rng, resolver: replaced in tests
    """

    def __init__(  # noqa: PLR0913 - seams for tests, all with a working default
        self,
        contact: str,
        *,
        allow_hosts: Collection[str] = (),
        limits: Limits | None = None,
        environment_proxy: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        rng: random.Random | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self.limits = limits or Limits()
        self._clock, self._sleep, self._now = clock, sleep, now
        self._rng = rng or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._next_request: dict[str, float] = {}
        self._body = BodyReader(self.limits.max_bytes, self.limits.body, clock)
        self._http = _OneStep()
        self._http.trust_env = environment_proxy
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, GuardedAdapter(Guard(allow_hosts, resolver)))
        product = f"ckanext-learningcity/{version('ckanext-learningcity')}"
        self._http.headers.update(
            {"User-Agent": f"{product} (+{contact})", "Accept-Encoding": "gzip"}
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """Ask `url` and return the whole answer.

        :param headers: sent to this origin only, not to one that it redirects to
        :param accept: error statuses that are an answer here, such as 404 for "no rows"
        :raises SourceError: of the kind that says what happens next
        """
        failure: Unavailable | None = None
        for attempt in range(self.limits.tries):
            if failure is not None:
                self._wait(attempt, failure)
            try:
                return self._follow(url, dict(params or {}), dict(headers or {}), accept)
            except Unavailable as error:
                failure = error
        raise failure or Unavailable("no try was allowed", url=mask(url))

    def _wait(self, attempt: int, failure: Unavailable) -> None:
        """Pause before another try, or give up where the server asks for too long a pause."""
        wait = self._rng.uniform(0.5, 1) * self.limits.backoff * 2 ** (attempt - 1)
        wait = max(wait, failure.retry_after or 0)
        if wait > self.limits.longest_wait:
            raise failure
        self._sleep(wait)

    def _follow(
        self,
        url: str,
        params: dict[str, str | int],
        headers: dict[str, str],
        accept: Collection[int],
    ) -> Answer:
        """Send the request and those that redirects lead to."""
        for _ in range(self.limits.redirects + 1):
            asked = self._prepare(url, params, headers)
            address = str(asked.url)
            try:
                with closing(self._send(asked)) as response:
                    target = response.headers.get("Location")
                    if response.status_code not in REDIRECTS or not target:
                        return self._answer(response, accept)
            except SourceError as error:
                error.url = error.url or mask(address)
                raise
            except requests.RequestException as error:
                # its text carries the address with its secrets
                raise Unavailable(f"no answer: {_kind(error)}", url=mask(address)) from None
            url, params = _redirected(address, target), {}
            headers = headers if _origin(url) == _origin(address) else {}
        raise Refused(f"more than {self.limits.redirects} redirects", url=mask(url))

    def _prepare(
        self, url: str, params: dict[str, str | int], headers: dict[str, str]
    ) -> requests.PreparedRequest:
        try:
            scheme, host, _ = _origin(url)
            if scheme not in ("http", "https") or not host:
                raise Blocked("only http and https addresses are asked", url=mask(url))
            if urlsplit(url).username is not None:
                raise Blocked("an address must not carry a user name", url=mask(url))
            return self._http.prepare_request(
                requests.Request("GET", url, params=params, headers=headers)
            )
        except (requests.RequestException, ValueError):
            raise Refused("this is not an address", url=mask(url)) from None

    def _send(self, asked: requests.PreparedRequest) -> requests.Response:
        """Send `asked` when its host's turn has come; the body is still to be read."""
        address = str(asked.url)
        host = _origin(address)[1]
        pause = self._next_request.get(host, 0) - self._clock()
        if pause > 0:
            self._sleep(pause)
        self._next_request[host] = self._clock() + self.limits.interval
        settings = self._http.merge_environment_settings(address, {}, True, None, None)
        timeout = (self.limits.connect, self.limits.read)
        return self._http.send(asked, timeout=timeout, allow_redirects=False, **settings)

    def _answer(self, response: requests.Response, accept: Collection[int]) -> Answer:
        url, status = mask(str(response.url)), response.status_code
        if status in PASSING_STATUSES and status not in accept:
            raise Unavailable(
                f"HTTP {status}", url=url, status=status, retry_after=self._retry_after(response)
            )
        if not 200 <= status < 300 and status not in accept:
            raise Refused(f"HTTP {status}", url=url, status=status)
        body = self._body.read(response)
        return Answer(url, status, response.headers.get("Content-Type", ""), body, self._now())

    def _retry_after(self, response: requests.Response) -> float | None:
        """Return the seconds that the server asks to wait; it may have given a date."""
        text = response.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return max(0.0, (moment - self._now()).total_seconds())


def _origin(url: str) -> tuple[str, str, Any]:
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port


def _redirected(address: str, target: str) -> str:
    """Return the whole address that `address` redirects to."""
    try:
        url = urljoin(address, target)
        schemes = _origin(address)[0], _origin(url)[0]
    except ValueError:
        raise Refused("redirected to something that is no address", url=mask(address)) from None
    if schemes == ("https", "http"):
        raise Blocked("redirected from https to http", url=mask(url))
    return url


def _kind(error: Exception) -> str:
    """Return the name of what is behind `error`, such as ConnectTimeoutError."""
    inner = error.args[0] if error.args else None
    inner = getattr(inner, "reason", inner)
    return type(inner if isinstance(inner, Exception) else error).__name__
