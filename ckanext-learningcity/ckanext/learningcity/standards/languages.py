"""Texts in both languages at once: a file goes to readers of either."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import force_locale

from ckanext.learningcity.logic.languages import LANGUAGES, pick

Texts = Mapping[str, str]


def both(translated: Callable[[], str]) -> dict[str, str]:
    """Return what `translated` gives to a reader of each language."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            texts[language] = str(translated())
    return texts


def filled(translated: Texts, plain: str) -> dict[str, str]:
    """Return a text for each language, from those there are, else the plain one."""
    return {language: pick(translated, language) or plain for language in LANGUAGES}
