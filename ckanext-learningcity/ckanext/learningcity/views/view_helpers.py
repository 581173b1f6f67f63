"""Template helpers of resource views."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.codelists import indicators

from .render import picture


def learningcity_view_url(view_id: str, extension: str, **options: Any) -> str:
    """Return the stable address of a view's picture: `svg`, `png` or `json`.

    :param options: `size` (`small` for phones), `map`, `_external`; those without a
        value are left out
    """
    given = {name: value for name, value in options.items() if value}
    given |= {"extension": extension, "lang": tk.h.lang(), "locale": "default"}
    return tk.h.url_for("learningcity_embed.picture", view_id=view_id, **given)


def learningcity_drawing(spec: dict[str, Any], words: str) -> Any:
    """Return a chart that has no address yet as an image inside the page."""
    data = b64encode(picture(spec, "svg")).decode()
    source = f"data:image/svg+xml;base64,{data}"
    return tk.literal('<img src="{}" alt="{}">').format(source, words)


def learningcity_indicator_name(code: str) -> str:
    """Return the name of an indicator in the reader's language; an unknown code is its own name."""
    entry = indicators().get(code)
    return tk.h.learningcity_text(entry["name"]) if entry else code


def learningcity_coded_value(record: Mapping[str, Any]) -> str:
    """Return an observation's value with decimals and unit of its indicator."""
    entry = indicators().get(record["INDICATOR"])
    if entry is None:
        return str(record["OBS_VALUE"])
    return tk.h.learningcity_value(record, entry)
