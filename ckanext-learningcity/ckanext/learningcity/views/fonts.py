"""The typeface Sarabun, served from its own package so that no other site is asked for it."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.learningcity import lasting

PACKAGE = "fontpkg-sarabun"
WEIGHTS = {"Regular": 400, "Bold": 700}

fonts = Blueprint("learningcity_fonts", __name__)


@fonts.get("/learningcity/font/<release>/Sarabun-<weight>.ttf")
def font(release: str, weight: str) -> Response:
    """Return a font file; its address holds the package's version, so it may be kept for a year."""
    if weight not in WEIGHTS or release != version(PACKAGE):
        tk.abort(404)
    zipped = "gzip" in tk.request.accept_encodings
    content = _zipped(weight) if zipped else _content(weight)
    response = Response(content, mimetype="font/ttf")
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return lasting.last(response)


def font_faces() -> list[dict[str, str | int]]:
    """Return `{weight, url}` of each face that the style sheet uses."""
    return [
        {
            "weight": number,
            "url": tk.url_for(
                "learningcity_fonts.font",
                release=version(PACKAGE),
                weight=name,
                locale="default",
            ),
        }
        for name, number in WEIGHTS.items()
    ]


def _content(weight: str) -> bytes:
    file = files("fontpkg_sarabun") / "files" / f"Sarabun-{weight}.ttf"
    return file.read_bytes()


@cache
def _zipped(weight: str) -> bytes:
    return gzip.compress(_content(weight), compresslevel=9)
