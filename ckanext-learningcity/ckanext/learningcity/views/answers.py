"""How charts answer: in the language that the address names, kept for a while, to any site."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response
from flask_babel import refresh

from .asked import asked, asked_one
from .era import ERAS, stable_address
from .frame import Chart
from .render import MIME_TYPES, fingerprint, picture

_FRESH_SECONDS = 300  # how long a reader may see the chart of the release before


def answer(made: Chart, extension: str) -> Response:
    """Return a chart as `svg`, `png` or `json`, or that it has not changed."""
    tag = fingerprint(made.spec, extension)
    response = Response(mimetype=MIME_TYPES[extension])
    if tk.request.if_none_match.contains(tag):
        response.status_code = 304
    else:
        response.set_data(picture(made.spec, extension))
    response.set_etag(tag)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.cache_control.max_age = _FRESH_SECONDS
    # CKAN would replace the age of a public answer by its own; this one may also be for one reader.
    tk.request.environ["__no_cache__"] = True
    return response


def speak() -> None:
    """Answer as the address says and nothing else does, so that one address is one picture."""
    lang = asked("lang")
    if lang:
        asked_one("lang", tk.config["ckan.locales_offered"], "")
        tk.request.environ["CKAN_LANG"] = lang
        refresh()
    asked_one("era", ERAS, "")
    stable_address()
