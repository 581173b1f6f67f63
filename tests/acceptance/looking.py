"""What is wrong with pages in a browser: WCAG 2.2 AA, errors, words of the other language, width.

A page is opened once in each language and looked at twice: Thai begins on a phone in the light and
goes on at a desk in the dark; English begins at a desk in the light and goes on on a phone in the
dark. So every language, theme and width meets each of the others on every kind of page, in four
looks instead of eight, and each look has all the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files

from acceptance.wording import foreign
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, ConsoleMessage, Page
from playwright.sync_api import TimeoutError as TooLate

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
#: Only what is wrong comes out of the browser: the rest of a report is a megabyte.
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const only = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
  const report = await axe.run(document, only);
  return report.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.slice(0, 200)}`));
}"""
#: Waits until the window has changed: pictures and letters are there, and all have their place.
SETTLED = """async () => {
  const pictures = Array.from(document.images).filter(one => one.loading !== "lazy");
  await Promise.allSettled(pictures.map(one => one.decode()));
  await document.fonts.ready;
  const changes = document.getAnimations().filter(
    one => Number.isFinite(one.effect.getComputedTiming().endTime));
  await Promise.allSettled(changes.map(one => one.finished));
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""
#: Core's grid of organizations lays itself out anew a moment after its window has another width.
FITS = "document.documentElement.scrollWidth <= innerWidth"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
LOOKS = {"th": ((PHONE, "light"), (DESK, "dark")), "en": ((DESK, "light"), (PHONE, "dark"))}
TIMEOUT_MS = 60_000
LAYOUT_MS = 10_000  # only a page that is too wide takes it

#: Pages that say why there is nothing to see, by the status they say it with.
REFUSALS = {
    "not allowed": 403,
    "closed to strangers": 403,
    "no account": 403,
    "nowhere": 404,
    "no such city": 404,
    "no such indicator": 404,
}
#: What other people's templates write, which no block reaches: kind of page, what is said, why.
ELSEWHERE = (
    ("new harvest source", "aria-prohibited-attr", "ckanext-harvest: names the marks of its help"),
    ("new harvest source", "words", "ckanext-harvest: the names of its kinds are in its code"),
    ("harvest sources", "words", "ckanext-harvest: the names of its filters are in its code"),
    ("harvest source", "words", "ckanext-harvest: cuts a title in two languages after ten letters"),
    ("runs of a harvest source", "words", "ckanext-harvest: the same"),
    ("administration", "words", "CKAN: a placeholder is in its template"),
    ("trash", "list:", "CKAN: a list is there with a paragraph when nothing is in it"),
    ("datasets of an organization", "words", "CKAN: cuts titles, which cannot say their language"),
    ("datasets of an organization", "label:", "CKAN: draws boxes without a name, by a script too"),
    ("news", "words", "CKAN: names datasets as they were called in the change"),
    ("resource views", "words", "CKAN: its view of a table has its name in its code"),
)


def wrong(
    browser: Browser, site: str, language: str, pages: Mapping[str, str], token: str = ""
) -> list[str]:
    """Return what is wrong with `pages`, paths by kind of page, for whom a token stands for."""
    head = {"Authorization": token} if token else {}
    context = browser.new_context(extra_http_headers=head, reduced_motion="reduce")
    context.set_default_timeout(TIMEOUT_MS)
    tab = context.new_page()
    errors: list[str] = []
    refused = {f"{site}/{language}{pages[kind]}" for kind in REFUSALS if kind in pages}
    tab.on("console", lambda line: errors.extend(_error(line, refused)))
    tab.on("pageerror", lambda error: errors.append(f"{tab.url}: {error}"))
    found = [
        f"{kind}: {fault}"
        for kind, path in pages.items()
        for fault in _faults(tab, f"{site}/{language}{path}", language, REFUSALS.get(kind, 200))
        if not any(kind == each[0] and fault.startswith(each[1]) for each in ELSEWHERE)
    ]
    context.close()
    return found + errors


def _faults(tab: Page, address: str, language: str, status: int) -> Iterator[str]:
    first, second = LOOKS[language]
    _turn_to(tab, *first)
    reply = tab.goto(address)
    assert reply
    if (reply.status, reply.url) != (status, address):
        yield f"{reply.status} at {reply.url} instead of {status} at {address}"
    yield from (f"words {each}" for each in foreign(BeautifulSoup(tab.content(), "lxml"), language))
    tab.evaluate(AXE)
    yield from _seen(tab, *first)
    _turn_to(tab, *second)
    yield from _seen(tab, *second)


def _turn_to(tab: Page, size: dict[str, int], theme: str) -> None:
    tab.set_viewport_size(size)
    tab.emulate_media(color_scheme=theme)


def _seen(tab: Page, size: dict[str, int], theme: str) -> Iterator[str]:
    tab.evaluate(SETTLED)
    try:
        tab.wait_for_function(FITS, timeout=LAYOUT_MS)
    except TooLate:
        yield f"wider than {size['width']}"
    yield from (f"{each} ({theme}, {size['width']})" for each in tab.evaluate(RUN))


def _error(line: ConsoleMessage, refused: set[str]) -> Iterator[str]:
    """Yield an error in the console, but not that the page itself is refused, as it should be."""
    if line.type == "error" and line.location["url"] not in refused:
        yield f"{line.location['url']}: {line.text}"
