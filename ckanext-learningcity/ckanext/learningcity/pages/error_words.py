"""Words of the pages that say why a page is not shown, and what to do."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.exceptions import default_exceptions

_SERVER = 500


def learningcity_error(code: Any, content: str | None) -> dict[str, Any]:
    """Return what a page of an error says: `code`, `title`, `advice` and, of its own, `detail`.

    :param code: the HTTP status; core gives a list for what went wrong in the portal itself
    :param content: what whoever refused said; werkzeug's English sentences are left out
    """
    number = code[0] if isinstance(code, list) else int(code)
    text = str(content or "")
    title, advice = _form() if _is_csrf(text) else _words(number)
    known = default_exceptions.get(number)
    standard = number >= _SERVER or _is_csrf(text) or (known and text == known.description)
    return {"code": number, "title": title, "advice": advice, "detail": "" if standard else text}


def _is_csrf(text: str) -> bool:
    return text.startswith("The CSRF ")  # as Flask-WTF says it


def _form() -> tuple[str, str]:
    return (
        tk._("The form was not sent"),
        tk._(
            "It was open for too long, or you logged in or out meanwhile. Go back, reload the "
            "page and send it again. Copy first what you typed."
        ),
    )


def _words(number: int) -> tuple[str, str]:
    if number >= _SERVER:
        return (
            tk._("Something went wrong in the portal"),
            tk._("It is not your fault, and it has been noted. Please try again in a few minutes."),
        )
    found = {
        401: (
            tk._("Please log in"),
            tk._("This page is for those who have an account."),
        ),
        403: (
            tk._("You may not see this page"),
            tk._("It belongs to another organization or account. Ask its editors.")
            if tk.current_user.is_authenticated
            else tk._("It belongs to an organization or an account. Log in, or ask its editors."),
        ),
        404: (
            tk._("There is no such page"),
            tk._("It may have moved, or the address has a fault. Search for what you need."),
        ),
        413: (
            tk._("What you sent is too large"),
            tk._("Send a smaller file, or split it. The form says how large it may be."),
        ),
        429: (
            tk._("Too many requests"),
            tk._("Please wait for a while, then try again."),
        ),
    }
    other = (
        tk._("The portal could not do what was asked"),
        tk._("Something in the address or the form is not right. Go back and correct it."),
    )
    return found.get(number, other)
