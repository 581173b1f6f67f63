"""A reader who has a keyboard and nothing else: no function here points or clicks.

Controls are named as a screen reader names them, in English; the portal's own catalogue says what
that is in Thai.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import ElementHandle, Locator, Page
from playwright.sync_api import TimeoutError as NothingCameError

from ckanext.learningcity import core_thai

MOST_TABS = 320
#: Where the focus is, and what a reader sees of that.
LOOK = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) { return null; }
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const name = one.getAttribute('aria-label') || one.innerText || one.id || one.tagName;
  return {
    name: name.trim().slice(0, 60),
    marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none',
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  };
}"""
IS_THERE = "(known) => known.includes(document.activeElement)"


@dataclass
class Keyboard:
    """Somebody reading a page in one language."""

    page: Page
    site: str
    language: str

    def says(self, text: str, **named: object) -> str:
        """Return a text of the portal or of CKAN in the reader's language."""
        if self.language == "en":
            return text.format(**named)
        for catalogue in _thai():
            if (found := catalogue.gettext(text)) != text:
                return found.format(**named)
        raise AssertionError(f"The catalogues have no “{text}”")

    def open(self, path: str) -> None:
        """Open a page by its address, as the start of a journey."""
        self.page.goto(f"{self.site}/{self.language}{path}")

    def skip(self) -> None:
        """Pass over the header by the link that is there for that."""
        self.reach("link", self.says("Skip to main content"))
        self.page.keyboard.press("Enter")

    def reach(self, role: str, name: str, *, exact: bool = True) -> None:
        """Press Tab until a control of this role and name has the focus, and can be seen to."""
        self.reach_one_of(self.page.get_by_role(role, name=name, exact=exact), f"{role} “{name}”")

    def reach_one_of(self, wanted: Locator, what: str) -> None:
        """Press Tab until one of the elements has the focus; every stop on the way shows itself."""
        wanted.first.wait_for()
        known: list[ElementHandle] = wanted.element_handles()
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            look = self.page.evaluate(LOOK)
            if look is None:
                continue
            passed.append(look["name"])
            assert look["marked"], f"nothing shows that “{look['name']}” has the focus"
            if self.page.evaluate(IS_THERE, known):
                # Pictures that come late move what stands below them.
                self.page.wait_for_function(f"() => ({LOOK})().seen")
                return
        raise AssertionError(f"Tab does not come to {what}, but to {passed}")

    def follow(self, name: str, *, role: str = "link", exact: bool = True) -> None:
        """Go through a link, or press a button that leads to another page."""
        self.reach(role, name, exact=exact)
        self.enter()

    def follow_to(self, path: str, *, exact: bool = True) -> None:
        """Go through a link that is known by where it leads."""
        end = "$" if exact else "*"
        self.reach_one_of(self.page.locator(f"[role=main] a[href{end}='{path}']"), path)
        self.enter()

    def press(self, name: str) -> None:
        """Press a button that leads to another page."""
        self.follow(name, role="button")

    def enter(self) -> None:
        """Press Enter where that leads to another page, and wait for that."""
        self.page.evaluate("window.before = true")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("!window.before && document.readyState === 'complete'")

    def menu(self, name: str, *, under: str = "") -> None:
        """Go to a part of the portal by the menu, which is folded on phones."""
        button = self.page.get_by_role("button", name=self.says("Toggle navigation"))
        if button.is_visible():
            self.reach_one_of(button, "the menu's button")
            self.page.keyboard.press("Enter")
        if under:
            self.unfold(self.says(under))
        links = self.page.get_by_role("navigation").get_by_role("link")
        self.reach_one_of(
            links.get_by_text(self.says(name), exact=True).or_(
                links.filter(has_text=re.compile(f"^{re.escape(self.says(name))}$"))
            ),
            name,
        )
        self.enter()

    def unfold(self, name: str) -> None:
        """Open what is folded under a summary, if it is folded."""
        summary = self.page.locator("summary:visible", has_text=name)
        self.reach_one_of(summary, f"summary “{name}”")
        if not self.page.evaluate("document.activeElement.parentElement.open"):
            self.page.keyboard.press("Enter")

    def copy(self, button: str) -> str:
        """Press a button that copies, and return what it has copied."""
        self.reach("button", button)
        self.page.keyboard.press("Enter")
        self.reads(self.says("Copied"))
        return self.page.evaluate("navigator.clipboard.readText()")

    def write(self, label: str, text: str, *, role: str = "textbox") -> None:
        """Go to a field and type."""
        self.reach(role, label)
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """Go to a list of choices and press the arrow until one is chosen."""
        self.reach("combobox", label)
        chosen = "document.activeElement.selectedOptions[0].label.trim()"
        self.page.keyboard.press("Home")
        for _ in range(200):
            if self.page.evaluate(chosen) == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{label}” does not offer “{option}”")

    def give(self, label: str, file: Path) -> None:
        """Choose a file of one's own."""
        self.reach_one_of(self.page.get_by_label(label, exact=True), f"field “{label}”")
        for _ in range(5):  # Chromium opens no dialog on a page that it has not painted yet
            try:
                with self.page.expect_file_chooser(timeout=3_000) as asked:
                    self.page.keyboard.press("Enter")
            except NothingCameError:
                continue
            asked.value.set_files(file)
            return
        raise AssertionError(f"Enter opens no dialog at “{label}”")

    def save(self, name: str) -> bytes:
        """Follow a link to a file and return what is saved."""
        self.reach("link", name)
        with self.page.expect_download() as saved:
            self.page.keyboard.press("Enter")
        return saved.value.path().read_bytes()

    def arrives(self, heading: str) -> None:
        """Wait for a page that loads itself again until a job is done, and says so in a heading."""
        self.page.get_by_role("heading", name=heading, exact=True).wait_for()
        self.page.wait_for_load_state()

    def reads(self, text: str) -> None:
        """Wait until the page says something."""
        self.page.get_by_text(text).filter(visible=True).first.wait_for()


@cache
def _thai() -> list[gettext.GNUTranslations]:
    room = files("ckanext.learningcity")
    ours = room / "i18n/th/LC_MESSAGES/ckanext-learningcity.mo"
    core = files(core_thai) / "i18n/th/LC_MESSAGES/ckanext-learningcity_thai.mo"
    stock = files("ckan") / "i18n/th/LC_MESSAGES/ckan.mo"
    catalogues = []
    for file in (ours, core, stock):
        with Path(str(file)).open("rb") as opened:
            catalogues.append(gettext.GNUTranslations(opened))
    return catalogues
