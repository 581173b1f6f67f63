"""Parts of pages that are the same for every stranger, kept in Redis until something changes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from hashlib import sha256
from importlib.metadata import version

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from markupsafe import Markup
from redis import RedisError

log = logging.getLogger(__name__)

_KEPT_SECONDS = 600
MARK_SECONDS = 1.0  # so long a process does not ask again whether anything has changed

_mark: tuple[float, str] = (float("-inf"), "")
_asking = float("-inf")  # when somebody began to ask


def fragment(name: str, make: Callable[[], str]) -> Markup:
    """Return what `make` renders, from Redis if a stranger has seen the same before.

    What a logged-in reader sees is neither kept nor taken from there: it may hold private data.
    The language, the era and the state of the portal are part of the key. What `make` renders must
    depend on `name` and on those alone, and may not contain assets.
    """
    if not tk.current_user.is_anonymous or tk.config["debug"]:
        return Markup(make())  # noqa: S704 - a rendered template
    try:
        redis = connect_to_redis()
        key = f"fragment/{public_key(name)}"
        found = redis.get(key)
        if isinstance(found, bytes):
            return Markup(found.decode())  # noqa: S704 - as it was rendered
        made = make()
        redis.set(key, made, ex=_KEPT_SECONDS)
    except RedisError as error:
        log.warning("Pages are rendered anew each time: Redis does not answer (%s)", error)
        made = make()
    return Markup(made)  # noqa: S704 - a rendered template


def public_key(name: str) -> str:
    """Return a key for what strangers see under `name` in this language and era, as it is now."""
    environ = tk.request.environ
    parts = (
        name,
        tk.h.lang(),
        str(environ.get("CKAN_LANG_IS_DEFAULT")),
        tk.h.learningcity_era(),
        *day_and_version(),
        public_mark(),
    )
    return f"learningcity:{sha256('|'.join(parts).encode()).hexdigest()}"


def day_and_version() -> tuple[str, str]:
    """Return what changes pages although nobody publishes: they tell freshness in days."""
    return datetime.now(timezone.utc).date().isoformat(), _version()


def public_mark() -> str:
    """Return the mark of the public state, a second old at most."""
    global _mark  # noqa: PLW0603 - one for the process
    if _is_old():
        mark = tk.get_action("learningcity_public_state")({}, {})["mark"]
        _mark = (time.monotonic(), mark)
    return _mark[1]


def last_mark() -> str:
    """Return that mark as it was when this process last asked, or nothing."""
    return _mark[1]


def must_ask() -> bool:
    """Whether the mark is old and the caller is the one to ask: the others may take it meanwhile.

    Else all readers of a moment would wait for the same answer. So a kept page is two seconds
    behind at most.
    """
    global _asking  # noqa: PLW0603 - one for the process
    now = time.monotonic()
    if not _is_old() or now - _asking <= MARK_SECONDS:
        return False
    _asking = now
    return True


def _is_old() -> bool:
    return time.monotonic() - _mark[0] > MARK_SECONDS


@cache
def _version() -> str:
    return version("ckanext-learningcity")
