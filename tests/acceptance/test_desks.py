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
    head = {"Authorization": life.tokens[who]} if who else {}
    context = chromium.new_context(extra_http_headers=head)
    assert wrong(context, site, language, addresses(who, life)) == set()
    context.close()
