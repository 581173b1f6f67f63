"""How to cite research: as a line of text, BibTeX and RIS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.learningcity.tables.periods import BUDDHIST_OFFSET

from .citations import latex, one_line
from .languages import Texts, both, filled

_NO_DATE = {"en": "n.d.", "th": "ม.ป.ป."}


@dataclass(frozen=True)
class Work:
    """A piece of research as a reference; `year` is empty where it is not known."""

    key: str
    authors: tuple[str, ...]
    title: Texts
    year: str
    publisher: Texts
    doi: str
    address: str

    @property
    def where(self) -> str:
        """Return the address that lasts: that of the DOI, else the page's own."""
        return f"https://doi.org/{self.doi}" if self.doi else self.address

    def line(self, language: str) -> str:
        """Return the reference as a line of text in `language`, `th` or `en`."""
        year = self.year or _NO_DATE[language]
        if self.year and language == "th" and tk.config["ckanext.learningcity.buddhist_era"]:
            year = str(int(self.year) + BUDDHIST_OFFSET)
        authors = ", ".join(self.authors)
        parts = (f"{authors} ({year})", self.title[language], self.publisher[language], self.where)
        return one_line(". ".join(filter(None, parts)))


def work(package: Mapping[str, Any]) -> Work:
    """Return research as a reference; its organization stands in for authors not named."""
    organization = package.get("organization") or {}
    authors = package.get("authors") or [organization.get("title") or ""]
    publisher = package.get("publisher_translated") or {}
    portal = both(tk.h.learningcity_site_title)
    return Work(
        key=package["name"],
        authors=tuple(filter(None, authors)),
        title=filled(package.get("title_translated") or {}, package["title"]),
        year=(package.get("publication_date") or "")[:4],
        publisher=filled(publisher, "") if publisher else portal,
        doi=package.get("doi") or "",
        address=tk.h.url_for("research.read", id=package["name"], locale="default", _external=True),
    )


def bibtex(cited: Work) -> str:
    """Return the reference for LaTeX; `@misc` is known to every style."""
    fields = {
        "author": " and ".join(f"{{{latex(author)}}}" for author in cited.authors),
        "title": f"{{{latex(cited.title['en'])}}}",
        "year": cited.year,
        "publisher": latex(cited.publisher["en"]),
        "doi": latex(cited.doi),
        "url": cited.where,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{cited.key},", *lines, "}", ""])


def ris(cited: Work) -> str:
    """Return the reference for reference managers."""
    fields = (
        ("TY", "RPRT"),
        *(("AU", author) for author in cited.authors),
        ("TI", cited.title["en"]),
        ("PY", cited.year),
        ("PB", cited.publisher["en"]),
        ("DO", cited.doi),
        ("UR", cited.where),
        ("ER", ""),
    )
    return "".join(
        f"{tag}  - {one_line(value)}\r\n" for tag, value in fields if value or tag == "ER"
    )
