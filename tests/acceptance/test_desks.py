"""The network's desks and pages that refuse, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES
from acceptance.looking import wrong
from acceptance.member_pages import seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pages", ["secretariat", "reviews", "administration", "strangers"])
def test_everybody_can_work_at_a_desk(life, site, chromium, language, pages):
    found = wrong(chromium, site, language, *seen(pages, life))
    assert not found, "\n".join(found)
