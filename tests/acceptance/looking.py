"""What is wrong with pages in a browser: WCAG 2.2 AA in both themes, errors, words, width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files

from acceptance.wording import foreign
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Page, Response
from playwright.sync_api import TimeoutError as TooLate

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
#: What axe knows of WCAG 2.2 AA, and the part of it that the dark theme may change.
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Only what is wrong comes out of the browser: the rest of a report is a megabyte.
RUN = """async only => {
  const report = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return report.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.slice(0, 200)}`));
}"""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
#: A language begins on one of them in the light, and goes on with the other one in the dark.
SIZES = {"th": (PHONE, DESK), "en": (DESK, PHONE)}

#: What other people's templates write, which no block reaches: kind of page, what is said, why.
ELSEWHERE = (
    ("new harvest source", "aria-prohibited-attr", "ckanext-harvest: names the marks of its help"),
    ("new harvest source", "words", "ckanext-harvest: the names of its kinds are in its code"),
    ("harvest sources", "words", "ckanext-harvest: the names of its filters are in its code"),
    ("administration", "words", "CKAN: a placeholder is in its template"),
    ("resource views", "words", "CKAN: its view of a table has its name in its code"),
)


def wrong(context: BrowserContext, site: str, language: str, pages: Mapping[str, str]) -> set[str]:
    """Return what is wrong with `pages`, paths by kind of page, in a language."""
    return {
        f"{kind}: {fault}"
        for kind, path in pages.items()
        for fault in _faults(context, f"{site}/{language}{path}", language)
        if not any(kind == each[0] and fault.startswith(each[1]) for each in ELSEWHERE)
    }


def _faults(context: BrowserContext, url: str, language: str) -> Iterator[str]:
    tab = context.new_page()
    errors: list[str] = []
    tab.on("console", lambda line: line.type == "error" and errors.append(line.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    reply = tab.goto(url)
    assert reply
    yield from (f"words {each}" for each in foreign(BeautifulSoup(reply.body(), "lxml"), language))
    tab.evaluate(AXE)
    yield from _seen(tab, "light", SIZES[language][0], ALL)
    yield from _seen(tab, "dark", SIZES[language][1], CONTRAST)
    yield from (f"error {each}" for each in errors if not _own_status(each, reply))
    tab.close()


def _seen(tab: Page, theme: str, size: dict[str, int], rules: dict) -> Iterator[str]:
    tab.set_viewport_size(size)
    tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
    tab.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    try:  # a picture that has just come may move the page for a moment
        tab.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=2000)
    except TooLate:
        yield f"wider than {size['width']}"
    yield from (f"{each} ({theme})" for each in tab.evaluate(RUN, rules))


def _own_status(error: str, reply: Response) -> bool:
    """Whether the browser says of the page itself that it is, say, a 404."""
    return reply.status >= 400 and bool(re.search(f"status of {reply.status}", error))
