"""Answers whose address names a version: whoever wants to may keep them for a year."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response

_YEAR_SECONDS = 365 * 24 * 3600
_MARK = "learningcity.lasting"


def last(response: Response) -> Response:
    """Return an answer that stays right for ever."""
    tk.request.environ[_MARK] = True
    return response


def say(response: Response) -> Response:
    """Say of an answer that it lasts, in place of what CKAN says of every answer."""
    if _MARK in tk.request.environ:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    return response


def say_last(app: Any) -> None:
    """Let `say` come after CKAN's own words: what is registered first is asked last."""
    app.after_request_funcs.setdefault(None, []).insert(0, say)
