"""What the addresses of downloads share: who asks, for what, and what a dataset's are linked to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .citations import Citation


def context() -> Context:
    """Return the context of the reader who asks."""
    return Context(user=tk.current_user.name, auth_user_obj=tk.current_user)


def parameters() -> dict[str, Any]:
    """Return the query string's parameters; one that repeats is a list."""
    return {
        name: values if len(values) > 1 else values[0] for name, values in tk.request.args.lists()
    }


def address(kind: str) -> str:
    """Return this request's address in the format `kind`, absolute, whatever its language."""
    path = tk.request.path.rpartition(".")[0]
    given = urlencode(parameters(), doseq=True, safe=",")
    plain = tk.h.url_for(f"{path}.{kind}", locale="default", _external=True)
    return f"{plain}?{given}" if given else plain


def links(cited: Citation) -> list[tuple[str, str]]:
    """Return the addresses of a release's licence and of the page to cite, with their relations."""
    found = [(cited.permalink, "cite-as")]
    return [(cited.licence.url, "license"), *found] if cited.licence.url else found
