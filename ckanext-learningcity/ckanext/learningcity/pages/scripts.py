"""Which scripts a page loads: CKAN's own are for those who edit, and readers do without."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import ckan.plugins.toolkit as tk
from ckan.lib import webassets_tools
from markupsafe import Markup
from webassets.bundle import Bundle

_OURS = "learningcity/"
_READER = f"{_OURS}reader"


@tk.chained_helper
def render_assets(next_helper: Callable[[str], Markup], type_: str) -> Markup:
    """Return the tags of styles or scripts; strangers get CKAN's scripts when one is needed.

    `assets/reader.js` loads them then, in their order. Those of ours that need none run as ever.
    """
    tags = next_helper(type_)
    if type_ != "script" or not tk.current_user.is_anonymous:
        return tags
    addresses = re.findall(r' src="([^"]+)"', tags)
    later = [address for address in addresses if address not in _own_scripts()]
    if not later:
        return tags
    [reader] = _addresses(webassets_tools.env[_READER])
    now = [tag for tag in tags.splitlines() if not any(f'"{each}"' in tag for each in later)]
    return Markup("\n").join(
        [
            *map(Markup, now),
            Markup('<script src="{}" data-later="{}"></script>').format(reader, " ".join(later)),
        ]
    )


@cache
def _own_scripts() -> frozenset[str]:
    """The addresses of our scripts that need none of CKAN's."""
    return frozenset(
        address
        for bundle in webassets_tools.env
        if bundle.output.startswith(_OURS) and not bundle.extra.get("preload")
        for address in _addresses(bundle)
    )


def _addresses(bundle: Bundle) -> list[str]:
    return [tk.h.url_for_static_or_external(url) for url in bundle.urls()]
