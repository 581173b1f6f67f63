"""The forms and pages of what cities share, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES
from acceptance.looking import wrong
from acceptance.member_pages import seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_share(life, site, chromium, language):
    found = wrong(chromium, site, language, *seen("sharing", life))
    assert not found, "\n".join(found)
