"""Answers as small as they can be sent, and kept where their address names a version."""

from __future__ import annotations

import gzip
from functools import lru_cache

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.learningcity import lasting

from .own_files import is_current

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


@delivery.after_app_request
def lighten(response: Response) -> Response:
    """Compress texts for clients that can read that; downloads stream as they are."""
    path, mark = tk.request.path, tk.request.args.get("v", "")
    found = response.status_code == 200
    versioned = found and (path.startswith(_VERSIONED) or is_current(path, mark))
    if versioned:
        lasting.last(response)
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


@lru_cache(maxsize=64)
def _kept(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9)
