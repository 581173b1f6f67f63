"""Pictures of Vega-Lite specifications, drawn once and kept in Redis."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import vl_convert
from ckan.lib.redis import connect_to_redis
from redis import RedisError

from .theme import DARK, FONT

log = logging.getLogger(__name__)

MIME_TYPES: Mapping[str, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
}

_KEPT_SECONDS = 7 * 24 * 3600
_RENDERERS = ("vl-convert-python", "fontpkg-sarabun")
_FORMAT = "4"  # change it when `_finish_svg` changes, or old pictures stay for a week
_SARA_AM = "\N{THAI CHARACTER NIKHAHIT}\N{THAI CHARACTER SARA AA}"
# A picture in <img> cannot use the page's font: these are the Thai faces of common systems, set as
# high as Sarabun's small letters are, or lines that fit in Sarabun would be cut.
_FACES = f"{FONT}, 'Noto Sans Thai', 'Leelawadee UI', Thonburi, sans-serif"
_TEXT = f"font-family:{_FACES};font-size-adjust:0.5"


def fingerprint(spec: Mapping[str, Any], extension: str) -> str:
    """Return a name that changes whenever the picture of `spec` would."""
    text = json.dumps([_FORMAT, _renderer_versions(), extension, spec], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def picture(spec: Mapping[str, Any], extension: str) -> bytes:
    """Return the picture of a specification, from Redis if it was drawn before.

    :param extension: a key of `MIME_TYPES`; `json` is the specification itself
    """
    if extension == "json":
        return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode()
    key = f"learningcity:chart:{fingerprint(spec, extension)}"
    try:
        redis = connect_to_redis()
        kept = redis.get(key)
        if isinstance(kept, bytes):
            return kept
        drawn = _draw(spec, extension)
        redis.set(key, drawn, ex=_KEPT_SECONDS)
    except RedisError as error:
        log.warning("Charts are drawn anew each time: Redis does not answer (%s)", error)
        return _draw(spec, extension)
    return drawn


def _draw(spec: Mapping[str, Any], extension: str) -> bytes:
    _register_fonts()
    if extension == "png":
        return vl_convert.vegalite_to_png(_taken_apart(spec), scale=2)
    return _finish_svg(vl_convert.vegalite_to_svg(dict(spec)), spec["description"]).encode()


def _taken_apart(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification with the vowel ำ as its two parts.

    The renderer of PNG sets the whole one over the letter after it; browsers do not.
    """
    text = json.dumps(spec, ensure_ascii=False)
    return json.loads(text.replace("\N{THAI CHARACTER SARA AM}", _SARA_AM))


def _finish_svg(svg: str, title: str) -> str:
    """Give the picture a title, dark colours for dark pages, and fonts to fall back on."""
    style = f"text{{{_TEXT}}}@media(prefers-color-scheme:dark){{{dark_rules()}}}"
    head, _, body = svg.partition(">")
    return f"{head}><title>{escape(title)}</title><style>{style}</style>{body}"


def dark_rules(inside: str = "") -> str:
    """Return style rules that give a chart its dark colours.

    :param inside: a selector before each rule
    """
    return "".join(
        f'{inside}[fill="{light}"]{{fill:{colour}}}{inside}[stroke="{light}"]{{stroke:{colour}}}'
        for light, colour in DARK.items()
    )


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(files("fontpkg_sarabun").joinpath("files")))


@cache
def _renderer_versions() -> list[str]:
    return [version(name) for name in _RENDERERS]
