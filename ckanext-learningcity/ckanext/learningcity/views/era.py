"""The reader's era: พ.ศ. or ค.ศ., chosen in the address, remembered in a cookie."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, has_request_context

eras = Blueprint("learningcity_era", __name__)

PARAMETER = "era"
ERAS = ("be", "ce")  # Buddhist era, common era

_COOKIE = "learningcity_era"
_YEAR_SECONDS = 365 * 24 * 3600


def era() -> str:
    """Return `be` or `ce`: what the address says, else the cookie, else the language's own."""
    if not has_request_context():
        return own_era()
    if "learningcity_era" not in g:
        g.learningcity_era = _asked() or _remembered() or own_era()
    return g.learningcity_era


def own_era() -> str:
    """Return the era of the page's language: `be` in Thai, unless the portal's option is off."""
    thai = tk.h.lang() == "th" and tk.config["ckanext.learningcity.buddhist_era"]
    return "be" if thai else "ce"


def stable_address() -> None:
    """Let the cookie be: the answer to this request hangs on its address alone."""
    g.learningcity_era = _asked() or own_era()


@eras.after_app_request
def remember(response: Response) -> Response:
    """Keep an era that the address of a page chose, for the pages after it."""
    if _asked() and response.mimetype == "text/html":
        response.set_cookie(
            _COOKIE,
            _asked(),
            max_age=_YEAR_SECONDS,
            secure=tk.request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response


def _asked() -> str:
    return _known(tk.request.args.get(PARAMETER))


def _remembered() -> str:
    return _known(tk.request.cookies.get(_COOKIE))


def _known(value: str | None) -> str:
    return value if value in ERAS else ""
