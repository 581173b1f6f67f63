"""Thai in core CKAN: tags and names.

Core's tag rule is `\\w`, which in Python leaves out the Thai vowel and tone marks above and below
the line; its slugs keep Latin letters only, so that a Thai title leaves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_title_to_name
from ckan.model import PACKAGE_NAME_MAX_LENGTH, Package
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from pythainlp.transliterate import romanize

_TAG = re.compile(r"[\w\u0E01-\u0E3A\u0E40-\u0E5B \-.]*")
_THAI = re.compile(r"[\u0E01-\u0E5B]+")


def tag_name_validator(value: str, context: Context) -> str:
    """Accept core's tags and Thai ones."""
    if not _TAG.fullmatch(value):
        raise tk.Invalid(
            tk._(
                'Tag "%s" can only contain letters, digits, spaces (" "), hyphens ("-"), '
                'underscores ("_") or dots (".")'
            )
            % value
        )
    return unicodedata.normalize("NFC", value)


def slug(title: str) -> str:
    """Return a name for the address made from `title`; Thai is written in Latin letters."""
    latin = _THAI.sub(lambda thai: f" {romanize(thai[0])} ", title)
    return re.sub(r"-+", "-", munge_title_to_name(latin)).strip("-_")[:PACKAGE_NAME_MAX_LENGTH]


def learningcity_name_from_title(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make a name from the English or else the Thai title where none is given."""
    if data.get(key):
        return
    translated: Any = data.get(("title_translated",))
    english = translated.get("en") if isinstance(translated, dict) else None
    titles = (english, data.get(("title",)))
    candidates = (slug(title) for title in titles if isinstance(title, str))
    name = next((candidate for candidate in candidates if len(candidate) > 1), "")
    data[key] = _free(name) if name else name


def _free(name: str) -> str:
    """Return `name`, with a number behind it where it is taken."""
    candidate, number = name, 2
    while Package.get(candidate):
        candidate = f"{name[: PACKAGE_NAME_MAX_LENGTH - 4]}-{number}"
        number += 1
    return candidate
