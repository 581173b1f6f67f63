"""The Thai of CKAN's scripts, which asks for a file: `ckan translation js` for the one language.

CKAN's command reads the catalogues of all its languages, which takes long at every start.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import ckan
import polib
from ckan.lib.i18n import get_js_translations_dir

#: What the boxes of choices say, which CKAN leaves in English.
_OF_SELECT2 = frozenset(
    [
        "Loading more results…",
        "Remove all items",
        "Remove item",
        "Search",
        "The results could not be loaded.",
    ]
)
_CORE = Path(ckan.__file__).parent / "i18n"
#: The later one goes before the earlier one.
_CATALOGUES = (
    _CORE / "th" / "LC_MESSAGES" / "ckan.po",
    Path(__file__).parent / "i18n" / "th" / "LC_MESSAGES" / "ckanext-learningcity_thai.po",
)


def build() -> None:
    """Write the file unless there is one that is newer than the catalogues."""
    target = Path(get_js_translations_dir()) / "th.js"
    newest = max(catalogue.stat().st_mtime for catalogue in _CATALOGUES)
    if target.exists() and target.stat().st_mtime >= newest:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    begun = target.with_suffix(f".{os.getpid()}")
    begun.write_text(json.dumps(_texts(), ensure_ascii=False), encoding="utf-8")
    begun.replace(target)


def _texts() -> dict[str, dict[str, str] | list[str | None]]:
    """Return the texts as CKAN's scripts read them, in the shape of the library Jed."""
    wanted = _said_by_scripts()
    head = {"domain": "ckan", "lang": "th", "plural-forms": "nplurals=1; plural=0;"}
    found: dict[str, dict[str, str] | list[str | None]] = {"": head}
    for catalogue in _CATALOGUES:
        for entry in polib.pofile(str(catalogue)):
            if entry.msgid in wanted and entry.msgstr:
                found[entry.msgid] = [None, entry.msgstr]
            elif entry.msgid in wanted and any(entry.msgstr_plural.values()):
                found[entry.msgid] = [entry.msgid_plural, *entry.msgstr_plural.values()]
    return found


def _said_by_scripts() -> frozenset[str]:
    return _OF_SELECT2 | {
        entry.msgid
        for entry in polib.pofile(str(_CORE / "ckan.pot"))
        if any(file.endswith(".js") for file, _ in entry.occurrences)
    }
