"""Text of a page that is in the other language than the page, and not marked so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag

THAI = re.compile("[\u0e01-\u0e5b]")
#: A word of English: two letters or more, of which one is small. Codes are in capitals.
WORD = re.compile(r"(?<![\w/.@#&=_-])[A-Za-z]*[a-z][A-Za-z]+(?![\w@_-]|\.\w|/)")
#: Elements whose text is no language.
SPEECHLESS = (
    *("script", "style", "code", "pre", "kbd", "samp", "template", "noscript"),
    "textarea",  # what somebody has typed
)
SLUG = re.compile("[a-z0-9_-]+")  # what core writes for the picture of an organization
#: Elements that may stand inside a sentence.
INLINE = ("a", "b", "em", "i", "small", "span", "strong")
#: Addresses, what is quoted, and the names of eras, which an English text has from Thai.
NO_WORDS = re.compile(r"\w+://\S*|“[^”]*”|[คพ]\.ศ\.")
#: Elements that hold nothing but text.
UNMARKED = ("title", "option")
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
#: Names that are written the same in Thai.
NAMES = frozenset(
    [
        *("BibTeX", "CKAN", "Ctrl", "Excel", "Facebook", "GeoJSON", "Linux", "Parquet"),
        *("PowerShell", "Python", "TopoJSON", "Windows", "admin", "ckan", "ckanapi", "curl"),
        *("en", "learningcity", "macOS", "org", "th"),
    ]
)
#: Where names stand: licences have English ones, and the formats those of the GD-Catalog.
OF_NAMES = (
    *("[name=license_id] option", "[name=license_id] + .select2 *"),
    *("[for^=field-data_format]", "[name=spatial]"),
)
#: What somebody has typed, and the address that a page will have of it.
TYPED = ("[data-module-tags] option", "[data-module-tags] + .select2 *", ".slug-preview *")


def foreign(page: BeautifulSoup, language: str) -> Iterator[str]:
    """Yield each text of `page` that readers of `language` would stumble over.

    A Thai sentence may have a name in Latin letters inside; an English page marks Thai with `lang`.
    What people wrote in both languages at once, "English / ไทย", serves both. Nothing can be marked
    in an attribute or in the page's title, so what stands marked on the page may stand there too.
    """
    written = _written(page, language)
    names = {id(element) for element in page.select(", ".join((*OF_NAMES, *TYPED)))}
    for text, element in _texts(page, written):
        if _spoken(element) != language or _both(text) or id(element) in names:
            continue
        said = NO_WORDS.sub("", text)
        thai = bool(THAI.search(said))
        if language == "en" and thai:
            yield text
        if (
            language == "th"
            and not THAI.search(text)
            and _words(said)
            and not _in_thai_sentence(element)
        ):
            yield text


def _words(text: str) -> set[str]:
    return set(WORD.findall(text)) - NAMES


def _both(text: str) -> bool:
    parts = text.split(" / ")
    thai = [part for part in parts if THAI.search(part)]
    return len(parts) == 2 and len(thai) == 1 and any(_words(part) for part in parts)


def _in_thai_sentence(element: Tag) -> bool:
    around = element.parent.find_all(string=True, recursive=False) if element.parent else ()
    return element.name in INLINE and any(THAI.search(text) for text in around)


def _texts(page: BeautifulSoup, written: list[str]) -> Iterator[tuple[str, Tag]]:
    for element in page.find_all(True):
        if any(parent.name in SPEECHLESS for parent in (element, *element.parents)):
            continue
        for child in element.children:
            plain = isinstance(child, NavigableString) and not isinstance(child, Comment | Doctype)
            if plain and child.strip():
                text = " ".join(child.split())
                yield (_without(text, written) if element.name in UNMARKED else text), element
        for name in ATTRIBUTES:
            if element.get(name) and not (name == "alt" and SLUG.fullmatch(str(element[name]))):
                yield _without(str(element[name]), written), element


def _written(page: BeautifulSoup, language: str) -> list[str]:
    """Return the texts that are marked as in another language or in an unknown one."""
    marked = page.select(f"[lang]:not([lang={language}]), [translate=no]")
    texts = {" ".join(element.get_text().split()) for element in marked}
    return sorted(filter(None, texts), key=len, reverse=True)


def _without(text: str, written: list[str]) -> str:
    for one in written:
        text = text.replace(one, "")
    return text


def _spoken(element: Tag) -> str:
    """Return the language that the nearest `lang` names."""
    for one in (element, *element.parents):
        if one.get("translate") == "no":
            return ""
        if one.has_attr("lang"):  # empty: nobody knows, as of what a person wrote
            return str(one["lang"])[:2]
    return ""
