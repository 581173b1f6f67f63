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
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.metadata import version
from types import TracebackType
from typing import TypeVar

import requests

from .addresses import Keys, checked, origin, redirected
from .base import Answer
from .body import BodyReader
from .errors import Refused, SourceError, Unavailable
from .guard import Guard, GuardedAdapter, Resolver, resolve
from .masking import MaskingFilter, mask

#: Statuses that may be another the next time.
PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})

T = TypeVar("T")

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


@dataclass(frozen=True)
class _Question:
    """A request before it is sent."""

    method: str
    url: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class _OneStep(requests.Session):
    """Leaves redirects alone; `requests` reads their bodies without limit even when told not to."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target."""


class Session:
    """An HTTP session for sources.

    :param contact: where an agency's administrator can reach us, an address or e-mail; it is sent
        with every request
    :param allow_hosts: hosts in private networks that may be asked, `name` or `name:port`
    :param keys: headers with secrets by the host that gets them, `name` or `name:port`:
        `{"api.example.org": {"api-key": "…"}}`. They belong to the operator and are bound to the
        host, so that who edits a source cannot send them elsewhere
    :param environment_proxy: whether to honour the proxy settings of the environment. The proxy
        then resolves names, so it has to keep requests out of private networks itself
    :param clock, sleep, now, rng, resolver: replaced in tests
    """

    def __init__(  # noqa: PLR0913 - seams for tests, all with a working default
        self,
        contact: str,
        *,
        allow_hosts: Collection[str] = (),
        keys: Mapping[str, Mapping[str, str]] | None = None,
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
        self._keys = Keys(keys or {}, in_clear=allow_hosts)
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
        question = _Question("GET", url, params or {}, headers or {})
        return self._ask(question, partial(self._answer, accept))

    def mark(self, url: str) -> str | None:
        """Return the server's mark of the present state of `url`: its ETag or date of change.

        None where the server gives none, or does not know the question (HEAD).

        :raises SourceError: as `get`
        """
        return self._ask(_Question("HEAD", url), self._mark)

    def _ask(self, question: _Question, read: Callable[[requests.Response], T]) -> T:
        """Ask until there is an answer or no try is left."""
        failure: Unavailable | None = None
        for attempt in range(self.limits.tries):
            if failure is not None:
                self._wait(attempt, failure)
            try:
                return self._follow(question, read)
            except Unavailable as error:
                failure = error
        raise failure or Unavailable("no try was allowed", url=mask(question.url))

    def _wait(self, attempt: int, failure: Unavailable) -> None:
        """Pause before another try, or give up where the server asks for too long a pause."""
        wait = self._rng.uniform(0.5, 1) * self.limits.backoff * 2 ** (attempt - 1)
        wait = max(wait, failure.retry_after or 0)
        if wait > self.limits.longest_wait:
            raise failure
        self._sleep(wait)

    def _follow(self, question: _Question, read: Callable[[requests.Response], T]) -> T:
        """Send the request and those that redirects lead to."""
        for _ in range(self.limits.redirects + 1):
            asked = self._prepare(question)
            address = str(asked.url)
            try:
                with closing(self._send(asked)) as response:
                    target = response.headers.get("Location")
                    if response.status_code not in REDIRECTS or not target:
                        return read(response)
            except SourceError as error:
                error.url = error.url or mask(address)
                raise
            except requests.RequestException as error:
                # its text carries the address with its secrets
                raise Unavailable(f"no answer: {_kind(error)}", url=mask(address)) from None
            url = redirected(address, target)
            headers = question.headers if origin(url) == origin(address) else {}
            question = _Question(question.method, url, headers=headers)
        raise Refused(f"more than {self.limits.redirects} redirects", url=mask(question.url))

    def _prepare(self, question: _Question) -> requests.PreparedRequest:
        url = question.url
        checked(url)
        try:
            headers = {**self._keys.of(url), **question.headers}
            return self._http.prepare_request(
                requests.Request(question.method, url, params=question.params, headers=headers)
            )
        except (requests.RequestException, ValueError):
            raise Refused("this is not an address", url=mask(url)) from None

    def _send(self, asked: requests.PreparedRequest) -> requests.Response:
        """Send `asked` when its host's turn has come; the body is still to be read."""
        address = str(asked.url)
        host = origin(address)[1]
        pause = self._next_request.get(host, 0) - self._clock()
        if pause > 0:
            self._sleep(pause)
        self._next_request[host] = self._clock() + self.limits.interval
        settings = self._http.merge_environment_settings(address, {}, True, None, None)
        timeout = (self.limits.connect, self.limits.read)
        return self._http.send(asked, timeout=timeout, allow_redirects=False, **settings)

    def _not_passing(self, response: requests.Response) -> None:
        """Check that the server is not in trouble that passes.

        :raises Unavailable: it is
        """
        status = response.status_code
        if status in PASSING_STATUSES:
            after = self._retry_after(response)
            raise Unavailable(f"HTTP {status}", status=status, retry_after=after)

    def _mark(self, response: requests.Response) -> str | None:
        self._not_passing(response)
        if not 200 <= response.status_code < 300:
            return None
        return response.headers.get("ETag") or response.headers.get("Last-Modified")

    def _answer(self, accept: Collection[int], response: requests.Response) -> Answer:
        url, status = str(response.url), response.status_code
        if status not in accept:
            self._not_passing(response)
        if not 200 <= status < 300 and status not in accept:
            raise Refused(f"HTTP {status}", url=mask(url), status=status)
        body = self._keys.cut_from(self._body.read(response), url)
        kind = response.headers.get("Content-Type", "")
        return Answer(mask(url), status, kind, body, self._now())

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


def _kind(error: Exception) -> str:
    """Return the name of what is behind `error`, such as ConnectTimeoutError."""
    inner = error.args[0] if error.args else None
    inner = getattr(inner, "reason", inner)
    return type(inner if isinstance(inner, Exception) else error).__name__
