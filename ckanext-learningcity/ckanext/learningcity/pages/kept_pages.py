"""Whole pages that are the same for every stranger, kept in Redis for a minute at most.

Here is decided which; `kept_front.py` keeps them, and answers those that bring no cookie.
"""

from __future__ import annotations

import gzip
import re

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, session

from . import kept_front
from .fragments import public_mark

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


@kept_pages.before_app_request
def serve() -> Response | None:
    """Answer with the page that a stranger has seen before, in the same language and era."""
    if not _may_be_kept():
        return None
    environ = tk.request.environ
    # The key is of the state before the page is made: what changes meanwhile gets another one.
    key = kept_front.kept_key(environ[kept_front.ASKED], public_mark())
    if page := kept_front.find(key):
        response = Response(gzip.decompress(page.body), headers=page.headers)
        response.make_conditional(environ)
        return response
    environ[kept_front.KEEP] = key
    return None


@kept_pages.after_app_request
def clear(response: Response) -> Response:
    """Take out of the page what is one reader's, or say that it is not kept."""
    environ = tk.request.environ
    if kept_front.KEEP not in environ:
        return response
    page = _without_token(response.get_data(as_text=True))
    token = g.get(g.csrf_field_name)
    right = response.status_code == 200 and response.mimetype == "text/html"
    if not right or "_flashes" in session or (token and token in page):
        del environ[kept_front.KEEP]
        return response
    response.set_data(page)
    response.vary.update(("Cookie", "Authorization", "Accept-Encoding"))
    if set(tk.request.cookies) <= {kept_front.ERA_COOKIE}:
        # A session that holds the token of this page alone: without it the next page is a kept one.
        session.clear()
        session.modified = False
    return response


def _may_be_kept() -> bool:
    request = tk.request
    return (
        kept_front.ASKED in request.environ
        and request.endpoint in ENDPOINTS
        and tk.current_user.is_anonymous
        and "_flashes" not in session
    )


def _without_token(page: str) -> str:
    field = re.escape(g.csrf_field_name)
    return re.sub(rf'<meta name="{field}" content="[^"]*" */?>', "", page, count=1)
