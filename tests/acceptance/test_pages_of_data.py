"""Pages about data that everybody sees, in Chromium, in both languages, themes and sizes."""

from __future__ import annotations

import pytest
from acceptance.crawling import LANGUAGES, one_of_each
from acceptance.looking import wrong
from acceptance.page_types import is_of_the_network

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_read_about_data(pages, site, chromium, language):
    kinds = one_of_each(pages, language)
    chosen = {kind: page.path for kind, page in kinds.items() if not is_of_the_network(kind)}
    assert len(chosen) > 20
    found = wrong(chromium, site, language, chosen)
    assert not found, "\n".join(found)
