"""Actions called from a page: what a reader may not do or see becomes an error page."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def call(action: str, **parameters: Any) -> Any:
    """Return what `action` gives the reader of this page; answers 404 or 403 where it refuses.

    :raises ValidationError: a parameter is wrong
    """
    try:
        return tk.get_action(action)({}, parameters)
    except tk.ObjectNotFound as error:
        return tk.abort(404, _said(error) or tk._("There is no such page."))
    except tk.NotAuthorized as error:
        return tk.abort(403, _said(error) or tk._("You may not do this."))


def _said(error: tk.ObjectNotFound | tk.NotAuthorized) -> str:
    return str(error.message or "")
