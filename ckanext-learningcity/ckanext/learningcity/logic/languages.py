"""Text and keywords in two languages beside the plain ones of core CKAN.

A dataset has `title` and `title_translated`, `notes` and `notes_translated`, `tags` and `keywords`.
A client may know either; these functions say what both become.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import ckan.plugins.toolkit as tk
from ckan.lib.i18n import get_lang
from flask import has_request_context

#: In the order of the form.
LANGUAGES = ("th", "en")

Texts = dict[str, str]
Words = dict[str, list[str]]

_THAI = re.compile(r"[\u0E01-\u0E5B]")


def language_of(text: str) -> str:
    """Return `th` for text with a Thai letter, else `en`."""
    return "th" if _THAI.search(text) else "en"


def current_language() -> str:
    """Return the language of the request, or the portal's own outside of one."""
    language = get_lang() if has_request_context() else tk.config["ckan.locale_default"]
    return "th" if language == "th" else "en"


def pick(texts: Mapping[str, str], preferred: str) -> str:
    """Return the text in the preferred language, else in the first that there is."""
    order = (preferred, *LANGUAGES)
    return next((texts[language] for language in order if texts.get(language)), "")


def merge_texts(texts: Mapping[str, str], plain: str | None, stored: str | None) -> Texts:
    """Return the texts after a client sent `texts`, `plain` or both.

    A plain text that differs from the `stored` one replaces the language that still has the stored
    text; the client, who sees one text only, changed that one. Otherwise it fills a language that
    has none.
    """
    merged = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not plain or plain in merged.values() or (merged and plain == stored):
        return merged
    outdated = [language for language, text in merged.items() if text == stored]
    for language in outdated:
        del merged[language]
    if outdated:
        merged[language_of(plain)] = plain
    else:
        merged.setdefault(language_of(plain), plain)
    return merged


def merge_words(
    words: Mapping[str, Iterable[str]], tags: list[str] | None, stored: Iterable[str]
) -> Words:
    """Return the keywords after a client sent `words`, `tags` or both.

    :param tags: None if the client sent none; those that differ from the `stored` tags were added
        or removed by the client, and are added to or removed from the keywords
    """
    merged = {language: list(dict.fromkeys(words.get(language, ()))) for language in LANGUAGES}
    if tags is not None:
        before = set(stored) if any(merged.values()) else set()
        removed = before - set(tags)
        known = {word for listed in merged.values() for word in listed}
        merged = {lang: [w for w in listed if w not in removed] for lang, listed in merged.items()}
        for tag in dict.fromkeys(tags):
            if tag not in before and tag not in known:
                merged[language_of(tag)].append(tag)
    return {language: listed for language, listed in merged.items() if listed}
