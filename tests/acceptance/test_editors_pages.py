"""An editor's forms and pages of data, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES
from acceptance.looking import wrong
from acceptance.member_pages import seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_publish(life, site, chromium, language):
    found = wrong(chromium, site, language, *seen("data", life))
    assert not found, "\n".join(found)
