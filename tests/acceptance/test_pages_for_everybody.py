"""Every kind of page that everybody sees, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES, one_of_each
from acceptance.looking import wrong

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_every_page(pages, site, chromium, language):
    chosen = {kind: page.path for kind, page in one_of_each(pages, language).items()}
    assert len(chosen) > 40
    found = wrong(chromium, site, language, chosen)
    assert not found, "\n".join(found)
