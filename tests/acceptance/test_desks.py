"""The network's desks and pages that refuse, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES
from acceptance.looking import wrong
from acceptance.member_pages import addresses

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["secretary", "reviewer", "admin", ""])
def test_everybody_can_work_at_a_desk(life, site, chromium, language, who):
    pages = addresses(who, life)
    found = wrong(chromium, site, language, pages, life.tokens.get(who, ""))
    assert not found, "\n".join(found)
