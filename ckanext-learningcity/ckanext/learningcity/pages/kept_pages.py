"""Whole pages that are the same for every stranger, kept in Redis for a minute at most."""

from __future__ import annotations

import gzip
import logging
import re
from hashlib import sha256

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from flask import Blueprint, Response, g, session
from redis import RedisError

from .fragments import public_key

log = logging.getLogger(__name__)

kept_pages = Blueprint("learningcity_kept_pages", __name__)

#: What is kept has nobody's name, token or message in it, and no form that sends anything.
ENDPOINTS = frozenset(
    {
        "home.index",
        "learningcity_city.index",
        "learningcity_city.read",
        "learningcity_indicator.index",
        "learningcity_indicator.read",
    }
)
_LONGEST_QUERY = 200  # addresses that nobody asks for twice shall not fill Redis


@kept_pages.before_app_request
def serve() -> Response | None:
    """Answer with the page that a stranger has seen before, in the same language and era."""
    if not _may_be_kept():
        return None
    # The key is of the state before the page is made: what changes meanwhile gets another one.
    key = f"page/{public_key(tk.request.path + '?' + tk.request.query_string.decode('latin-1'))}"
    try:
        found = connect_to_redis().get(key)
    except RedisError as error:
        log.warning("Pages are rendered anew each time: Redis does not answer (%s)", error)
        return None
    if not isinstance(found, bytes):
        g.learningcity_keep_as = key
        return None
    return _answer(found)


@kept_pages.after_app_request
def keep(response: Response) -> Response:
    """Keep what has been rendered, without the token that CKAN puts into the head of each page."""
    key = g.pop("learningcity_keep_as", None)
    if not key or response.status_code != 200 or response.mimetype != "text/html":
        return response
    token = g.get(g.csrf_field_name)
    page = _without_token(response.get_data(as_text=True))
    if "_flashes" in session or (token and token in page):
        return response
    seconds = tk.config["ckanext.learningcity.kept_page_seconds"]
    try:
        connect_to_redis().set(key, gzip.compress(page.encode()), ex=seconds)
    except RedisError as error:
        log.warning("A page was not kept: Redis does not answer (%s)", error)
    response.vary.update(("Cookie", "Authorization"))
    return response


def _may_be_kept() -> bool:
    request = tk.request
    return (
        request.method == "GET"
        and request.endpoint in ENDPOINTS
        and tk.current_user.is_anonymous
        and "_flashes" not in session
        and len(request.query_string) <= _LONGEST_QUERY
        and tk.config["ckanext.learningcity.kept_page_seconds"] > 0
        and not tk.config["debug"]
    )


def _answer(page: bytes) -> Response:
    """Return a kept page, as it was compressed for those who can read that."""
    compressed = "gzip" in tk.request.accept_encodings
    response = Response(page if compressed else gzip.decompress(page), mimetype="text/html")
    if compressed:
        response.content_encoding = "gzip"
    # The cookie has the era that the reader chose, and who has logged in.
    response.vary.update(("Accept-Encoding", "Cookie", "Authorization"))
    response.set_etag(sha256(page).hexdigest()[:32], weak=True)
    return response.make_conditional(tk.request)


def _without_token(page: str) -> str:
    field = re.escape(g.csrf_field_name)
    return re.sub(rf'<meta name="{field}" content="[^"]*" */?>', "", page, count=1)
