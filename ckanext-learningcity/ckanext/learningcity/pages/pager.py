"""Links to the other pages of a list, with names that are read aloud."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.pagination import Page
from markupsafe import Markup, escape

_ICON = re.compile(r'<i class="fa-solid fa-chevron-(left|right)"></i>')
_DOTS = re.compile(r'<a href="#">\.\.\.</a>')


def learningcity_pager(page: Page, **parameters: Any) -> Markup:
    """Return CKAN's pager of `page` with words for its arrows, and no link to nowhere."""
    names = {"left": tk._("Previous page"), "right": tk._("Next page")}
    signs = {"left": "‹", "right": "›"}

    def spell(found: re.Match[str]) -> str:
        side = found[1]
        name = f'<span class="visually-hidden">{escape(names[side])}</span>'
        return f'<span aria-hidden="true">{signs[side]}</span>{name}'

    html = _DOTS.sub('<span class="page-link">…</span>', str(page.pager(**parameters)))
    return Markup(_ICON.sub(spell, html))  # noqa: S704 - CKAN's own markup
