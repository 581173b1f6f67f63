"""The forms and pages of a city's editor, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES
from acceptance.looking import wrong
from acceptance.member_pages import addresses

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_be_an_editor(life, site, chromium, language):
    pages = addresses("editor", life)
    found = wrong(chromium, site, language, pages, life.tokens["editor"])
    assert not found, "\n".join(found)
