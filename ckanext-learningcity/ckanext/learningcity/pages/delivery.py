"""Answers as small as they can be sent, and kept where their address names a version."""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files

import ckan.plugins.toolkit as tk
from flask import Blueprint, Request, Response

delivery = Blueprint("learningcity_delivery", __name__)

_TYPES = frozenset(
    {
        *("text/html", "text/css", "text/javascript", "text/calendar"),
        *("application/javascript", "application/json", "application/ld+json", "image/svg+xml"),
    }
)
_LEAST_BYTES = 1000  # below this the head of an answer weighs more than what is saved
_LEVEL = 6
_VERSIONED = "/webassets/"  # core writes a hash of the content into these names
_OWN = "/learningcity/"
_FOLDER = files("ckanext.learningcity") / "public/learningcity"
_YEAR_SECONDS = 365 * 24 * 3600


@delivery.after_app_request
def lighten(response: Response) -> Response:
    """Compress texts for clients that can read that; downloads stream as they are."""
    versioned = response.status_code == 200 and _has_version(tk.request)
    if versioned:
        response.cache_control.no_cache = None
        response.cache_control.must_revalidate = None
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = _YEAR_SECONDS
        tk.request.environ["__no_cache__"] = True  # or CKAN sets the age of a page
    if response.status_code >= 300 or response.mimetype not in _TYPES or response.content_encoding:
        return response
    if response.is_streamed and not versioned:
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" not in tk.request.accept_encodings or tk.request.method == "HEAD":
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) >= _LEAST_BYTES:
        response.set_data(_kept(content) if versioned else gzip.compress(content, _LEVEL))
        response.content_encoding = "gzip"
        response.headers.pop("Accept-Ranges", None)
    return response


def learningcity_file(name: str) -> str:
    """Return the address of one of the portal's own files: another content, another address."""
    return tk.h.url_for_static(f"{_OWN}{name}", v=_digest(name))


def _has_version(request: Request) -> bool:
    if request.path.startswith(_VERSIONED):
        return True
    name = request.path.removeprefix(_OWN)
    ours = name != request.path and (_FOLDER / name).is_file()
    return ours and request.args.get("v") == _digest(name)


@cache
def _digest(name: str) -> str:
    return sha256((_FOLDER / name).read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=64)
def _kept(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9)
